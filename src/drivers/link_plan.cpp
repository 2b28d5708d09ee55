#include "drivers/link_plan.h"

#include "drivers/file_version.h"
#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace exhyperv::drivers {

namespace {

constexpr std::uint32_t kSymlinkTag = 0xA000000C, kJunctionTag = 0xA0000003;
constexpr std::uint64_t kMaxExecutable = 64u << 20; ///< guest files whose version is worth reading

bool others_use(const ManifestLink& link, std::string_view card) {
    return std::ranges::any_of(link.cards, [&](const auto& other) { return !iequals(other, card); });
}

/// wmi-facts 4.7: for programs and libraries the file version decides, then the time.
Result<bool> is_newer(std::uint64_t modified, std::uint64_t file_version, const std::string& guest_path,
                      const guest::FileInfo& theirs, GuestState& guest) {
    if (file_version != 0 && theirs.reparse_tag == 0 && theirs.size <= kMaxExecutable) {
        TRY_ASSIGN(const auto bytes, guest.volume().read_file(guest_path, kMaxExecutable));
        TRY_ASSIGN(const auto version,
                   read_file_version(bytes.size(), [&](std::uint64_t offset, std::span<std::byte> out) -> Result<> {
                       std::memcpy(out.data(), bytes.data() + offset, out.size());
                       return {};
                   }));
        if (version != 0 && version != file_version) return file_version > version;
    }
    return modified > theirs.modified;
}

/// One promotion at a time; the answers that concern people are collected and told once.
class LinkPlanner {
  public:
    LinkPlanner(GuestState& guest, ImportPlan& plan) : guest_(guest), plan_(plan) {
        for (const auto& link : plan.before.links)
            known_.emplace(link.path, &link);
    }

    Result<> add(const Promotion& promotion) {
        const auto parent = std::string(parent_path(promotion.target));
        TRY(guest_.require_plain_directory(parent));
        TRY_ASSIGN(const bool parent_there, guest_.exists(parent));
        if (!parent_there && promotion.needs_directory) return {};

        const auto& package = plan_.drivers.packages[promotion.package];
        const auto* file = package.file(promotion.source);
        if (file == nullptr) return {};
        PlannedLink planned;
        planned.package = promotion.package;
        planned.source = file->path;
        planned.link.path = promotion.target;
        planned.link.copy = plan_.options.placement == Placement::copy;
        planned.link.cards = {plan_.drivers.instance_path};
        const auto target = join_path(package_root(layout_of(guest_.volume().kind()), package.folder), file->path);
        planned.link.target = planned.link.copy ? target : relative_link(promotion.target, target);
        planned.link.size = planned.link.copy ? file->size : 0;
        planned.link.modified = planned.link.copy ? file->modified : 0;
        if (planned.link.copy) planned.host_path = join_path(package.directory, file->path);
        return place(std::move(planned), {promotion.mode, file->size, file->modified, file->file_version});
    }

    Result<> add(const ExtraFile& extra) {
        if (!extra.needs.empty()) {
            TRY_ASSIGN(const bool wanted, guest_.exists(extra.needs));
            if (!wanted) return {};
        }
        TRY(guest_.require_plain_directory(std::string(parent_path(extra.target))));
        PlannedLink planned;
        planned.host_path = extra.host_path;
        planned.link.path = extra.target;
        planned.link.target = extra.host_path;
        planned.link.copy = planned.link.extra = true;
        planned.link.size = extra.size;
        planned.link.modified = extra.modified;
        planned.link.cards = {plan_.drivers.instance_path};
        return place(std::move(planned), {extra.mode, extra.size, extra.modified, 0});
    }

    /// The name under which programs look for the host's package: a junction beside the guest's own packages. What the
    /// guest has there itself stays.
    Result<> add_store_junction(const std::string& path, const guest::WindowsInstall& windows) {
        TRY(guest_.require_plain_directory(std::string(kOwnRepository)));
        TRY_ASSIGN(const bool there, guest_.exists(std::string(kOwnRepository)));
        if (!there) return {};
        PlannedLink planned;
        planned.link.path = path;
        planned.link.target = std::string(1, windows.system_drive) + ":\\" + package_root(leaf_name(path));
        planned.link.directory = true;
        planned.link.cards = {plan_.drivers.instance_path};
        TRY_ASSIGN(const auto existing, guest_.stat(path));
        if (!existing) return take(std::move(planned), FileAction::add);
        const auto* known = known_link(path);
        const bool link = existing->reparse_tag == kSymlinkTag || existing->reparse_tag == kJunctionTag;
        const bool same = link && iequals(plain_target(existing->link_target), planned.link.target);
        if (same && known == nullptr) return {}; // somebody else's, and right: left to its maker
        if (same) return take(std::move(planned), FileAction::keep);
        if (link && known != nullptr) return take(std::move(planned), FileAction::replace);
        plan_.warnings.push_back({"drivers.warn.junction_preserved", {{"path", path}}});
        return {};
    }

    /// An extra of which no record of this host speaks: it stays as it is.
    void leave(const ManifestLink& link) {
        PlannedLink planned;
        planned.action = FileAction::keep;
        planned.link = link;
        plan_.links.push_back(std::move(planned));
    }

    void finish() {
        if (!preserved_.empty())
            plan_.warnings.push_back(
                {"drivers.warn.files_preserved",
                 {{"count", std::to_string(preserved_.size())}, {"files", join(preserved_, ", ")}}});
    }

  private:
    /// What is to stand there, as far as it decides over what stands there now.
    struct Newcomer {
        PromotionMode mode;
        std::uint64_t size, modified, file_version;
    };

    Result<> place(PlannedLink planned, const Newcomer& newcomer) {
        const auto path = planned.link.path;
        TRY_ASSIGN(const auto existing, guest_.stat(path));
        const auto* known = known_link(path);
        if (known != nullptr) planned.link.backup = known->backup;
        if (!existing) {
            TRY(plan_directories(guest_, std::string(parent_path(path)), plan_));
            return take(std::move(planned), FileAction::add);
        }
        if (existing->reparse_tag == kSymlinkTag || existing->reparse_tag == kJunctionTag)
            return existing_link(std::move(planned), *existing, known);
        if (existing->directory) {
            plan_.warnings.push_back({"drivers.warn.target_is_directory", {{"path", path}}});
            return {};
        }
        return existing_file(std::move(planned), *existing, known, newcomer);
    }

    const ManifestLink* known_link(std::string_view path) const {
        const auto found = known_.find(path);
        return found == known_.end() ? nullptr : found->second;
    }

    Result<> take(PlannedLink planned, FileAction action) {
        planned.action = action;
        if (planned.link.copy && action != FileAction::keep) planned.bytes = planned.link.size;
        plan_.links.push_back(std::move(planned));
        return {};
    }

    Result<> existing_link(PlannedLink planned, const guest::FileInfo& existing, const ManifestLink* known) {
        const bool same = !planned.link.copy && plain_target(existing.link_target) == planned.link.target;
        if (known != nullptr) {
            if (same) return take(std::move(planned), FileAction::keep);
            if (others_use(*known, plan_.drivers.instance_path)) {
                plan_.warnings.push_back(
                    {"drivers.warn.link_taken", {{"path", planned.link.path}, {"target", known->target}}});
                return {};
            }
            return take(std::move(planned), FileAction::replace);
        }
        // A link of somebody else: the right one is left to its maker, one of an older import makes way and comes back
        // on purge.
        if (same) return {};
        if (!leads_into_store(layout_of(guest_.volume().kind()), planned.link.path, existing.link_target)) {
            preserved_.push_back(planned.link.path);
            return {};
        }
        return aside(std::move(planned));
    }

    Result<> existing_file(PlannedLink planned, const guest::FileInfo& existing, const ManifestLink* known,
                           const Newcomer& newcomer) {
        if (known != nullptr) {
            const bool untouched = known->copy && existing.size == known->size && existing.modified == known->modified;
            if (untouched && others_use(*known, plan_.drivers.instance_path) &&
                !iequals(known->target, planned.link.target)) {
                plan_.warnings.push_back(
                    {"drivers.warn.link_taken", {{"path", planned.link.path}, {"target", known->target}}});
                return {};
            }
            if (untouched && planned.link.copy && known->size == newcomer.size &&
                known->modified == newcomer.modified) {
                planned.link.hash = known->hash;
                return take(std::move(planned), FileAction::keep);
            }
            if (untouched) return take(std::move(planned), FileAction::replace);
            // Somebody put a file of their own over our name; it is theirs now, and the first backup stays the one to
            // restore.
            plan_.warnings.push_back({"drivers.warn.link_replaced", {{"path", planned.link.path}}});
            planned.link = *known;
            if (std::ranges::none_of(planned.link.cards,
                                     [&](const auto& card) { return iequals(card, plan_.drivers.instance_path); }))
                planned.link.cards.push_back(plan_.drivers.instance_path);
            return take(std::move(planned), FileAction::keep);
        }
        // The very file is there already: it stays the guest's.
        if (planned.link.extra && existing.size == newcomer.size && existing.modified == newcomer.modified) return {};
        bool replace = newcomer.mode == PromotionMode::overwrite;
        if (newcomer.mode == PromotionMode::when_newer) {
            TRY_ASSIGN(replace,
                       is_newer(newcomer.modified, newcomer.file_version, planned.link.path, existing, guest_));
        }
        if (replace) return aside(std::move(planned));
        if (newcomer.mode == PromotionMode::preserve_existing) preserved_.push_back(planned.link.path);
        return {};
    }

    Result<> aside(PlannedLink planned) {
        TRY_ASSIGN(planned.link.backup, guest_.free_backup_name(planned.link.path));
        planned.move_aside = true;
        return take(std::move(planned), FileAction::add);
    }

    GuestState& guest_;
    ImportPlan& plan_;
    std::map<std::string_view, const ManifestLink*, ILess> known_;
    std::vector<std::string> preserved_;
};

} // namespace

bool promotion_fits(const Promotion& promotion, guest::Architecture guest) {
    if (promotion.architectures.empty() || guest == guest::Architecture::unknown) return true;
    const char* name = guest == guest::Architecture::x64     ? "x64"
                       : guest == guest::Architecture::arm64 ? "arm64"
                                                             : "x86";
    return std::ranges::find(promotion.architectures, name) != promotion.architectures.end();
}

Result<> plan_directories(GuestState& guest, const std::string& path, ImportPlan& plan) {
    if (path.empty() || !guest.plan_directory(path)) return {};
    TRY(guest.require_plain_directory(path));
    TRY_ASSIGN(const bool there, guest.exists(path));
    if (there) return {};
    TRY(plan_directories(guest, std::string(parent_path(path)), plan));
    plan.new_directories.push_back(path);
    return {};
}

Result<> plan_links(GuestState& guest, const guest::WindowsInstall& windows, ImportPlan& plan) {
    LinkPlanner planner(guest, plan);
    std::set<std::string, ILess> wanted;
    for (const auto& extra : plan.drivers.extras) { // before the vendor's names: a user's word counts more
        if (!wanted.insert(extra.target).second) continue;
        TRY(planner.add(extra));
    }
    for (const auto& promotion : plan.drivers.promotions) {
        if (!promotion_fits(promotion, windows.architecture) || !wanted.insert(promotion.target).second) continue;
        TRY(planner.add(promotion));
    }
    if (plan.drivers.store_junction && guest.volume().kind() == guest::VolumeKind::ntfs) {
        const auto path = join_path(kOwnRepository, plan.drivers.primary().folder);
        wanted.insert(path);
        TRY(planner.add_store_junction(path, windows));
    }
    planner.finish();
    // Names an older driver of this card had and the new one has not.
    for (const auto& link : plan.before.links) {
        const bool mine = std::ranges::any_of(
            link.cards, [&](const auto& card) { return iequals(card, plan.drivers.instance_path); });
        if (!mine || wanted.contains(link.path)) continue;
        if (link.extra && !plan.drivers.scope.complete) {
            planner.leave(link);
            continue;
        }
        if (others_use(link, plan.drivers.instance_path)) continue;
        PlannedLink gone;
        gone.action = FileAction::remove;
        gone.link = link;
        plan.links.push_back(std::move(gone));
    }
    return {};
}

} // namespace exhyperv::drivers
