#include "drivers/promotion.h"

#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>
#include <map>
#include <set>

namespace exhyperv::drivers {

namespace {

struct Place {
    std::size_t package;
    const PackageFile* file;
};
using ByName = std::multimap<std::string_view, Place, ILess>;

bool package_fits(const std::string& wanted, const ResolvedDrivers& drivers, std::size_t index) {
    if (wanted == "any") return true;
    if (wanted == "primary") return index == 0;
    return index != 0 && matches_pattern(drivers.packages[index].inf_name, wanted);
}

bool architecture_fits(const TableGroup& group, guest::Architecture architecture) {
    if (group.architectures.empty() || architecture == guest::Architecture::unknown) return true;
    const char* name = architecture == guest::Architecture::x64     ? "x64"
                       : architecture == guest::Architecture::arm64 ? "arm64"
                                                                    : "x86";
    return std::ranges::find(group.architectures, name) != group.architectures.end();
}

std::vector<Place> find_source(const std::string& source, const TableGroup& group, const ByName& by_name,
                               const ResolvedDrivers& drivers) {
    std::vector<Place> out;
    const auto [first, last] = by_name.equal_range(leaf_name(source));
    for (auto it = first; it != last; ++it) {
        const bool whole_path = source.find('\\') != std::string::npos;
        if (package_fits(group.package, drivers, it->second.package) &&
            (!whole_path || iequals(it->second.file->path, source)))
            out.push_back(it->second);
    }
    return out;
}

} // namespace

void add_table_promotions(const VendorEntry& vendor, ResolvedDrivers& drivers) {
    ByName by_name;
    for (std::size_t i = 0; i < drivers.packages.size(); ++i)
        for (const auto& file : drivers.packages[i].files)
            by_name.emplace(leaf_name(file.path), Place{i, &file});
    std::set<std::string, ILess> taken;
    for (const auto& promotion : drivers.promotions)
        taken.insert(promotion.target);

    for (const auto& group : vendor.groups) {
        if (!architecture_fits(group, drivers.primary().architecture)) continue;
        bool package_there = false;
        for (std::size_t i = 0; i < drivers.packages.size(); ++i)
            package_there |= package_fits(group.package, drivers, i);
        if (!package_there) continue; // the missing companion has its own warning

        std::vector<std::string> missing;
        for (const auto& file : group.files) {
            const auto places = find_source(file.source, group, by_name, drivers);
            if (places.empty()) {
                missing.push_back(file.source);
                continue;
            }
            if (places.size() > 1) {
                std::vector<std::string> paths;
                for (const auto& place : places)
                    paths.push_back(join_path(drivers.packages[place.package].folder, place.file->path));
                drivers.warnings.push_back(
                    {"drivers.warn.promotion_ambiguous", {{"file", file.source}, {"found", join(paths, ", ")}}});
                continue;
            }
            for (const auto& target : file.targets) {
                auto path = join_path(group.directory, target);
                if (!taken.insert(path).second) continue;
                drivers.promotions.push_back({places.front().package, places.front().file->path, std::move(path),
                                              group.mode, group.architectures, group.needs_directory});
            }
        }
        if (!missing.empty())
            drivers.warnings.push_back({"drivers.warn.promotion_missing",
                                        {{"directory", group.directory},
                                         {"count", std::to_string(missing.size())},
                                         {"files", join(missing, ", ")}}});
    }
}

} // namespace exhyperv::drivers
