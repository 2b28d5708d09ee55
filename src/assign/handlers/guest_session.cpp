#include "assign/handlers/guest_session.h"

#include "assign/core/json_fields.h"
#include "assign/core/scope_json.h"
#include "assign/guest_choice.h"
#include "assign/handlers/handlers.h"
#include "assign/preflight/check.h"
#include "assign/state/guest_record.h"
#include "assign/wddm.h"
#include "drivers/import.h"
#include "drivers/linux_guest.h"
#include "drivers/purge.h"
#include "drivers/read_back.h"
#include "hyperv/lookup.h"
#include "hyperv/vms.h"
#include "platform/file.h"

#include <algorithm>
#include <iterator>

namespace exhyperv::assign {

Result<GuestTarget> guest_target(const StepContext& context) {
    GuestTarget target;
    TRY_ASSIGN(target.vm, vm_of(context));
    target.vm_name = text_or(context.parameters, "vm_name");
    TRY_ASSIGN(target.card, text_field(context.parameters, "card"));
    target.card_name = text_or(context.parameters, "card_name", target.card);
    target.disk = text_or(context.parameters, "disk");
    TRY_ASSIGN(const auto partition, number_field(context.parameters, "partition"));
    target.partition = static_cast<std::uint32_t>(partition);
    const std::string engine = text_or(context.parameters, "engine", "direct");
    const auto known = guest::engine_of_name(engine);
    if (!known) return fail("guest.engine_not_here", {{"engine", engine}});
    target.engine = *known;
    host::Host& host = context.environment.host;
    if (target.disk.empty()) {
        TRY_ASSIGN(const auto vms, hyperv::list_vms(host.cim(), context.call));
        TRY_ASSIGN(const auto vm, hyperv::find_vm(vms, target.vm.str()));
        TRY_ASSIGN(const auto choice, choose_guest(host, vm, std::nullopt, target.partition));
        target.disk = choice.disk;
        target.partition = choice.windows.partition;
    }
    TRY_ASSIGN(target.local_path, host.files().local_path(target.disk));
    return target;
}

Result<std::unique_ptr<guest::GuestDisk>> open_guest(const GuestTarget& target, bool writable) {
    TRY_ASSIGN(auto disk, guest::GuestDisk::open(target.local_path, {writable, target.partition, target.engine}));
    if (disk->linux_system() == nullptr && disk->windows().build < kFirstGpuPvGuestBuild)
        return fail("guest.too_old", {{"build", std::to_string(disk->windows().build)}, {"disk", target.disk}});
    return disk;
}

namespace {

/// Linux guests are told of no registry values.
bool has_registry(guest::GuestDisk& disk) {
    return disk.volume().kind() != guest::VolumeKind::ext4;
}

/// Every file of the card that is in the guest now, by its hash; links and registry values too.
Result<> read_back_import(const StepContext& context, const GuestTarget& target, StepRun& run) {
    TRY_ASSIGN(const auto disk, open_guest(target, false));
    TRY_ASSIGN(const auto manifest, drivers::read_manifest(disk->volume()));
    if (!manifest || manifest->card(target.card) == nullptr)
        return fail("step.import_not_found", {{"disk", target.disk}, {"card", target.card_name}});
    TRY_ASSIGN(const auto found, drivers::read_back(*disk, drivers::part_of(*manifest, target.card), {}, context.call));
    if (!found.sound())
        return fail("step.import_wrong", {{"disk", target.disk},
                                          {"card", target.card_name},
                                          {"count", std::to_string(found.wrong_count)},
                                          {"first", found.wrong.front()}});
    run.facts.push_back({has_registry(*disk) ? "step.import.read_back" : "step.import.read_back_linux",
                         {{"files", std::to_string(found.files)},
                          {"size", size_text(found.bytes)},
                          {"values", std::to_string(found.values)}}});
    return {};
}

} // namespace

Result<StepRun> import_into_guest(const StepContext& context, const GuestTarget& target) {
    host::Host& host = context.environment.host;
    TRY_ASSIGN(auto drivers, drivers::resolve(host.registry(), host.files(), target.card, context.call));
    const std::string& state = context.environment.state_directory;
    const std::string copy = manifest_copy_path(state, target.vm, target.place());
    drivers::ImportOptions options;
    if (auto known = drivers::read_manifest_copy(copy)) options.host_copy = std::move(*known);
    if (bool_or(context.parameters, "copy", false)) options.placement = drivers::Placement::copy;
    TRY_ASSIGN(options.scope, scope_from_json(field_or_null(context.parameters, "scope")));
    options.files = &host.files();
    StepRun run;
    drivers::Manifest manifest;
    {
        TRY_ASSIGN(const auto disk, open_guest(target, true));
        TRY_ASSIGN(drivers,
                   drivers::fit_to_guest(std::move(drivers), disk->volume().kind(), host.files(), context.call));
        TRY_ASSIGN(const auto plan, drivers::plan_import(drivers, *disk, options, context.call));
        if (plan.nothing_to_do()) {
            manifest = plan.before;
        } else {
            if (!plan.enough_space())
                return fail("drivers.no_space", {{"disk", target.disk},
                                                 {"needed", size_text(plan.space_needed)},
                                                 {"free", size_text(plan.space_free)}});
            TRY_ASSIGN(auto report, drivers::run_import(*disk, plan, host.files(), context.progress, context.call));
            const bool registry = has_registry(*disk);
            TRY(disk->commit());
            TRY(disk->close());
            run.changed = true;
            run.warnings = plan.warnings;
            std::ranges::move(report.warnings, std::back_inserter(run.warnings));
            run.facts.push_back({registry ? "step.import.files" : "step.import.files_linux",
                                 {{"written", std::to_string(report.files_written)},
                                  {"kept", std::to_string(report.files_kept)},
                                  {"size", size_text(report.bytes_written)},
                                  {"values", std::to_string(report.values_changed)}}});
            manifest = std::move(report.manifest);
        }
    } // closed: what is claimed next is read from the disk itself
    if (run.changed) TRY(read_back_import(context, target, run));
    TRY(platform::make_directories(platform::directory_of(copy)));
    TRY(drivers::write_manifest_copy(copy, manifest));
    const std::string version = drivers.primary().version.version;
    TRY(remember_guest(state, target.vm, {target.card, target.place(), version}));
    run.record = {{"disk", target.disk}, {"partition", target.partition}};
    run.facts.push_back({"step.import.fact", {{"gpu", target.card_name}, {"version", version}, {"disk", target.disk}}});
    return run;
}

Result<StepRun> purge_from_guest(const StepContext& context, const GuestTarget& target) {
    const std::string& state = context.environment.state_directory;
    const std::string copy_path = manifest_copy_path(state, target.vm, target.place());
    StepRun run;
    drivers::PurgeRequest request{target.card, std::nullopt};
    if (auto copy = drivers::read_manifest_copy(copy_path)) request.host_copy = std::move(*copy);
    TRY_ASSIGN(const auto disk, open_guest(target, true));
    TRY_ASSIGN(const auto plan, drivers::plan_purge(*disk, request, context.call));
    if (!plan.nothing_to_do()) {
        TRY_ASSIGN(auto report, drivers::run_purge(*disk, plan, context.progress, context.call));
        TRY(disk->commit());
        run.changed = true;
        run.warnings = report.warnings;
        run.facts.push_back({"step.purge.fact",
                             {{"gpu", target.card_name},
                              {"files", std::to_string(report.files_removed)},
                              {"restored", std::to_string(report.files_restored + report.values_restored)},
                              {"size", size_text(report.bytes_freed)},
                              {"disk", target.disk}}});
        TRY(disk->close());
        TRY_ASSIGN(const auto again, open_guest(target, false));
        TRY_ASSIGN(const auto left, drivers::left_behind(*again, plan, report));
        if (left) return fail("step.purge_not_complete", {{"disk", target.disk}});
        TRY(drivers::write_manifest_copy(copy_path, report.manifest));
    }
    TRY(forget_guest(state, target.vm, target.card, target.place()));
    run.record = {{"disk", target.disk}, {"partition", target.partition}};
    return run;
}

} // namespace exhyperv::assign
