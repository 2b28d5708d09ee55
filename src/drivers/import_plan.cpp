#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "drivers/guest_state.h"
#include "drivers/held_files.h"
#include "drivers/import.h"
#include "drivers/import_manifest.h"
#include "drivers/link_plan.h"
#include "drivers/linux_guest.h"
#include "drivers/scope.h"
#include "support/strings.h"

#include <algorithm>
#include <set>

namespace exhyperv::drivers {

namespace {

constexpr std::uint64_t kCluster = 4096, kRecord = 1024;
constexpr std::uint64_t kSpaceReserve = 4u << 20; ///< manifest, directory indexes, growth of the file table

std::string_view architecture_name(guest::Architecture architecture) {
    switch (architecture) {
    case guest::Architecture::x86:
        return "x86";
    case guest::Architecture::x64:
        return "x64";
    case guest::Architecture::arm64:
        return "ARM64";
    case guest::Architecture::unknown:
        break;
    }
    return "?";
}

Result<> require_architecture(const ResolvedDrivers& drivers, const guest::WindowsInstall& windows,
                              const std::string& disk) {
    for (const auto& package : drivers.packages)
        if (!package.optional && package.architecture != guest::Architecture::unknown &&
            windows.architecture != guest::Architecture::unknown && package.architecture != windows.architecture)
            return fail("drivers.guest_architecture",
                        {{"package", package.folder},
                         {"package_architecture", std::string(architecture_name(package.architecture))},
                         {"guest_architecture", std::string(architecture_name(windows.architecture))},
                         {"disk", disk}});
    return {};
}

/// Names made as copies stay copies until somebody asks for links.
Placement known_placement(const Manifest& manifest, const std::string& card) {
    const bool copies = std::ranges::any_of(manifest.links, [&](const ManifestLink& link) {
        return link.copy && !link.extra &&
               std::ranges::any_of(link.cards, [&](const auto& one) { return iequals(one, card); });
    });
    return copies ? Placement::copy : Placement::link;
}

/// The guest's manifest, else the host's copy; an unusable one is worth a warning, not the import.
Result<Manifest> starting_manifest(GuestState& guest, const ResolvedDrivers& drivers, const ImportOptions& options,
                                   std::vector<Message>& warnings, bool& rewrite) {
    auto read = read_manifest(guest.volume());
    if (read && *read) {
        rewrite = adopt_image_card(**read, drivers);
        return std::move(**read);
    }
    if (!read && read.error().code != "drivers.manifest_invalid") return fail(std::move(read).error());
    rewrite = true;
    if (!read) warnings.push_back({"drivers.warn.manifest_unusable", {{"reason", describe(read.error())}}});
    Manifest empty;
    empty.volume = guest.volume().kind();
    if (!options.host_copy || options.host_copy->volume != empty.volume) return empty;
    TRY_ASSIGN(const bool this_system, holds_any_package(*options.host_copy, guest.volume()));
    return this_system ? *options.host_copy : empty;
}

/// What the user wants besides what the card needs: as earlier imports were asked for, and as this one is.
Result<> settle_scope(ImportPlan& plan, const CallContext& context) {
    const auto& options = plan.options;
    const auto* trusted = options.host_copy ? &*options.host_copy : nullptr;
    const auto repository = std::string(parent_path(plan.drivers.primary().directory));
    const auto known = remembered_scope(plan.before, trusted, plan.drivers.instance_path);
    const auto scope = scope_after(known, options.scope, repository);
    if (scope.plain()) return {};
    if (options.files == nullptr) return fail("drivers.scope_without_host", {{"card", plan.drivers.instance_path}});
    TRY(require_extras(options.scope, repository, *options.files, context));
    const auto told = plan.drivers.warnings.size(); // of the card's own
    TRY(add_scope(plan.drivers, scope, *options.files, context));
    // Places for extras are Windows' own; a Linux guest gets packages of the store only.
    if (plan.before.volume == guest::VolumeKind::ext4 && !plan.drivers.extras.empty())
        return fail("drivers.extra_target",
                    {{"path", plan.drivers.extras.front().host_path}, {"target", plan.drivers.extras.front().target}});
    const auto& all = plan.drivers.warnings;
    plan.warnings.insert(plan.warnings.end(), all.begin() + static_cast<std::ptrdiff_t>(told), all.end());
    return {};
}

std::uint64_t on_disk(std::uint64_t size) {
    return (size + kCluster - 1) / kCluster * kCluster + kRecord;
}

Result<> plan_package(std::size_t index, GuestState& guest, ImportPlan& plan) {
    const auto& package = plan.drivers.packages[index];
    const auto root = package_root(layout_of(guest.volume().kind()), package.folder);
    TRY_ASSIGN(const auto tree, guest.tree(root));
    TRY(plan_directories(guest, root, plan));
    TRY_ASSIGN(const auto root_info, guest.stat(root));
    if (root_info && (root_info->attributes & guest::kReadOnly) == 0)
        plan.attributes.push_back({root, root_info->attributes});
    for (const auto& directory : package.directories) {
        const auto found = tree.find(directory);
        const auto path = join_path(root, directory);
        if (found == tree.end()) {
            TRY(plan_directories(guest, path, plan));
        } else if (!found->second.directory || found->second.reparse_tag != 0) {
            return fail("drivers.unsafe_guest_path", {{"path", path}});
        } else if ((found->second.attributes & guest::kReadOnly) == 0) {
            plan.attributes.push_back({path, found->second.attributes});
        }
    }
    std::map<std::string, const ManifestFile*, ILess> listed;
    if (const auto* known = plan.before.package(package.folder))
        for (const auto& file : known->files)
            listed.emplace(file.path, &file);

    for (const auto& file : package.files) {
        PlannedFile planned{FileAction::add, index, file.path, join_path(root, file.path), file.size, file.modified,
                            file.essential,  false, {}};
        // The listing need not name every directory: an empty one aside, the files do.
        TRY(plan_directories(guest, std::string(parent_path(planned.guest_path)), plan));
        const auto known = listed.find(file.path);
        if (const auto found = tree.find(file.path); found != tree.end()) {
            const auto& info = found->second;
            if (info.directory) return fail("drivers.unsafe_guest_path", {{"path", planned.guest_path}});
            const bool equal = info.reparse_tag == 0 && info.size == file.size && info.modified == file.modified;
            planned.action = equal ? FileAction::keep : FileAction::replace;
            planned.foreign = known == listed.end() || known->second->found;
            if (equal && known != listed.end()) planned.hash = known->second->hash;
            if (equal && (info.attributes & guest::kReadOnly) == 0)
                plan.attributes.push_back({planned.guest_path, info.attributes});
        }
        if (known != listed.end()) listed.erase(known);
        plan.files.push_back(std::move(planned));
    }
    // In the manifest, but not in the host's package any more; or this card's part of a package another card has whole.
    const bool shared = package.optional && plan.before.used_by_another(package.folder, plan.drivers.instance_path);
    for (const auto& [path, file] : listed)
        plan.files.push_back({shared ? FileAction::keep : FileAction::remove, index, path, join_path(root, path),
                              file->size, file->modified, false, file->found, shared ? file->hash : std::string()});
    return {};
}

/// The loader's configuration is ours by its name: whatever else it says is replaced.
Result<> plan_loader_config(GuestState& guest, ImportPlan& plan) {
    PlannedConfig planned{{std::string(kLoaderConfig), loader_config()}, false};
    TRY(plan_directories(guest, std::string(parent_path(planned.config.path)), plan));
    TRY_ASSIGN(planned.present, holds(guest.volume(), planned.config));
    plan.configs.push_back(std::move(planned));
    return {};
}

/// Packages of this card's last import that nobody needs any more.
void plan_retirement(ImportPlan& plan) {
    const auto* card = plan.before.card(plan.drivers.instance_path);
    if (card == nullptr) return;
    for (const auto& folder : card->packages) {
        const bool still = std::ranges::any_of(plan.drivers.packages,
                                               [&](const auto& package) { return iequals(package.folder, folder); });
        const auto* package = plan.before.package(folder);
        if (still || package == nullptr || plan.before.used_by_another(folder, plan.drivers.instance_path)) continue;
        plan.retired_packages.push_back(folder);
        for (const auto& file : package->files)
            plan.bytes_removed += file.size;
    }
}

Result<> plan_values(guest::GuestDisk& disk, ImportPlan& plan) {
    const auto& card = plan.drivers.instance_path;
    const auto mine = [&](const ManifestValue& value) {
        return std::ranges::any_of(value.cards, [&](const auto& c) { return iequals(c, card); });
    };
    if (!plan.drivers.service && !plan.drivers.runtime && std::ranges::none_of(plan.before.values, mine)) return {};
    TRY_ASSIGN(const auto system, disk.read_hive("SYSTEM"));
    TRY_ASSIGN(plan.registry, plan_registry(plan.drivers, system, disk.windows(), plan.before));

    // Values of an older driver that the new one does not have go back to what they were.
    std::vector<ManifestValue> stale;
    for (const auto& value : plan.before.values) {
        const bool wanted = std::ranges::any_of(plan.registry.values, [&](const auto& w) {
            return iequals(w.key, value.key) && iequals(w.name, value.name);
        });
        if (!wanted && mine(value) && value.cards.size() == 1) stale.push_back(value);
    }
    TRY_ASSIGN(auto restore, plan_registry_restore(stale, {}, system));
    for (auto& edit : restore.edits)
        plan.registry.edits.push_back(std::move(edit));
    for (auto* from : {&plan.registry.warnings, &restore.warnings})
        plan.warnings.insert(plan.warnings.end(), from->begin(), from->end());
    if (!plan.registry.edits.empty()) {
        TRY_ASSIGN(const auto hive, disk.volume().stat("Windows\\System32\\config\\SYSTEM"));
        plan.space_needed += hive ? on_disk(hive->size) + (1u << 20) : 0; // the hive is written anew
    }
    return {};
}

/// Does the manifest already say everything this import would write into it?
bool manifest_says_it(const ImportPlan& plan) {
    const auto* card = plan.before.card(plan.drivers.instance_path);
    if (card == nullptr || card->driver_version != plan.drivers.primary().version.version ||
        card->packages.size() != plan.drivers.packages.size() || card->scope != plan.drivers.scope)
        return false;
    for (const auto& package : plan.drivers.packages)
        if (plan.before.package(package.folder) == nullptr ||
            std::ranges::none_of(card->packages, [&](const auto& folder) { return iequals(folder, package.folder); }))
            return false;
    const auto is_ours = [&](const auto& entry) {
        return std::ranges::any_of(entry.cards, [&](const auto& c) { return iequals(c, card->instance_path); });
    };
    const auto lists = [&](const auto& entries, auto&& same) {
        return std::ranges::any_of(entries, [&](const auto& entry) { return same(entry) && is_ours(entry); });
    };
    std::set<std::string_view, ILess> listed;
    for (const auto& link : plan.before.links)
        if (is_ours(link)) listed.insert(link.path);
    for (const auto& planned : plan.links)
        if (planned.action == FileAction::keep && !listed.contains(planned.link.path)) return false;
    for (const auto& planned : plan.configs)
        if (std::ranges::find(plan.before.configs, planned.config) == plan.before.configs.end()) return false;
    for (const auto& value : plan.registry.values)
        if (!lists(plan.before.values,
                   [&](const auto& v) { return iequals(v.key, value.key) && iequals(v.name, value.name); }))
            return false;
    return true;
}

void add_up(ImportPlan& plan) {
    for (const auto& file : plan.files) {
        if (file.action == FileAction::add || file.action == FileAction::replace) {
            plan.bytes_to_write += file.size;
            plan.space_needed += on_disk(file.size);
        } else if (file.action == FileAction::keep) {
            plan.bytes_kept += file.size;
        } else if (!file.foreign) {
            plan.bytes_removed += file.size;
        }
    }
    for (const auto& link : plan.links) {
        plan.bytes_to_write += link.bytes;
        if (link.action != FileAction::keep) plan.space_needed += link.bytes != 0 ? on_disk(link.bytes) : kRecord;
    }
    plan.space_needed += plan.new_directories.size() * (kCluster + kRecord) + plan.files.size() * 256;
    plan.space_needed = plan.nothing_to_do() ? 0 : plan.space_needed + kSpaceReserve;
}

} // namespace

std::size_t ImportPlan::count(FileAction action) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(files, [&](const auto& file) { return file.action == action; }));
}

bool ImportPlan::nothing_to_do() const {
    const auto kept = [](const auto& entry) { return entry.action == FileAction::keep; };
    const auto present = [](const auto& config) { return config.present; };
    return !manifest_update && std::ranges::all_of(configs, present) && std::ranges::all_of(files, kept) &&
           std::ranges::all_of(links, kept) && registry.edits.empty() && retired_packages.empty() &&
           new_directories.empty() && attributes.empty();
}

Result<ImportPlan> plan_import(const ResolvedDrivers& drivers, guest::GuestDisk& disk, const ImportOptions& options,
                               const CallContext& context) {
    ImportPlan plan;
    plan.drivers = drivers;
    plan.options = options;
    plan.disk = disk.image().path;
    plan.warnings = drivers.warnings;
    if (drivers.packages.empty()) return fail("drivers.no_driver", {{"card", drivers.instance_path}});
    TRY(require_architecture(drivers, disk.windows(), plan.disk));

    GuestState guest(disk.volume(), context);
    const auto& layout = layout_of(disk.volume().kind());
    for (const auto directory : {layout.store, layout.repository}) {
        const std::string path(directory);
        TRY(guest.require_plain_directory(path));
        TRY_ASSIGN(const auto info, guest.stat(path));
        if (info && (info->attributes & guest::kReadOnly) == 0) plan.attributes.push_back({path, info->attributes});
    }
    bool rewrite = false;
    TRY_ASSIGN(plan.before, starting_manifest(guest, drivers, options, plan.warnings, rewrite));
    TRY(settle_scope(plan, context));
    if (!plan.options.placement) plan.options.placement = known_placement(plan.before, drivers.instance_path);
    for (std::size_t i = 0; i < plan.drivers.packages.size(); ++i)
        TRY(plan_package(i, guest, plan));
    TRY(plan_links(guest, disk.windows(), plan));
    if (layout.volume == guest::VolumeKind::ext4) {
        TRY(plan_loader_config(guest, plan));
        plan.attributes.clear(); // permissions of what was there are more than one bit, and nothing there needs it
    }
    plan_retirement(plan);
    TRY(plan_values(disk, plan));
    plan.manifest_update = rewrite || !manifest_says_it(plan);
    TRY_ASSIGN(plan.space_free, disk.volume().free_bytes());
    add_up(plan);
    return plan;
}

} // namespace exhyperv::drivers
