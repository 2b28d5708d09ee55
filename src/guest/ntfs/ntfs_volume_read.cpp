#include "guest/ntfs/ntfs_volume.h"

#include "guest/ntfs/reparse_data.h"
#include "guest/ntfs/security_descriptor.h"
#include "guest/ntfs/volume_path.h"
#include "support/utf.h"

#include <cerrno>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kReadPiece = 1u << 20;
constexpr std::size_t kMaxReparseData = 16384 + 8, kMaxDescriptor = 65536;
constexpr std::size_t kMaxCachedDirectories = 8192;
constexpr std::size_t kMaxEntries = 4'000'000; ///< of one directory
constexpr std::uint32_t kEncrypted = 0x4000;

std::string stored_text(const std::uint16_t* name, std::size_t length) {
    return to_utf8(std::u16string(name, name + length));
}

const char* special_kind(std::uint32_t tag) {
    switch (tag) {
    case kTagWof:
        return "CompactOS";
    case kTagDedup:
        return "deduplication";
    case kTagSymlink:
        return "symbolic link";
    case kTagJunction:
        return "junction";
    default:
        return "reparse point";
    }
}

} // namespace

/// The MFT reference of a directory; `guest.not_found` when it or one above is missing.
Result<std::uint64_t> NtfsVolume::find_directory(const Components& path, const std::string& whole) {
    if (!mounted_) return fail("guest.closed");
    auto key = path_key(path);
    if (auto known = directories_.find(key); known != directories_.end()) return known->second;
    std::uint64_t at = EXH_ROOT;
    for (const auto& component : path) {
        auto name = shim_name(component);
        std::uint64_t next = 0;
        if (int number = exh_lookup(volume(), at, name.data(), name.size(), &next))
            return fail(device_.error(number, whole));
        at = next;
    }
    exh_info file{};
    if (int number = exh_stat(volume(), at, &file)) return fail(device_.error(number, whole));
    if (!file.directory) return fail("guest.not_a_directory", {{"path", whole}});
    // The data of a link's target is elsewhere; what is written "below" a link would be lost to Windows.
    if (file.reparse_tag != 0)
        return fail("guest.special_file", {{"path", whole}, {"kind", special_kind(file.reparse_tag)}});
    if (directories_.size() >= kMaxCachedDirectories) directories_.clear();
    directories_.emplace(std::move(key), at);
    return at;
}

Result<NtfsVolume::Found> NtfsVolume::find(const std::string& path) {
    if (!mounted_) return fail("guest.closed");
    Found out;
    TRY_ASSIGN(out.path, split_volume_path(path));
    if (out.path.empty()) {
        out.reference = EXH_ROOT;
        return out;
    }
    out.name = out.path.back();
    auto parent = find_directory({out.path.begin(), out.path.end() - 1}, path);
    if (!parent) {
        if (parent.error().code == "guest.not_found" || parent.error().code == "guest.not_a_directory") return out;
        return tl::unexpected(std::move(parent).error());
    }
    out.parent = *parent;
    auto name = shim_name(out.name);
    int number = exh_lookup(volume(), out.parent, name.data(), name.size(), &out.reference);
    if (number == ENOENT) {
        out.reference = 0;
        return out;
    }
    if (number != 0) return fail(device_.error(number, path));
    return out;
}

Result<NtfsVolume::Found> NtfsVolume::find_existing(const std::string& path) {
    TRY_ASSIGN(auto found, find(path));
    if (found.reference == 0) return fail("guest.not_found", {{"path", path}});
    return found;
}

Result<FileInfo> NtfsVolume::info(std::uint64_t reference, std::uint64_t parent, const std::string& name,
                                  bool name_is_stored) {
    exh_info file{};
    if (int number = exh_stat(volume(), reference, &file)) return fail(device_.error(number, name));
    FileInfo out;
    out.name = name;
    if (!name_is_stored && parent != 0) {
        std::uint16_t stored[255];
        std::size_t length = 0;
        auto given = shim_name(name);
        if (int number = exh_stored_name(volume(), reference, parent, given.data(), given.size(), stored, &length))
            return fail(device_.error(number, name));
        out.name = stored_text(stored, length);
    }
    out.directory = file.directory != 0;
    out.size = file.size;
    out.attributes = file.attributes;
    out.modified = file.modified;
    out.reparse_tag = file.reparse_tag;
    if (file.reparse_tag == kTagSymlink || file.reparse_tag == kTagJunction) {
        std::vector<std::byte> data(kMaxReparseData);
        std::size_t length = 0;
        if (int number = exh_get_reparse(volume(), reference, data.data(), data.size(), &length))
            return fail(device_.error(number, name));
        out.link_target = link_target_of(std::span(data).first(length));
    }
    return out;
}

Result<std::optional<FileInfo>> NtfsVolume::stat(const std::string& path) {
    TRY_ASSIGN(auto found, find(path));
    if (found.reference == 0) return std::nullopt;
    TRY_ASSIGN(auto out, info(found.reference, found.parent, found.name, false));
    return out;
}

Result<std::vector<FileInfo>> NtfsVolume::list(const std::string& directory) {
    TRY_ASSIGN(auto path, split_volume_path(directory));
    TRY_ASSIGN(auto reference, find_directory(path, directory));
    struct Entry {
        std::uint64_t reference;
        std::string name;
    };
    std::vector<Entry> entries;
    // Names first: the library must not have a directory open while its files are looked at, for one may be the other.
    auto collect = [](void* context, std::uint64_t file, const std::uint16_t* name, std::size_t length) {
        auto& all = *static_cast<std::vector<Entry>*>(context);
        if (all.size() >= kMaxEntries) return EFBIG;
        all.push_back({file, stored_text(name, length)});
        return 0;
    };
    if (int number = exh_list(volume(), reference, collect, &entries)) return fail(device_.error(number, directory));
    std::vector<FileInfo> out;
    out.reserve(entries.size());
    for (const auto& entry : entries) {
        TRY_ASSIGN(auto file, info(entry.reference, reference, entry.name, true));
        out.push_back(std::move(file));
    }
    return out;
}

/// A reparse point's own data stream is not what Windows shows: WOF and dedup files would read as zeroes.
Result<> NtfsVolume::check_readable(const FileInfo& file, const std::string& path) {
    if (file.directory) return fail("guest.is_a_directory", {{"path", path}});
    if ((file.attributes & kReparsePoint) != 0 || file.reparse_tag != 0)
        return fail("guest.special_file", {{"path", path}, {"kind", special_kind(file.reparse_tag)}});
    if ((file.attributes & kEncrypted) != 0) return fail("guest.special_file", {{"path", path}, {"kind", "EFS"}});
    return {};
}

Result<> NtfsVolume::read_file(const std::string& path,
                               const std::function<Result<>(std::span<const std::byte>)>& sink) {
    TRY_ASSIGN(auto found, find_existing(path));
    TRY_ASSIGN(auto file, info(found.reference, found.parent, found.name, true));
    TRY(check_readable(file, path));
    if (writer_) TRY(writer_->flush());
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(kReadPiece, file.size)));
    for (std::uint64_t at = 0; at < file.size;) {
        std::size_t got = 0;
        if (int number = exh_read(volume(), found.reference, at, piece.data(), piece.size(), &got))
            return fail(device_.error(number, path));
        if (got == 0) return fail("guest.io", {{"path", path}}, "file ended early");
        TRY(sink(std::span(piece).first(got)));
        at += got;
    }
    return {};
}

Result<std::vector<std::byte>> NtfsVolume::read_file(const std::string& path, std::uint64_t limit) {
    TRY_ASSIGN(auto found, find_existing(path));
    TRY_ASSIGN(auto file, info(found.reference, found.parent, found.name, true));
    TRY(check_readable(file, path));
    if (file.size > limit)
        return fail("guest.too_large",
                    {{"path", path}, {"size", std::to_string(file.size)}, {"limit", std::to_string(limit)}});
    if (writer_) TRY(writer_->flush());
    std::vector<std::byte> out(static_cast<std::size_t>(file.size));
    std::size_t got = 0;
    if (!out.empty())
        if (int number = exh_read(volume(), found.reference, 0, out.data(), out.size(), &got))
            return fail(device_.error(number, path));
    if (got != out.size()) return fail("guest.io", {{"path", path}}, "file ended early");
    return out;
}

Result<std::vector<std::byte>> NtfsVolume::security(const std::string& path) {
    TRY_ASSIGN(auto found, find_existing(path));
    std::vector<std::byte> out(kMaxDescriptor);
    std::size_t length = 0;
    if (int number = exh_get_security(volume(), found.reference, out.data(), out.size(), &length))
        return fail(device_.error(number, path));
    out.resize(length);
    return out;
}

Result<> NtfsVolume::set_security(const std::string& path, std::string_view sddl) {
    TRY(writable());
    TRY_ASSIGN(auto descriptor, security_descriptor(sddl));
    TRY_ASSIGN(auto found, find_existing(path));
    before_change();
    return changed(exh_set_security(volume(), found.reference, descriptor.data(), descriptor.size()), path);
}

} // namespace exhyperv::guest
