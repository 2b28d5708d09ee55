#include "assign/disk_journal.h"
#include "assign/preflight/groups.h"
#include "assign/state/guest_record.h"
#include "assign/wddm.h"
#include "drivers/drift.h"
#include "drivers/guest_paths.h"
#include "drivers/linux_guest.h"
#include "drivers/scope.h"
#include "platform/file.h"
#include "support/physical_disk.h"
#include "support/strings.h"

#include <fmt/format.h>

namespace exhyperv::assign {

namespace {

constexpr std::size_t kMostNamed = 20; ///< warnings a plan shows one by one

/// A dynamic image grows by what is written, rounded up to its blocks; measured at less than this.
constexpr std::uint64_t growth_of(std::uint64_t bytes) {
    return bytes + bytes / 10 * 3 + (64u << 20);
}

bool grows(guest::ImageFormat format) {
    using enum guest::ImageFormat;
    return format == vhdx_dynamic || format == vhdx_differencing || format == vhd_dynamic || format == vhd_differencing;
}

Check check_choice(const GuestChoice& choice) {
    const auto& windows = choice.windows;
    if (choice.linux_system)
        return make_check("guest.disk", Verdict::pass, "linux",
                          {{"disk", choice.disk},
                           {"system", choice.linux_system->name},
                           {"partition", std::to_string(windows.partition)}});
    return make_check("guest.disk", Verdict::pass, "ok",
                      {{"disk", choice.disk},
                       {"windows", windows.product_name},
                       {"build", fmt::format("{}.{}", windows.build, windows.revision)},
                       {"partition", std::to_string(windows.partition)}});
}

/// A disk that the host has online is the host's own, whatever the VM's settings say; the VM would not start either.
Check check_pass_through(host::Host& host, std::uint32_t number, const std::string& path, const CallContext& context) {
    const auto disks = host.devices().disks(context);
    if (!disks) return refused_check("guest.pass_through", disks.error());
    for (const auto& disk : *disks)
        if (disk.number == number)
            return make_check("guest.pass_through", disk.online ? Verdict::fail : Verdict::pass,
                              disk.online ? "online" : "offline", {{"disk", path}, {"name", disk.name}});
    return make_check("guest.pass_through", Verdict::unknown, "unknown", {{"disk", path}});
}

Check check_driver(const drivers::ResolvedDrivers& drivers, const drivers::ImportPlan& import) {
    return make_check(
        "guest.driver", Verdict::pass, import.nothing_to_do() ? "in_step" : "to_import",
        {{"version", drivers.primary().version.version},
         {"package", drivers.primary().folder},
         {"files", std::to_string(import.count(drivers::FileAction::add) + import.count(drivers::FileAction::replace))},
         {"kept", std::to_string(import.count(drivers::FileAction::keep))},
         {"size", size_text(import.bytes_to_write)}});
}

/// Missing and ambiguous files, each by name.
Checks check_files(const drivers::ImportPlan& import) {
    Checks checks;
    if (import.nothing_to_do()) return checks; // told when they were brought
    for (const Message& warning : import.warnings) {
        if (checks.size() >= kMostNamed) break;
        checks.push_back({"guest.files", Verdict::warn, warning, {}});
    }
    if (import.warnings.size() > checks.size())
        checks.push_back(make_check("guest.files", Verdict::warn, "more",
                                    {{"count", std::to_string(import.warnings.size() - checks.size())}}));
    return checks;
}

Checks check_space(const GuestChoice& choice, const drivers::ImportPlan& import) {
    Checks checks;
    const MessageArgs inside{
        {"needed", size_text(import.space_needed)}, {"free", size_text(import.space_free)}, {"disk", choice.disk}};
    checks.push_back(import.enough_space() ? make_check("guest.space", Verdict::pass, "enough", inside)
                                           : make_check("guest.space", Verdict::fail, "full", inside));
    if (!grows(choice.format)) return checks;
    const std::string directory = platform::directory_of(choice.local_path);
    const auto free = platform::free_space(directory);
    if (!free) {
        checks.push_back(make_check("host.space", Verdict::unknown, "unknown", {{"disk", choice.disk}}));
        return checks;
    }
    const auto growth = growth_of(import.bytes_to_write);
    const MessageArgs outside{{"needed", size_text(growth)}, {"free", size_text(*free)}, {"disk", choice.disk}};
    checks.push_back(*free >= growth ? make_check("host.space", Verdict::pass, "enough", outside)
                                     : make_check("host.space", Verdict::fail, "full", outside));
    return checks;
}

/// The VM is not off: its disk is not ours to open. What the host remembers of the last import has to do.
void survey_by_memory(const Environment& environment, const model::Vm& vm, const model::Gpu& gpu,
                      const drivers::ScopeWish& wish, GuestSurvey& survey, const CallContext& context) {
    if (vm.guest_build) survey.checks.push_back(check_guest_build(*vm.guest_build));
    const auto records = guest_records(environment.state_directory, vm.id);
    if (records && survey.drivers)
        for (const GuestRecord& record : *records) {
            if (!iequals(record.card, gpu.instance_path)) continue;
            const auto manifest =
                drivers::read_manifest_copy(manifest_copy_path(environment.state_directory, vm.id, record.place));
            if (manifest && *manifest)
                survey.in_step = in_step_by_record(environment.host, **manifest, *survey.drivers, wish, context)
                                     .value_or(false); // what cannot be looked up is not in step
        }
    survey.checks.push_back(survey.in_step
                                ? make_check("guest.driver", Verdict::pass, "in_step_by_record", {{"vm", vm.name}})
                                : make_check("guest.disk", Verdict::unknown, "in_use", {{"vm", vm.name}}));
}

} // namespace

/// A paravirtualized GPU needs dxgkrnl in the kernel that is started; which one that is, the loader's menu decides.
Checks check_linux(const guest::LinuxInstall& system) {
    std::vector<std::string> with, without;
    for (const auto& kernel : system.kernels)
        (kernel.dxgkrnl == guest::LinuxKernel::Dxgkrnl::missing ? without : with).push_back(kernel.release);
    const MessageArgs args{{"with", join(with, ", ")},
                           {"without", join(without, ", ")},
                           {"newest", system.kernels.empty() ? "" : system.kernels.back().release},
                           {"source", system.dxgkrnl_source}};
    Checks checks;
    if (system.kernels.empty())
        checks.push_back(make_check("guest.kernel", Verdict::unknown, "none", args));
    else if (without.empty())
        checks.push_back(make_check("guest.kernel", Verdict::pass, "ready", args));
    else if (!system.dxgkrnl_source.empty())
        checks.push_back(make_check("guest.kernel", Verdict::warn, "not_built", args));
    else
        checks.push_back(make_check("guest.kernel", Verdict::warn, with.empty() ? "missing" : "some", args));
    if (!system.loader_knows) checks.push_back(make_check("guest.loader", Verdict::warn, "ldconfig", {}));
    if (system.selinux) checks.push_back(make_check("guest.selinux", Verdict::warn, "labels", {}));
    return checks;
}

Result<bool> in_step_by_record(host::Host& host, const drivers::Manifest& host_copy, drivers::ResolvedDrivers drivers,
                               const drivers::ScopeWish& wish, const CallContext& context) {
    TRY_ASSIGN(drivers, drivers::fit_to_guest(std::move(drivers), host_copy.volume, host.files(), context));
    const auto known = drivers::remembered_scope(host_copy, &host_copy, drivers.instance_path);
    const auto repository = std::string(drivers::parent_path(drivers.primary().directory));
    const auto scope = drivers::scope_after(known, wish, repository);
    if (scope != known) return false;
    if (!scope.plain()) TRY(drivers::add_scope(drivers, scope, host.files(), context));
    return drivers::compare(host_copy, drivers).state == drivers::DriftState::same;
}

Checks check_disk_journals(host::Host& host, const model::Vm& vm) {
    Checks checks;
    for (const auto& disk : disks_with_journal(host, vm))
        checks.push_back(make_check("vm.disk_journal", Verdict::warn, "leftover", {{"vm", vm.name}, {"disk", disk}}));
    return checks;
}

Check check_guest_build(std::uint32_t build) {
    const MessageArgs args{{"build", std::to_string(build)}, {"wddm", std::string(model::wddm_of_build(build))}};
    if (build < kFirstGpuPvGuestBuild) return make_check("guest.build", Verdict::fail, "too_old", args);
    if (build < kFirstNamedGpuGuestBuild) return make_check("guest.build", Verdict::warn, "no_name", args);
    return make_check("guest.build", Verdict::pass, "ok", args);
}

GuestSurvey survey_guest(const Environment& environment, const model::Vm& vm, const model::Gpu& gpu,
                         const GuestWish& wish, const CallContext& context) {
    host::Host& host = environment.host;
    GuestSurvey survey;
    survey.engine = choose_engine(host.uri(), wish.engine, {wish.disk.value_or("")});
    auto drivers = drivers::resolve(host.registry(), host.files(), gpu.instance_path, context);
    if (drivers)
        survey.drivers = std::move(*drivers);
    else
        survey.checks.push_back(refused_check("guest.driver", drivers.error()));
    // The import's last act is to write it: a damaged one is to be known before gigabytes are copied.
    if (const auto records = guest_records(environment.state_directory, vm.id); !records)
        survey.checks.push_back(refused_check("guest.record", records.error()));
    if (vm.state != model::VmState::off) {
        survey_by_memory(environment, vm, gpu, wish.scope, survey, context);
        return survey;
    }

    auto choice = choose_guest(host, vm, wish.disk, wish.partition);
    if (!choice) {
        survey.checks.push_back(refused_check("guest.disk", choice.error()));
        return survey;
    }
    survey.choice = std::move(*choice);
    survey.engine =
        choose_engine(host.uri(), wish.engine,
                      {survey.choice->disk, survey.choice->linux_system.has_value(), survey.choice->unlocked});
    survey.checks.push_back(check_choice(*survey.choice));
    if (const auto number = physical_disk_number(survey.choice->disk))
        survey.checks.push_back(check_pass_through(host, *number, survey.choice->disk, context));
    if (survey.choice->linux_system)
        for (Check& check : check_linux(*survey.choice->linux_system))
            survey.checks.push_back(std::move(check));
    else
        survey.checks.push_back(check_guest_build(survey.choice->windows.build));
    const MessageArgs named{{"disk", survey.choice->disk}};
    if (survey.choice->chained) survey.checks.push_back(make_check("guest.chain", Verdict::warn, "leaf", named));
    if (survey.choice->leftover_journal) { // redone or dropped when the disk is opened for writing; until then it is
                                           // not readable
        survey.checks.push_back(make_check("guest.journal", Verdict::warn, "leftover", named));
        return survey;
    }
    if (!survey.drivers) return survey;

    auto open = guest::GuestDisk::open(survey.choice->local_path, {false, survey.choice->windows.partition});
    if (!open) {
        survey.checks.push_back(
            refused_check("guest.disk", named_by_host(open.error(), survey.choice->local_path, survey.choice->disk)));
        return survey;
    }
    auto fitted = drivers::fit_to_guest(std::move(*survey.drivers), (*open)->volume().kind(), host.files(), context);
    if (!fitted) {
        survey.drivers.reset();
        survey.checks.push_back(refused_check("guest.driver", fitted.error()));
        return survey;
    }
    survey.drivers = std::move(*fitted);
    drivers::ImportOptions options;
    const GuestPlace place{survey.choice->disk, survey.choice->windows.partition};
    if (auto known = drivers::read_manifest_copy(manifest_copy_path(environment.state_directory, vm.id, place)))
        options.host_copy = std::move(*known);
    if (wish.copy) options.placement = drivers::Placement::copy;
    options.scope = wish.scope;
    options.files = &host.files();
    auto import = drivers::plan_import(*survey.drivers, **open, options, context);
    if (!import) {
        survey.checks.push_back(refused_check("guest.driver", import.error()));
        return survey;
    }
    survey.import = std::move(*import);
    survey.import->disk = survey.choice->disk;
    survey.in_step = survey.import->nothing_to_do();
    survey.checks.push_back(check_driver(*survey.drivers, *survey.import));
    for (Check& check : check_files(*survey.import))
        survey.checks.push_back(std::move(check));
    if (!survey.in_step)
        for (Check& check : check_space(*survey.choice, *survey.import))
            survey.checks.push_back(std::move(check));
    return survey;
}

} // namespace exhyperv::assign
