#include "drivers/companions.h"

#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::drivers {

namespace {

constexpr std::size_t kMaxCompanions = 32;
constexpr std::size_t kMaxCandidates = 64; ///< old versions of one INF that a driver store keeps
constexpr std::size_t kMaxStoreEntries = 1'000'000;

bool holds_one_inf(const DriverPackage& package) {
    return std::ranges::count_if(package.files,
                                 [](const PackageFile& file) { return ascii_lower(file.path).ends_with(".inf"); }) == 1;
}

void warn(ResolvedDrivers& drivers, const char* key, const std::string& inf, const std::string& what) {
    drivers.warnings.push_back({key, {{"inf", inf}, {"version", drivers.primary().version.version}, {"found", what}}});
}

Result<> add_companion(const std::string& inf_name, const std::vector<host::HostFiles::Entry>& store,
                       const std::string& repository, host::HostFiles& files, ResolvedDrivers& drivers,
                       const CallContext& context) {
    std::vector<DriverPackage> fitting;
    std::string others;
    std::size_t candidates = 0;
    for (const auto& entry : store) {
        if (!entry.directory || !istarts_with(entry.path, inf_name + "_") || ++candidates > kMaxCandidates) continue;
        auto loaded = load_package(files, join_path(repository, entry.path), context);
        if (!loaded) {
            TRY(context.check("companion packages"));
            others += (others.empty() ? "" : ", ") + entry.path;
            continue; // an unreadable neighbour must not cost the card its driver
        }
        if (holds_one_inf(loaded->package) && loaded->package.version == drivers.primary().version) {
            fitting.push_back(std::move(loaded->package));
        } else {
            others += (others.empty() ? "" : ", ") + entry.path;
        }
    }
    if (fitting.size() == 1) {
        drivers.packages.push_back(std::move(fitting.front()));
    } else if (fitting.empty()) {
        warn(drivers, others.empty() ? "drivers.warn.companion_missing" : "drivers.warn.companion_other_version",
             inf_name, others);
    } else {
        std::string names;
        for (const auto& package : fitting)
            names += (names.empty() ? "" : ", ") + package.folder;
        warn(drivers, "drivers.warn.companion_ambiguous", inf_name, names);
    }
    return {};
}

} // namespace

Result<> add_companions(const Inf& primary, const VendorEntry& vendor, host::HostFiles& files, ResolvedDrivers& drivers,
                        const CallContext& context) {
    std::vector<std::string> wanted;
    for (const auto& name : primary.copy_infs()) {
        const bool let_in =
            std::ranges::any_of(vendor.companions, [&](const auto& p) { return matches_pattern(name, p); });
        if (!let_in || iequals(name, drivers.primary().inf_name) || wanted.size() >= kMaxCompanions) continue;
        if (is_safe_name(name)) {
            wanted.push_back(name);
        } else {
            warn(drivers, "drivers.warn.companion_missing", name, "");
        }
    }
    if (wanted.empty()) return {};
    const auto repository = std::string(parent_path(drivers.primary().directory));
    TRY_ASSIGN(const auto store, files.list(repository, kMaxStoreEntries, context));
    for (const auto& name : wanted)
        TRY(add_companion(name, store, repository, files, drivers, context));
    return {};
}

} // namespace exhyperv::drivers
