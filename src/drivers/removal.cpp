#include "drivers/removal.h"

#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "drivers/vendor_table.h"
#include "support/strings.h"

#include <algorithm>
#include <map>

namespace exhyperv::drivers {

namespace {

constexpr std::uint32_t kSymlinkTag = 0xA000000C, kJunctionTag = 0xA0000003;

bool is_link(const guest::FileInfo& info) {
    return info.reparse_tag == kSymlinkTag || info.reparse_tag == kJunctionTag;
}

bool table_has_target(std::string_view path) {
    for (const auto& vendor : builtin_vendor_table().vendors)
        for (const auto& group : vendor.groups)
            for (const auto& file : group.files)
                for (const auto& target : file.targets)
                    if (iequals(join_path(group.directory, target), path)) return true;
    return false;
}

bool manifest_has_link(const Manifest* manifest, std::string_view path) {
    return manifest != nullptr &&
           std::ranges::any_of(manifest->links, [&](const auto& link) { return iequals(link.path, path); });
}

} // namespace

Result<> Remover::restore_backup(const std::string& path, const std::string& backup) {
    if (backup.empty()) return {};
    const auto aside = join_path(parent_path(path), backup);
    TRY_ASSIGN(const auto there, volume_.stat(aside));
    if (!there) {
        warnings.push_back({"drivers.warn.backup_gone", {{"path", path}, {"backup", backup}}});
        return {};
    }
    TRY(volume_.rename(aside, path));
    ++files_restored;
    return {};
}

Result<> Remover::file(const std::string& folder, const ManifestFile& file) {
    if (file.found) return {};
    const auto path = join_path(package_root(layout_of(volume_.kind()), folder), file.path);
    TRY_ASSIGN(const auto info, volume_.stat(path));
    if (info) {
        if (info->directory) {
            warnings.push_back({"drivers.warn.left_changed", {{"path", path}}});
            return {};
        }
        TRY(volume_.remove(path));
        ++files_removed;
        bytes_freed += info->size;
    }
    return restore_backup(path, file.backup);
}

Result<> Remover::package(const ManifestPackage& package, const ProgressSink& progress, std::uint64_t& done,
                          std::uint64_t total) {
    for (const auto& entry : package.files) {
        TRY(file(package.folder, entry));
        done += entry.size;
        if (progress) progress({done, total, entry.path});
    }
    return {};
}

Result<> Remover::link(const ManifestLink& link, const Manifest* trusted, bool extras_confirmed) {
    TRY_ASSIGN(const auto info, volume_.stat(link.path));
    if (info) {
        const auto known = [&] {
            return (link.extra ? extras_confirmed : table_has_target(link.path)) ||
                   manifest_has_link(trusted, link.path);
        };
        const bool ours =
            link.copy ? !info->directory && info->reparse_tag == 0 && info->size == link.size &&
                            info->modified == link.modified && known()
                      : is_link(*info) && leads_into_store(layout_of(volume_.kind()), link.path, info->link_target);
        if (!ours) {
            warnings.push_back({"drivers.warn.left_changed", {{"path", link.path}}});
            return {};
        }
        TRY(volume_.remove(link.path));
        ++links_removed;
    }
    return restore_backup(link.path, link.backup);
}

Result<std::vector<std::string>> Remover::directories(const std::vector<std::string>& created) {
    // Longest path first: children go before their parents whatever the order in the manifest.
    auto order = created;
    std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.size() > b.size(); });
    std::vector<std::string> left;
    for (const auto& path : order) {
        TRY_ASSIGN(const auto info, volume_.stat(path));
        if (!info) continue;
        if (!info->directory || info->reparse_tag != 0) {
            warnings.push_back({"drivers.warn.left_changed", {{"path", path}}});
            continue;
        }
        TRY_ASSIGN(const auto entries, volume_.list(path));
        if (entries.empty()) {
            TRY(volume_.remove(path));
        } else {
            left.push_back(path);
        }
    }
    std::ranges::reverse(left);
    return left;
}

} // namespace exhyperv::drivers
