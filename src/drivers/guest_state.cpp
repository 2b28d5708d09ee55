#include "drivers/guest_state.h"

#include "drivers/guest_paths.h"

#include <vector>

namespace exhyperv::drivers {

namespace {
constexpr std::size_t kMaxTreeEntries = 500'000;
constexpr int kMaxBackups = 100;
} // namespace

Result<> GuestState::require_plain_directory(const std::string& directory) {
    if (plain_.contains(directory) || missing_.contains(directory)) return {};
    if (const auto parent = std::string(parent_path(directory)); !parent.empty()) {
        TRY(require_plain_directory(parent));
        if (missing_.contains(parent)) {
            missing_.insert(directory);
            return {};
        }
    }
    TRY_ASSIGN(const auto info, volume_.stat(directory));
    if (!info) {
        missing_.insert(directory);
    } else if (!info->directory || info->reparse_tag != 0) {
        return fail("drivers.unsafe_guest_path", {{"path", directory}});
    } else {
        plain_.insert(directory);
    }
    return {};
}

Result<bool> GuestState::exists(const std::string& path) {
    if (plain_.contains(path)) return true;
    if (missing_.contains(path)) return false;
    TRY_ASSIGN(const auto info, volume_.stat(path));
    return info.has_value();
}

Result<GuestTree> GuestState::tree(const std::string& directory) {
    GuestTree out;
    TRY(require_plain_directory(directory));
    if (missing_.contains(directory)) return out;
    std::vector<std::string> open = {""};
    while (!open.empty()) {
        const auto relative = std::move(open.back());
        open.pop_back();
        TRY(context_.check("listing the guest's driver store"));
        TRY_ASSIGN(auto entries, volume_.list(join_path(directory, relative)));
        for (auto& entry : entries) {
            auto path = relative.empty() ? entry.name : relative + "\\" + entry.name;
            if (out.size() >= kMaxTreeEntries || path.size() > 4096)
                return fail("drivers.unsafe_guest_path", {{"path", directory}}, "too many files");
            if (entry.directory && entry.reparse_tag == 0) open.push_back(path);
            out.insert_or_assign(std::move(path), std::move(entry));
        }
    }
    return out;
}

Result<std::string> GuestState::free_backup_name(const std::string& path) {
    const auto base = std::string(leaf_name(path)) + std::string(kBackupSuffix);
    for (int i = 1; i <= kMaxBackups; ++i) {
        auto name = i == 1 ? base : base + "-" + std::to_string(i);
        TRY_ASSIGN(const auto info, volume_.stat(join_path(parent_path(path), name)));
        if (!info) return name;
    }
    return fail("drivers.unsafe_guest_path", {{"path", path}}, "too many backups beside it");
}

} // namespace exhyperv::drivers
