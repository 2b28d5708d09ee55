#include "drivers/import_manifest.h"

#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

namespace exhyperv::drivers {

namespace {

std::string now_utc() {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto day = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(now - day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

template <class Entries>
void leave(Entries& entries, std::string_view card) {
    std::erase_if(entries, [&](auto& entry) {
        const auto removed = std::erase_if(entry.cards, [&](const auto& name) { return iequals(name, card); });
        return removed != 0 && entry.cards.empty();
    });
}

void add_unique(std::vector<std::string>& list, const std::string& name) {
    if (std::ranges::none_of(list, [&](const auto& known) { return iequals(known, name); })) list.push_back(name);
}

/// The same entry of another card gains this one's name; a new one is appended.
template <class Entry>
void merge(std::vector<Entry>& entries, Entry entry, auto&& same) {
    const auto found = std::ranges::find_if(entries, [&](const Entry& known) { return same(known, entry); });
    if (found == entries.end()) {
        entries.push_back(std::move(entry));
        return;
    }
    for (const auto& card : found->cards)
        add_unique(entry.cards, card);
    *found = std::move(entry);
}

ManifestPackage package_entry(const ImportPlan& plan, std::size_t index, const ImportOutcome& outcome) {
    const auto& package = plan.drivers.packages[index];
    ManifestPackage out{package.folder,
                        package.inf_name,
                        package.published_name,
                        package.version.version,
                        package.version.date,
                        package.directory,
                        {}};
    const auto* before = plan.before.package(package.folder);
    if (before != nullptr && package.inf_name.empty()) { // a part of a package that another card knows more of
        out.inf_name = before->inf_name;
        out.published_name = before->published_name;
        out.driver_version = before->driver_version;
        out.driver_date = before->driver_date;
    }
    std::map<std::string_view, const ManifestFile*, ILess> listed;
    if (before != nullptr)
        for (const auto& file : before->files)
            listed.emplace(file.path, &file);
    for (std::size_t i = 0; i < plan.files.size(); ++i) {
        const auto& planned = plan.files[i];
        if (planned.package != index || planned.action == FileAction::remove) continue;
        const auto known = listed.find(planned.path);
        if (const auto written = outcome.written.find(i); written != outcome.written.end()) {
            out.files.push_back(written->second);
        } else if (known != listed.end()) {
            out.files.push_back(*known->second); // kept, or not replaced because its source could not be read
        } else if (planned.action == FileAction::keep) {
            out.files.push_back({planned.path, planned.size, planned.modified, {}, {}, true});
        }
    }
    return out;
}

} // namespace

bool adopt_image_card(Manifest& manifest, const ResolvedDrivers& drivers) {
    if (manifest.card(drivers.instance_path) != nullptr) return false;
    const auto suffix = "\\" + std::string(kImageInstance);
    std::string old;
    for (auto& card : manifest.cards) {
        if (!iequals(leaf_name(card.instance_path), kImageInstance)) continue;
        const auto device = std::string_view(card.instance_path).substr(0, card.instance_path.size() - suffix.size());
        const auto rest =
            std::string_view(drivers.instance_path).substr(std::min(device.size(), drivers.instance_path.size()));
        if (!istarts_with(drivers.instance_path, device) || (!rest.starts_with('&') && !rest.starts_with('\\')))
            continue;
        old = std::exchange(card.instance_path, drivers.instance_path);
        break;
    }
    if (old.empty()) return false;
    const auto rename = [&](auto& entries) {
        for (auto& entry : entries)
            for (auto& card : entry.cards)
                if (iequals(card, old)) card = drivers.instance_path;
    };
    rename(manifest.links);
    rename(manifest.values);
    return true;
}

void drop_card(Manifest& manifest, std::string_view instance_path) {
    std::vector<std::string> folders;
    if (const auto* card = manifest.card(instance_path)) folders = card->packages;
    for (const auto& folder : folders)
        if (!manifest.used_by_another(folder, instance_path))
            std::erase_if(manifest.packages, [&](const auto& package) { return iequals(package.folder, folder); });
    std::erase_if(manifest.cards, [&](const auto& card) { return iequals(card.instance_path, instance_path); });
    leave(manifest.links, instance_path);
    leave(manifest.values, instance_path);
}

Manifest manifest_after(const ImportPlan& plan, const ImportOutcome& outcome) {
    const auto& drivers = plan.drivers;
    Manifest out = plan.before;
    drop_card(out, drivers.instance_path);
    out.program = plan.options.program;

    ManifestCard card{drivers.instance_path,
                      drivers.hardware_id,
                      drivers.card_name,
                      std::string(model::gpu_vendor_name(drivers.vendor)),
                      drivers.primary().version.version,
                      drivers.primary().version.date,
                      {},
                      plan.options.now.empty() ? now_utc() : plan.options.now,
                      drivers.scope};
    for (std::size_t i = 0; i < drivers.packages.size(); ++i) {
        card.packages.push_back(drivers.packages[i].folder);
        std::erase_if(out.packages,
                      [&](const auto& package) { return iequals(package.folder, drivers.packages[i].folder); });
        out.packages.push_back(package_entry(plan, i, outcome));
    }
    out.cards.push_back(std::move(card));
    for (const auto& [index, link] : outcome.links)
        merge(out.links, link, [](const auto& a, const auto& b) { return iequals(a.path, b.path); });
    for (const auto& value : plan.registry.values)
        merge(out.values, value,
              [](const auto& a, const auto& b) { return iequals(a.key, b.key) && iequals(a.name, b.name); });
    for (const auto& attributes : plan.attributes)
        if (std::ranges::none_of(out.attributes,
                                 [&](const auto& known) { return iequals(known.path, attributes.path); }))
            out.attributes.push_back(attributes);
    std::erase_if(out.created_directories,
                  [&](const auto& path) { return outcome.removed_directories.contains(path); });
    for (const auto& path : plan.new_directories)
        add_unique(out.created_directories, path);
    for (const auto& key : plan.registry.created_keys)
        add_unique(out.created_keys, key);
    for (const auto& planned : plan.configs) {
        std::erase_if(out.configs, [&](const auto& known) { return known.path == planned.config.path; });
        out.configs.push_back(planned.config);
    }
    return out;
}

} // namespace exhyperv::drivers
