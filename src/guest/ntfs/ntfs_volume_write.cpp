#include "guest/ntfs/ntfs_volume.h"

#include "guest/ntfs/volume_path.h"

#include <algorithm>
#include <cerrno>
#include <numeric>

namespace exhyperv::guest {
namespace {

/// What fits an MFT record of 1 KiB beside the other attributes; the name stands in it too.
constexpr std::uint64_t kResidentBudget = 640;
/// Left for directory indexes, MFT records and descriptors: running out in the middle of those cannot be undone one by
/// one.
constexpr std::uint64_t kMetadataClusters = 256;
constexpr std::uint32_t kSettable = 0xa127; ///< read-only, hidden, system, archive, temporary, not indexed, integrity

} // namespace

/// The library's own allocations (directory indexes) follow the data instead of leaving 16 MiB free each time.
void NtfsVolume::before_change() {
    exh_set_allocation_hint(volume(), allocator_->cursor());
}

Result<> NtfsVolume::changed(int number, const std::string& path) {
    if (number == 0 && !device_.failed()) return {};
    broken_ = true;
    return fail(device_.error(number != 0 ? number : EIO, path));
}

Result<> NtfsVolume::need_metadata_room() {
    TRY(writable());
    if (broken_) return fail("guest.change_incomplete");
    TRY_ASSIGN(auto free, allocator_->available(volume()));
    if (free >= kMetadataClusters) return {};
    return fail("guest.no_space", {{"needed", std::to_string(kMetadataClusters * geometry_.cluster_size)},
                                   {"free", std::to_string(free * geometry_.cluster_size)}});
}

/// Where a new entry goes: its parent exists, nothing of its name does.
Result<NtfsVolume::Found> NtfsVolume::find_new(const std::string& path) {
    TRY(need_metadata_room());
    TRY_ASSIGN(auto found, find(path));
    if (found.reference != 0) return fail("guest.exists", {{"path", path}});
    TRY(check_new_name(found.name));
    if (found.parent == 0) {
        TRY_ASSIGN(found.parent, find_directory({found.path.begin(), found.path.end() - 1}, path));
    }
    return found;
}

/// Streams the source into its clusters; the rest of the last one is zeroes.
Result<> NtfsVolume::fill(const std::vector<exh_run>& runs, const std::string& path, const NewFile& file,
                          const ByteSource& source) {
    std::uint64_t left = file.size;
    for (const auto& run : runs) {
        std::uint64_t at = device_.offset() + static_cast<std::uint64_t>(run.lcn) * geometry_.cluster_size;
        std::uint64_t end = at + static_cast<std::uint64_t>(run.length) * geometry_.cluster_size;
        while (at < end) {
            TRY_ASSIGN(auto room, writer_->room(at, left > 0 ? std::min(left, end - at) : end - at));
            std::size_t got = room.size();
            if (left > 0) {
                TRY_ASSIGN(got, source(room));
                if (got == 0 || got > room.size()) return fail("guest.source_changed", {{"path", path}});
                left -= got;
            } else {
                std::fill(room.begin(), room.end(), std::byte{0});
            }
            writer_->advance(got);
            at += got;
        }
    }
    return {};
}

/// Brings a file's content to where it will be: into `small`, or onto the disk in clusters that are marked as used.
Result<NtfsVolume::Placed> NtfsVolume::place(const std::string& path, std::size_t name_units, const NewFile& file,
                                             const ByteSource& source) {
    Placed out;
    if (file.size + 2 * name_units <= kResidentBudget) {
        out.small.resize(static_cast<std::size_t>(file.size));
        for (std::size_t at = 0; at < out.small.size();) {
            TRY_ASSIGN(auto got, source(std::span(out.small).subspan(at)));
            if (got == 0 || got > out.small.size() - at) return fail("guest.source_changed", {{"path", path}});
            at += got;
        }
    } else {
        auto clusters = file.size / geometry_.cluster_size + (file.size % geometry_.cluster_size != 0 ? 1 : 0);
        TRY_ASSIGN(auto free, allocator_->available(volume()));
        if (clusters > free || free - clusters < kMetadataClusters)
            return fail("guest.no_space", {{"needed", std::to_string(file.size)},
                                           {"free", std::to_string(free * geometry_.cluster_size)}});
        TRY_ASSIGN(out.runs, allocator_->allocate(volume(), clusters));
    }
    auto filled = out.runs.empty() ? Result<>{} : fill(out.runs, path, file, source);
    if (filled) { // a source that has more than it said is another file than the one that was looked at
        std::byte extra[1];
        auto got = source(extra);
        if (!got)
            filled = tl::unexpected(std::move(got).error());
        else if (*got != 0)
            filled = fail("guest.source_changed", {{"path", path}});
    }
    if (filled) return out;
    if (auto released = allocator_->release(volume(), out.runs); !released) broken_ = true;
    return tl::unexpected(std::move(filled).error());
}

Result<std::uint64_t> NtfsVolume::create(std::uint64_t parent, const std::string& name, const std::string& path,
                                         const NewFile& file, const ByteSource& source, const exh_info* model) {
    auto units = shim_name(name);
    TRY_ASSIGN(auto placed, place(path, units.size(), file, source));
    exh_new_file request{};
    request.name = units.data();
    request.name_length = units.size();
    request.attributes = file.attributes;
    request.modified = file.modified;
    request.size = file.size;
    request.small_data = placed.small.data();
    request.runs = placed.runs.data();
    request.run_count = placed.runs.size();
    if (model != nullptr) {
        request.attributes = model->attributes;
        request.created = model->created;
        request.security_id = model->security_id;
    }
    before_change();
    std::uint64_t reference = 0;
    TRY(changed(exh_create(volume(), parent, &request, &reference), path));
    return reference;
}

Result<> NtfsVolume::write_new(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY_ASSIGN(auto found, find_new(path));
    TRY(create(found.parent, found.name, path, file, source, nullptr));
    return {};
}

/// The new content is complete under another name before the old one goes: a source that fails leaves the old file.
Result<> NtfsVolume::replace(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY(need_metadata_room());
    TRY_ASSIGN(auto found, find_existing(path));
    exh_info old{};
    if (int number = exh_stat(volume(), found.reference, &old)) return fail(device_.error(number, path));
    if (old.directory) return fail("guest.is_a_directory", {{"path", path}});
    TRY_ASSIGN(auto described, info(found.reference, found.parent, found.name, false));
    std::vector<std::byte> descriptor;
    if (old.security_id == 0) { // a descriptor of its own, not one of the volume's shared ones
        auto own = security(path);
        if (own) descriptor = std::move(*own);
    }

    auto temporary = "~exhyperv-" + std::to_string(found.reference & 0xffffffffffffull) + ".tmp";
    TRY_ASSIGN(auto fresh, create(found.parent, temporary, path, file, source, &old));
    if (!descriptor.empty())
        TRY(changed(exh_set_security(volume(), fresh, descriptor.data(), descriptor.size()), path));
    auto old_name = shim_name(described.name), temporary_name = shim_name(temporary);
    before_change();
    TRY(changed(exh_remove(volume(), found.parent, old_name.data(), old_name.size()), path));
    return changed(exh_rename(volume(), fresh, found.parent, temporary_name.data(), temporary_name.size(), found.parent,
                              old_name.data(), old_name.size()),
                   path);
}

Result<> NtfsVolume::make_directories(const std::string& path) {
    TRY(need_metadata_room());
    TRY_ASSIGN(auto components, split_volume_path(path));
    Components at;
    for (const auto& component : components) {
        TRY_ASSIGN(auto parent, find_directory(at, path));
        at.push_back(component);
        auto name = shim_name(component);
        std::uint64_t existing = 0;
        int number = exh_lookup(volume(), parent, name.data(), name.size(), &existing);
        if (number == ENOENT) {
            TRY(check_new_name(component));
            exh_new_file request{};
            request.name = name.data();
            request.name_length = name.size();
            request.directory = 1;
            before_change();
            TRY(changed(exh_create(volume(), parent, &request, &existing), path));
        } else if (number != 0) {
            return fail(device_.error(number, path));
        }
    }
    TRY(find_directory(components, path)); // something of that name may be a file
    return {};
}

Result<> NtfsVolume::set_attributes(const std::string& path, std::uint32_t attributes) {
    TRY(writable());
    TRY_ASSIGN(auto found, find_existing(path));
    before_change();
    return changed(exh_set_basic(volume(), found.reference, kSettable, attributes, 0), path);
}

Result<> NtfsVolume::set_modified(const std::string& path, std::uint64_t filetime) {
    TRY(writable());
    TRY_ASSIGN(auto found, find_existing(path));
    before_change();
    return changed(exh_set_basic(volume(), found.reference, 0, 0, filetime), path);
}

} // namespace exhyperv::guest
