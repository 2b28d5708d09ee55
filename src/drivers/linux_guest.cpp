#include "drivers/linux_guest.h"

#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>
#include <set>

namespace exhyperv::drivers {

namespace {

constexpr std::string_view kLxssInGuest = "Windows\\System32\\lxss\\lib"; ///< as the vendor tables name it
constexpr std::size_t kMaxLibraries = 1000;
/// Without these no other library reaches the card.
constexpr std::string_view kNeeded[] = {"libdxcore.so", "libd3d12.so", "libd3d12core.so"};

/// The promotions that are for Linux, at their place there; a file that stands in the way is put aside.
void keep_linux_promotions(ResolvedDrivers& drivers) {
    std::erase_if(drivers.promotions,
                  [](const Promotion& promotion) { return !is_inside(promotion.target, kLxssInGuest); });
    for (auto& promotion : drivers.promotions) {
        promotion.target = join_path(kLinuxLibraries, promotion.target.substr(kLxssInGuest.size() + 1));
        promotion.mode = PromotionMode::overwrite;
        promotion.architectures.clear();
        promotion.needs_directory = false;
    }
    // What the vendor's table wants elsewhere and did not find is of no use here.
    std::erase_if(drivers.warnings, [](const Message& warning) {
        return warning.key == "drivers.warn.promotion_missing" &&
               std::ranges::none_of(warning.args, [](const auto& argument) {
                   return argument.first == "directory" && iequals(argument.second, kLxssInGuest);
               });
    });
}

} // namespace

Result<ResolvedDrivers> fit_to_guest(ResolvedDrivers drivers, guest::VolumeKind kind, host::HostFiles& files,
                                     const CallContext& context) {
    if (kind != guest::VolumeKind::ext4) return drivers;
    drivers.service.reset();
    drivers.runtime.reset();
    drivers.runtime_rule = RuntimeRegistry::none;
    keep_linux_promotions(drivers);
    for (auto& package : drivers.packages)
        for (auto& file : package.files)
            file.essential = false; // kernel drivers of Windows

    DriverPackage libraries;
    libraries.directory = kHostLibraries;
    libraries.folder = kLibraryFolder;
    TRY_ASSIGN(const bool there, files.exists(libraries.directory, context));
    if (there) {
        std::set<std::string, ILess> promoted;
        for (const auto& promotion : drivers.promotions)
            promoted.insert(std::string(leaf_name(promotion.target)));
        TRY_ASSIGN(const auto entries, files.list(libraries.directory, kMaxLibraries, context));
        for (const auto& entry : entries)
            if (!entry.directory && is_safe_name(entry.path) && !promoted.contains(entry.path))
                libraries.files.push_back({entry.path, entry.size, entry.modified, false});
    }
    std::vector<std::string> missing;
    for (const auto name : kNeeded)
        if (libraries.file(name) == nullptr) missing.emplace_back(name);
    if (!missing.empty())
        drivers.warnings.push_back({"drivers.warn.linux_libraries_missing",
                                    {{"directory", libraries.directory}, {"files", join(missing, ", ")}}});
    if (!libraries.files.empty()) drivers.packages.push_back(std::move(libraries));
    return drivers;
}

std::string loader_config() {
    return "# Written by ExHyperV: libraries of the host's graphics driver. Run ldconfig after a change.\n"
           "/usr/lib/wsl/lib\n";
}

} // namespace exhyperv::drivers
