#include "assign/image_drivers.h"

#include "assign/preflight/groups.h"
#include "assign/wddm.h"
#include "drivers/guest_layout.h"
#include "drivers/linux_guest.h"
#include "guest/transaction.h"
#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

/// A dynamic image grows by what is written, rounded up to its blocks.
std::uint64_t growth_of(guest::ImageFormat format, std::uint64_t bytes) {
    using enum guest::ImageFormat;
    const bool grows =
        format == vhdx_dynamic || format == vhdx_differencing || format == vhd_dynamic || format == vhd_differencing;
    return grows && bytes != 0 ? bytes + bytes / 10 * 3 + (64u << 20) : 0;
}

Result<std::unique_ptr<guest::GuestDisk>> open_system(const ImageImportRequest& request, bool writable) {
    const std::string& image = request.image;
    const auto engine = choose_engine("", request.engine, {image}).engine; // of a Linux guest: direct all the same
    TRY_ASSIGN(auto disk, guest::GuestDisk::open(image, {writable, request.partition, engine}));
    if (disk->linux_system() == nullptr && disk->windows().build < kFirstGpuPvGuestBuild)
        return fail("guest.too_old", {{"build", std::to_string(disk->windows().build)}, {"disk", image}});
    return disk;
}

/// A card given by its hardware id alone is the one of that id that the guest already has a driver of.
Result<> know_again(guest::GuestDisk& disk, drivers::ResolvedDrivers& drivers) {
    const auto cut = drivers.instance_path.rfind('\\');
    if (!iequals(drivers.instance_path.substr(cut + 1), drivers::kImageInstance)) return {};
    const auto device = drivers.instance_path.substr(0, cut);
    const auto manifest = drivers::read_manifest(disk.volume());
    if (!manifest || !*manifest) return {}; // an unusable manifest is the planner's business
    for (const auto& card : (*manifest)->cards)
        if (card.instance_path.size() > device.size() && istarts_with(card.instance_path, device) &&
            (card.instance_path[device.size()] == '&' || card.instance_path[device.size()] == '\\')) {
            drivers.instance_path = card.instance_path;
            break;
        }
    return {};
}

std::optional<guest::LinuxInstall> linux_of(const guest::GuestDisk& disk) {
    return disk.linux_system() != nullptr ? std::optional(*disk.linux_system()) : std::nullopt;
}

EngineSubject subject_of(const guest::GuestDisk& disk) {
    return {disk.image().path, disk.linux_system() != nullptr, disk.unlocked()};
}

Result<ImageImport> look(guest::GuestDisk& disk, const ImageImportRequest& request, drivers::StoreCopy& store,
                         const drivers::ResolvedDrivers& resolved, const CallContext& context) {
    ImageImport out;
    TRY_ASSIGN(auto drivers, drivers::fit_to_guest(resolved, disk.volume().kind(), store, context));
    out.linux_system = linux_of(disk);
    out.engine = choose_engine("", request.engine, subject_of(disk));
    TRY(know_again(disk, drivers));
    out.image = request.image;
    out.windows = disk.windows();
    out.format = disk.image().format;
    out.chained = disk.image().chain.size() > 1;
    drivers::ImportOptions options;
    if (request.copy) options.placement = drivers::Placement::copy;
    options.scope = request.scope;
    options.files = &store;
    TRY_ASSIGN(out.plan, drivers::plan_import(drivers, disk, options, context));
    out.plan.disk = request.image;
    if (out.linux_system)
        for (auto& check : check_linux(*out.linux_system)) {
            if (check.verdict == Verdict::pass) continue;
            out.plan.warnings.push_back(std::move(check.evidence));
            out.plan.warnings.push_back(std::move(check.remedy));
        }
    out.growth = growth_of(out.format, out.plan.bytes_to_write);
    if (const auto free = platform::free_space(platform::directory_of(request.image))) out.growth_free = *free;
    return out;
}

bool is_meant(const drivers::ManifestCard& card, const std::string& wanted) {
    return wanted.empty() || iequals(card.instance_path, wanted) || istarts_with(card.instance_path, wanted) ||
           icontains(card.name, wanted);
}

/// The cards that are to go, as one request each: all of them in one purge when everything goes.
Result<ImagePurge> look(guest::GuestDisk& disk, const ImagePurgeRequest& request, const CallContext& context) {
    ImagePurge out;
    out.image = request.image;
    out.windows = disk.windows();
    out.linux_system = linux_of(disk);
    out.engine = choose_engine("", request.engine, subject_of(disk));
    TRY_ASSIGN(const auto manifest, drivers::read_manifest(disk.volume()));
    std::vector<std::string> names;
    if (manifest)
        for (const auto& card : manifest->cards) {
            names.push_back(card.name + " (" + card.instance_path + ")");
            if (is_meant(card, request.card)) out.cards.push_back(card);
        }
    if (out.cards.empty() && !names.empty())
        return fail("image.no_such_card", {{"card", request.card}, {"cards", join(names, ", ")}});
    if (out.cards.size() > 1 && !request.card.empty())
        return fail("image.no_such_card", {{"card", request.card}, {"cards", join(names, ", ")}});
    drivers::PurgeRequest purge;
    purge.extras_confirmed = request.extras_confirmed;
    if (!request.card.empty() && !out.cards.empty()) purge.card = out.cards.front().instance_path;
    TRY_ASSIGN(out.plan, drivers::plan_purge(disk, purge, context));
    return out;
}

} // namespace

Result<> settle_image(const std::string& image, std::uint32_t partition) {
    if (!guest::has_leftover_journal(image)) return {};
    TRY(guest::GuestDisk::open(image, {true, partition}));
    return {};
}

Result<ImageImport> plan_image_import(const ImageImportRequest& request, const CallContext& context) {
    TRY(guest::require_no_child(request.image)); // as opening it for writing will
    TRY_ASSIGN(const auto store, drivers::StoreCopy::open(request.store, context));
    TRY_ASSIGN(const auto drivers, drivers::resolve(*store, *store, store->card(), context));
    TRY_ASSIGN(const auto disk, open_system(request, false));
    return look(*disk, request, *store, drivers, context);
}

Result<ImageImportResult> run_image_import(const ImageImportRequest& request, const ProgressSink& progress,
                                           const CallContext& context) {
    TRY_ASSIGN(const auto store, drivers::StoreCopy::open(request.store, context));
    TRY_ASSIGN(const auto drivers, drivers::resolve(*store, *store, store->card(), context));
    ImageImportResult out;
    {
        TRY_ASSIGN(const auto disk, open_system(request, true));
        TRY_ASSIGN(out.import, look(*disk, request, *store, drivers, context));
        const auto& import = out.import;
        if (import.plan.enough_space() && !import.fits())
            return fail("image.no_room", {{"image", request.image},
                                          {"needed", std::to_string(import.growth >> 20)},
                                          {"free", std::to_string(*import.growth_free >> 20)}});
        TRY_ASSIGN(out.report, drivers::run_import(*disk, import.plan, *store, progress, context));
        if (!import.plan.nothing_to_do()) TRY(disk->commit());
        TRY(disk->close());
    } // closed: what is claimed next is read from the image itself
    TRY_ASSIGN(const auto disk, open_system(request, false));
    TRY_ASSIGN(const auto manifest, drivers::read_manifest(disk->volume()));
    if (!manifest || manifest->card(out.import.plan.drivers.instance_path) == nullptr)
        return fail("image.read_back", {{"image", request.image}, {"count", "1"}, {"first", store->card()}});
    TRY_ASSIGN(
        out.read_back,
        drivers::read_back(*disk, drivers::part_of(*manifest, out.import.plan.drivers.instance_path), {}, context));
    if (!out.read_back.sound())
        return fail("image.read_back", {{"image", request.image},
                                        {"count", std::to_string(out.read_back.wrong_count)},
                                        {"first", out.read_back.wrong.front()}});
    return out;
}

Result<ImagePurge> plan_image_purge(const ImagePurgeRequest& request, const CallContext& context) {
    TRY(guest::require_no_child(request.image));
    TRY_ASSIGN(const auto disk, guest::GuestDisk::open(request.image, {false, request.partition}));
    return look(*disk, request, context);
}

Result<ImagePurgeResult> run_image_purge(const ImagePurgeRequest& request, const ProgressSink& progress,
                                         const CallContext& context) {
    ImagePurgeResult out;
    {
        const auto engine = choose_engine("", request.engine, {request.image}).engine;
        TRY_ASSIGN(const auto disk, guest::GuestDisk::open(request.image, {true, request.partition, engine}));
        TRY_ASSIGN(out.purge, look(*disk, request, context));
        if (out.purge.plan.nothing_to_do()) return out;
        TRY_ASSIGN(out.report, drivers::run_purge(*disk, out.purge.plan, progress, context));
        TRY(disk->commit());
        TRY(disk->close());
    }
    TRY_ASSIGN(const auto disk, guest::GuestDisk::open(request.image, {false, request.partition}));
    TRY_ASSIGN(const auto left, drivers::left_behind(*disk, out.purge.plan, out.report));
    if (left) return fail("image.purge_incomplete", {{"image", request.image}});
    return out;
}

} // namespace exhyperv::assign
