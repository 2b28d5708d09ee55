#include "drivers/drift.h"

#include "support/strings.h"

#include <algorithm>
#include <set>

namespace exhyperv::drivers {

namespace {
constexpr std::size_t kMaxListed = 1000;
}

std::string_view drift_name(DriftState state) {
    switch (state) {
    case DriftState::same:
        return "same";
    case DriftState::older:
        return "older";
    case DriftState::newer:
        return "newer";
    case DriftState::different:
        return "different";
    case DriftState::missing:
        return "missing";
    }
    return "missing";
}

int compare_versions(std::string_view a, std::string_view b) {
    auto numbers = [](std::string_view text) {
        std::vector<std::uint64_t> out;
        for (const auto& part : split(text, '.')) {
            const auto number =
                part.find_first_not_of("0123456789") == std::string::npos ? parse_u64(part) : std::nullopt;
            if (!number) return std::vector<std::uint64_t>();
            out.push_back(*number);
        }
        return out;
    };
    auto left = numbers(a), right = numbers(b);
    if (left.empty() || right.empty()) return 0;
    const auto length = std::max(left.size(), right.size());
    left.resize(length);
    right.resize(length);
    return left < right ? -1 : left > right ? 1 : 0;
}

Drift compare(const Manifest& manifest, const ResolvedDrivers& drivers) {
    Drift out;
    if (drivers.packages.empty()) return out;
    out.host_version = drivers.primary().version.version;
    const auto* card = manifest.card(drivers.instance_path);
    if (card == nullptr) return out;
    out.guest_version = card->driver_version;
    out.since = card->imported_at;

    auto add = [&](DriftFile::Kind kind, const std::string& package, const std::string& path) {
        if (++out.file_count <= kMaxListed) out.files.push_back({kind, package, path});
    };
    std::set<std::string, ILess> current;
    for (const auto& package : drivers.packages) {
        current.insert(package.folder);
        const bool uses =
            std::ranges::any_of(card->packages, [&](const auto& name) { return iequals(name, package.folder); });
        const auto* listed = uses ? manifest.package(package.folder) : nullptr;
        std::map<std::string_view, const ManifestFile*, ILess> files;
        if (listed != nullptr)
            for (const auto& file : listed->files)
                files.emplace(file.path, &file);
        for (const auto& file : package.files) {
            const auto found = files.find(file.path);
            if (found == files.end()) {
                add(DriftFile::Kind::missing, package.folder, file.path);
                continue;
            }
            if (found->second->size != file.size || found->second->modified != file.modified)
                add(DriftFile::Kind::changed, package.folder, file.path);
            files.erase(found);
        }
        for (const auto& [path, file] : files)
            add(DriftFile::Kind::extra, package.folder, file->path);
    }
    for (const auto& folder : card->packages)
        if (const auto* old = manifest.package(folder); old != nullptr && !current.contains(folder))
            for (const auto& file : old->files)
                add(DriftFile::Kind::extra, folder, file.path);

    std::map<std::string_view, const ManifestLink*, ILess> brought;
    for (const auto& link : manifest.links)
        if (link.extra &&
            std::ranges::any_of(link.cards, [&](const auto& c) { return iequals(c, card->instance_path); }))
            brought.emplace(link.path, &link);
    for (const auto& extra : drivers.extras) {
        const auto found = brought.find(extra.target);
        // A vendor's folder leaves what the guest has itself; that is in no manifest and is no drift.
        if (found == brought.end() && extra.mode == PromotionMode::overwrite)
            add(DriftFile::Kind::missing, "", extra.target);
        if (found == brought.end()) continue;
        if (found->second->size != extra.size || found->second->modified != extra.modified)
            add(DriftFile::Kind::changed, "", extra.target);
        brought.erase(found);
    }
    if (drivers.scope.complete)
        for (const auto& [path, link] : brought)
            add(DriftFile::Kind::extra, "", link->path);

    const int order = compare_versions(out.guest_version, out.host_version);
    if (order != 0) {
        out.state = order < 0 ? DriftState::older : DriftState::newer;
    } else {
        out.state =
            out.file_count == 0 && out.guest_version == out.host_version ? DriftState::same : DriftState::different;
    }
    return out;
}

} // namespace exhyperv::drivers
