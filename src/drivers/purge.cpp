#include "drivers/purge.h"

#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "drivers/guest_state.h"
#include "drivers/held_files.h"
#include "drivers/import_manifest.h"
#include "drivers/registry_patch.h"
#include "drivers/removal.h"
#include "support/strings.h"

#include <algorithm>
#include <set>

namespace exhyperv::drivers {

namespace {

/// The manifest without the card, or without any.
Manifest remaining(const Manifest& manifest, const std::string& card) {
    Manifest out = manifest;
    if (!card.empty()) {
        drop_card(out, card);
        return out;
    }
    while (!out.cards.empty())
        drop_card(out, std::string(out.cards.front().instance_path));
    out.packages.clear();
    out.configs.clear();
    out.links.clear();
    out.values.clear();
    return out;
}

bool has_link(const Manifest& manifest, const ManifestLink& link) {
    return std::ranges::any_of(manifest.links, [&](const auto& other) { return iequals(other.path, link.path); });
}
bool has_value(const Manifest& manifest, const ManifestValue& value) {
    return std::ranges::any_of(manifest.values, [&](const auto& other) {
        return iequals(other.key, value.key) && iequals(other.name, value.name);
    });
}

class Purger {
  public:
    Purger(guest::GuestDisk& disk, const PurgePlan& plan, const ProgressSink& progress, const CallContext& context)
        : disk_(disk), plan_(plan), progress_(progress), context_(context), remover_(disk.volume()) {
        report_.manifest = remaining(plan.manifest, plan.card);
    }

    Result<PurgeReport> run() {
        TRY(restore_values());
        TRY(remove_files());
        if (all_gone()) TRY(remove_configs());
        TRY(restore_attributes());
        TRY(remove_manifest());
        TRY(remove_directories());
        TRY(write_manifest());
        report_.files_removed = remover_.files_removed;
        report_.links_removed = remover_.links_removed;
        report_.files_restored = remover_.files_restored;
        report_.bytes_freed = remover_.bytes_freed;
        report_.warnings.insert(report_.warnings.end(), remover_.warnings.begin(), remover_.warnings.end());
        return std::move(report_);
    }

  private:
    bool all_gone() const { return report_.manifest.cards.empty(); }

    Result<> restore_values() {
        std::vector<ManifestValue> values;
        for (const auto& value : plan_.manifest.values)
            if (!has_value(report_.manifest, value)) values.push_back(value);
        std::vector<std::string> keys, staying;
        for (const auto& key : plan_.manifest.created_keys) {
            const bool used = std::ranges::any_of(report_.manifest.values,
                                                  [&](const auto& value) { return iequals(value.key, key); });
            (used ? staying : keys).push_back(key);
        }
        report_.manifest.created_keys = std::move(staying);
        if (values.empty() && keys.empty()) return {};
        TRY_ASSIGN(auto hive, disk_.read_hive("SYSTEM"));
        TRY_ASSIGN(auto restore, plan_registry_restore(values, keys, hive));
        report_.warnings.insert(report_.warnings.end(), restore.warnings.begin(), restore.warnings.end());
        if (restore.edits.empty()) return {};
        TRY_ASSIGN(report_.values_restored, hive.apply(restore.edits));
        return report_.values_restored == 0 ? Result<>() : disk_.write_hive("SYSTEM", hive);
    }

    Result<> remove_files() {
        for (const auto& link : plan_.manifest.links) {
            TRY(context_.check("removing links"));
            if (!has_link(report_.manifest, link))
                TRY(remover_.link(link, plan_.trusted ? &*plan_.trusted : nullptr, plan_.extras_confirmed));
        }
        for (const auto& folder : plan_.packages) {
            TRY(context_.check("removing driver files"));
            if (const auto* package = plan_.manifest.package(folder))
                TRY(remover_.package(*package, progress_, done_, plan_.bytes));
        }
        return {};
    }

    /// What somebody has changed since is theirs.
    Result<> remove_configs() {
        for (const auto& config : plan_.manifest.configs) {
            TRY_ASSIGN(const auto there, disk_.volume().stat(config.path));
            if (!there) continue;
            TRY_ASSIGN(const bool ours, holds(disk_.volume(), config));
            if (ours) {
                TRY(disk_.volume().remove(config.path));
                ++remover_.files_removed;
            } else {
                report_.warnings.push_back({"drivers.warn.left_changed", {{"path", config.path}}});
            }
        }
        return {};
    }

    /// Of packages that went, and of the store itself when nothing of ours remains.
    Result<> restore_attributes() {
        std::vector<ManifestAttributes> staying;
        for (const auto& entry : plan_.manifest.attributes) {
            const bool of_gone = all_gone() || std::ranges::any_of(plan_.packages, [&](const auto& folder) {
                                     const auto root = package_root(layout_of(disk_.volume().kind()), folder);
                                     return iequals(entry.path, root) || is_inside(entry.path, root);
                                 });
            if (!of_gone) {
                staying.push_back(entry);
                continue;
            }
            TRY_ASSIGN(const auto info, disk_.volume().stat(entry.path));
            if (info) TRY(disk_.volume().set_attributes(entry.path, entry.before));
        }
        report_.manifest.attributes = std::move(staying);
        return {};
    }

    /// The manifest goes first, so that the directories it lies in can be found empty.
    Result<> remove_manifest() {
        const std::string path(layout_of(disk_.volume().kind()).manifest);
        TRY_ASSIGN(const auto there, disk_.volume().stat(path));
        if (there && there->directory) return fail("drivers.unsafe_guest_path", {{"path", path}});
        return there ? disk_.volume().remove(path) : Result<>();
    }

    Result<> remove_directories() {
        TRY_ASSIGN(auto left, remover_.directories(plan_.manifest.created_directories));
        if (all_gone())
            for (const auto& path : left)
                report_.warnings.push_back({"drivers.warn.directory_kept", {{"path", path}}});
        report_.manifest.created_directories = std::move(left);
        if (all_gone()) report_.manifest = Manifest{};
        return {};
    }

    Result<> write_manifest() {
        if (all_gone()) return {};
        TRY(disk_.volume().make_directories(std::string(layout_of(disk_.volume().kind()).store)));
        return write_manifest_file(disk_.volume(), report_.manifest);
    }

    guest::GuestDisk& disk_;
    const PurgePlan& plan_;
    const ProgressSink& progress_;
    const CallContext& context_;
    Remover remover_;
    std::uint64_t done_ = 0;
    PurgeReport report_;
};

} // namespace

Result<PurgePlan> plan_purge(guest::GuestDisk& disk, const PurgeRequest& request, const CallContext& context) {
    TRY(context.check("planning the purge"));
    PurgePlan plan;
    plan.card = request.card;
    plan.trusted = request.host_copy;
    plan.extras_confirmed = request.extras_confirmed;
    auto read = read_manifest(disk.volume());
    if (!read) {
        if (read.error().code != "drivers.manifest_invalid" || !request.host_copy) return fail(std::move(read).error());
        plan.warnings.push_back({"drivers.warn.manifest_unusable", {{"reason", describe(read.error())}}});
    }
    if (read && *read) {
        plan.manifest = std::move(**read);
    } else if (request.host_copy) {
        TRY_ASSIGN(const bool this_system, holds_any_package(*request.host_copy, disk.volume()));
        if (this_system) plan.manifest = *request.host_copy;
    }
    if (plan.manifest.cards.empty() || (!plan.card.empty() && plan.manifest.card(plan.card) == nullptr)) return plan;

    GuestState guest(disk.volume(), context);
    const auto after = remaining(plan.manifest, plan.card);
    for (const auto& package : plan.manifest.packages) {
        if (after.package(package.folder) != nullptr) continue;
        TRY(guest.require_plain_directory(package_root(layout_of(disk.volume().kind()), package.folder)));
        plan.packages.push_back(package.folder);
        for (const auto& file : package.files) {
            if (file.found) continue;
            ++plan.files;
            plan.bytes += file.size;
        }
    }
    std::set<std::string_view, ILess> staying;
    for (const auto& link : after.links)
        staying.insert(link.path);
    for (const auto& link : plan.manifest.links) {
        if (staying.contains(link.path)) continue;
        ++plan.links;
        if (link.extra) plan.extras.push_back(link.path);
    }
    for (const auto& value : plan.manifest.values)
        plan.values += has_value(after, value) ? 0 : 1;
    return plan;
}

Result<PurgeReport> run_purge(guest::GuestDisk& disk, const PurgePlan& plan, const ProgressSink& progress,
                              const CallContext& context) {
    if (plan.manifest.cards.empty() || (!plan.card.empty() && plan.manifest.card(plan.card) == nullptr)) {
        PurgeReport report;
        report.manifest = plan.manifest;
        return report;
    }
    return Purger(disk, plan, progress, context).run();
}

Result<std::optional<std::string>> left_behind(guest::GuestDisk& disk, const PurgePlan& plan,
                                               const PurgeReport& report) {
    TRY_ASSIGN(const auto left, read_manifest(disk.volume()));
    if (left)
        for (const auto& card : left->cards)
            if (plan.card.empty() || iequals(card.instance_path, plan.card)) return card.instance_path;
    for (const auto& folder : plan.packages) {
        const bool kept = left && left->package(folder) != nullptr;
        TRY_ASSIGN(const auto there, disk.volume().stat(package_root(layout_of(disk.volume().kind()), folder)));
        if (there && !kept && folder != kLibraryFolder && report.warnings.empty()) return folder;
    }
    return std::nullopt;
}

} // namespace exhyperv::drivers
