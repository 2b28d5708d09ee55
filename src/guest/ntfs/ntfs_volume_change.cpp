#include "guest/ntfs/ntfs_volume.h"

#include "guest/ntfs/reparse_data.h"
#include "guest/ntfs/volume_path.h"
#include "support/strings.h"

#include <algorithm>
#include <cerrno>

namespace exhyperv::guest {
namespace {
constexpr std::size_t kMaxTreeDepth = 256;
}

Result<> NtfsVolume::make_link(const std::string& path, const std::vector<std::byte>& reparse_data, bool directory) {
    TRY_ASSIGN(auto found, find_new(path));
    auto name = shim_name(found.name);
    exh_new_file request{};
    request.name = name.data();
    request.name_length = name.size();
    request.directory = directory ? 1 : 0;
    std::uint64_t reference = 0;
    before_change();
    TRY(changed(exh_create(volume(), found.parent, &request, &reference), path));
    return changed(exh_set_reparse(volume(), reference, reparse_data.data(), reparse_data.size()), path);
}

Result<> NtfsVolume::make_symlink(const std::string& path, const std::string& target, bool directory) {
    if (target.empty() || target.size() > 4096)
        return fail("guest.bad_name", {{"path", target}, {"reason", "link target"}});
    return make_link(path, symlink_data(target), directory);
}

Result<> NtfsVolume::make_junction(const std::string& path, const std::string& target) {
    if (target.size() < 3 || target.size() > 4096 || target[1] != ':')
        return fail("guest.bad_name", {{"path", target}, {"reason", "a junction leads to an absolute path"}});
    return make_link(path, junction_data(target), true);
}

Result<> NtfsVolume::rename(const std::string& from, const std::string& to) {
    TRY(need_metadata_room());
    TRY_ASSIGN(auto source, find_existing(from));
    TRY_ASSIGN(auto target, find(to));
    if (source.parent == 0) return fail("guest.bad_name", {{"path", from}, {"reason", "the root"}});
    if (target.path.empty()) return fail("guest.exists", {{"path", to}});
    TRY(check_new_name(target.name));
    // A directory cannot become a part of itself; the first components decide, without regard to case.
    if (target.path.size() > source.path.size() &&
        std::equal(source.path.begin(), source.path.end(), target.path.begin(),
                   [](const auto& a, const auto& b) { return iequals(a, b); }))
        return fail("guest.bad_name", {{"path", to}, {"reason", "inside itself"}});
    if (target.parent == 0) {
        TRY_ASSIGN(target.parent, find_directory({target.path.begin(), target.path.end() - 1}, to));
    }

    TRY_ASSIGN(auto described, info(source.reference, source.parent, source.name, false));
    auto old_name = shim_name(described.name), new_name = shim_name(target.name);
    auto move = [&](std::uint64_t directory, const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
        before_change();
        return changed(
            exh_rename(volume(), source.reference, source.parent, a.data(), a.size(), directory, b.data(), b.size()),
            from);
    };
    forget_directories();
    if (target.reference != 0) {
        if (target.reference != source.reference || target.parent != source.parent)
            return fail("guest.exists", {{"path", to}});
        if (old_name == new_name) return {};
        // Only the case of the letters changes: the index finds both names equal, so the way leads over a third one.
        auto between = shim_name("~exhyperv-" + std::to_string(source.reference & 0xffffffffffffull) + ".tmp");
        TRY(move(source.parent, old_name, between));
        return move(source.parent, between, new_name);
    }
    return move(target.parent, old_name, new_name);
}

Result<> NtfsVolume::remove_found(const Found& found, const std::string& path) {
    if (found.parent == 0) return fail("guest.bad_name", {{"path", path}, {"reason", "the root"}});
    auto name = shim_name(found.name);
    forget_directories();
    before_change();
    int number = exh_remove(volume(), found.parent, name.data(), name.size());
    if (number == ENOTEMPTY && !device_.failed())
        return fail("guest.directory_not_empty", {{"path", path}}); // checked before any change
    return changed(number, path);
}

Result<> NtfsVolume::remove(const std::string& path) {
    TRY(writable());
    if (broken_) return fail("guest.change_incomplete");
    TRY_ASSIGN(auto found, find_existing(path));
    return remove_found(found, path);
}

/// Depth first, without recursion; links are removed, not followed.
Result<> NtfsVolume::remove_tree(const std::string& path) {
    TRY(writable());
    if (broken_) return fail("guest.change_incomplete");
    TRY_ASSIGN(auto top, find_existing(path));
    TRY_ASSIGN(auto self, info(top.reference, top.parent, top.name, true));
    if (top.parent == 0) return fail("guest.bad_name", {{"path", path}, {"reason", "the root"}});
    if (!self.directory || self.reparse_tag != 0) return remove_found(top, path);

    struct Open {
        std::string path;
        std::vector<std::string> below; ///< directories that are still to be removed
    };
    std::vector<Open> open{{path, {}}};
    TRY(remove_files(path, open.back().below));
    while (!open.empty()) {
        if (!open.back().below.empty()) {
            if (open.size() >= kMaxTreeDepth)
                return fail("guest.bad_name", {{"path", open.back().path}, {"reason", "too deep"}});
            auto child = open.back().path + "\\" + open.back().below.back();
            open.back().below.pop_back();
            open.push_back({child, {}});
            TRY(remove_files(child, open.back().below));
            continue;
        }
        TRY_ASSIGN(auto empty, find_existing(open.back().path));
        TRY(remove_found(empty, open.back().path));
        open.pop_back();
    }
    return {};
}

/// Removes what is not a directory; names the directories that are left.
Result<> NtfsVolume::remove_files(const std::string& directory, std::vector<std::string>& directories) {
    TRY_ASSIGN(auto entries, list(directory));
    TRY_ASSIGN(auto components, split_volume_path(directory));
    TRY_ASSIGN(auto reference, find_directory(components, directory));
    for (auto& entry : entries) {
        if (entry.directory && entry.reparse_tag == 0) {
            directories.push_back(std::move(entry.name));
            continue;
        }
        auto name = shim_name(entry.name);
        before_change();
        TRY(changed(exh_remove(volume(), reference, name.data(), name.size()), directory + "\\" + entry.name));
    }
    return {};
}

} // namespace exhyperv::guest
