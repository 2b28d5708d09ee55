#include "drivers/link_plan.h"

#include "drivers/file_version.h"
#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <algorithm>
#include <cstring>

namespace exhyperv::drivers {

namespace {

constexpr std::uint32_t kSymlinkTag = 0xA000000C, kJunctionTag = 0xA0000003;
constexpr std::uint64_t kMaxExecutable = 64u << 20; ///< guest files whose version is worth reading

const ManifestLink* known_link(const Manifest& manifest, std::string_view path) {
    for (const auto& link : manifest.links)
        if (iequals(link.path, path)) return &link;
    return nullptr;
}

bool others_use(const ManifestLink& link, std::string_view card) {
    return std::ranges::any_of(link.cards, [&](const auto& other) { return !iequals(other, card); });
}

/// wmi-facts 4.7: for programs and libraries the file version decides, then the time.
Result<bool> is_newer(const PackageFile& ours, const std::string& guest_path, const guest::FileInfo& theirs,
                      GuestState& guest) {
    if (ours.file_version != 0 && theirs.reparse_tag == 0 && theirs.size <= kMaxExecutable) {
        TRY_ASSIGN(const auto bytes, guest.volume().read_file(guest_path, kMaxExecutable));
        TRY_ASSIGN(const auto version,
                   read_file_version(bytes.size(), [&](std::uint64_t offset, std::span<std::byte> out) -> Result<> {
                       std::memcpy(out.data(), bytes.data() + offset, out.size());
                       return {};
                   }));
        if (version != 0 && version != ours.file_version) return ours.file_version > version;
    }
    return ours.modified > theirs.modified;
}

/// One promotion at a time; the answers that concern people are collected and told once.
class LinkPlanner {
  public:
    LinkPlanner(GuestState& guest, ImportPlan& plan) : guest_(guest), plan_(plan) {}

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

        TRY_ASSIGN(const auto existing, guest_.stat(promotion.target));
        const auto* known = known_link(plan_.before, promotion.target);
        if (known != nullptr) planned.link.backup = known->backup;
        if (!existing) {
            if (!parent_there) TRY(plan_directories(guest_, parent, plan_));
            return take(std::move(planned), FileAction::add);
        }
        if (existing->reparse_tag == kSymlinkTag || existing->reparse_tag == kJunctionTag)
            return existing_link(std::move(planned), *existing, known);
        if (existing->directory) {
            plan_.warnings.push_back({"drivers.warn.target_is_directory", {{"path", promotion.target}}});
            return {};
        }
        return existing_file(std::move(planned), *existing, known, promotion, *file);
    }

    void finish() {
        if (!preserved_.empty())
            plan_.warnings.push_back(
                {"drivers.warn.files_preserved",
                 {{"count", std::to_string(preserved_.size())}, {"files", join(preserved_, ", ")}}});
    }

  private:
    Result<> take(PlannedLink planned, FileAction action) {
        planned.action = action;
        if (planned.link.copy && action != FileAction::keep) planned.bytes = planned.link.size;
        plan_.links.push_back(std::move(planned));
        return {};
    }

    Result<> existing_link(PlannedLink planned, const guest::FileInfo& existing, const ManifestLink* known) {
        const bool same = !planned.link.copy && backslashes(existing.link_target) == planned.link.target;
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
                           const Promotion& promotion, const PackageFile& file) {
        if (known != nullptr) {
            const bool untouched = known->copy && existing.size == known->size && existing.modified == known->modified;
            if (untouched && others_use(*known, plan_.drivers.instance_path) &&
                !iequals(known->target, planned.link.target)) {
                plan_.warnings.push_back(
                    {"drivers.warn.link_taken", {{"path", planned.link.path}, {"target", known->target}}});
                return {};
            }
            if (untouched && planned.link.copy && known->size == file.size && known->modified == file.modified) {
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
        bool replace = promotion.mode == PromotionMode::overwrite;
        if (promotion.mode == PromotionMode::when_newer) {
            TRY_ASSIGN(replace, is_newer(file, promotion.target, existing, guest_));
        }
        if (replace) return aside(std::move(planned));
        if (promotion.mode == PromotionMode::preserve_existing) preserved_.push_back(promotion.target);
        return {};
    }

    Result<> aside(PlannedLink planned) {
        TRY_ASSIGN(planned.link.backup, guest_.free_backup_name(planned.link.path));
        planned.move_aside = true;
        return take(std::move(planned), FileAction::add);
    }

    GuestState& guest_;
    ImportPlan& plan_;
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
    if (path.empty() ||
        std::ranges::any_of(plan.new_directories, [&](const auto& known) { return iequals(known, path); }))
        return {};
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
    for (const auto& promotion : plan.drivers.promotions) {
        if (!promotion_fits(promotion, windows.architecture)) continue;
        wanted.insert(promotion.target);
        TRY(planner.add(promotion));
    }
    planner.finish();
    // Names an older driver of this card had and the new one has not.
    for (const auto& link : plan.before.links) {
        const bool mine = std::ranges::any_of(
            link.cards, [&](const auto& card) { return iequals(card, plan.drivers.instance_path); });
        if (!mine || wanted.contains(link.path) || others_use(link, plan.drivers.instance_path)) continue;
        PlannedLink gone;
        gone.action = FileAction::remove;
        gone.link = link;
        plan.links.push_back(std::move(gone));
    }
    return {};
}

} // namespace exhyperv::drivers
