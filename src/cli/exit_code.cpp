#include "cli/exit_code.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

struct Rule {
    std::string_view prefix; ///< a whole code, or a family when it ends with '.'
    ExitCode code;
};

// The first rule that fits decides.
constexpr Rule kRules[] = {
    {"cli.declined", ExitCode::cancelled},
    {"cli.operation_not_found", ExitCode::not_found},
    {"cli.no_virtual_disk", ExitCode::refused},
    {"cli.internal", ExitCode::failed},
    {"cli.", ExitCode::usage},
    {"app.host_uri", ExitCode::usage},
    {"app.host_uri_parameter", ExitCode::usage},
    {"app.host_uri_password", ExitCode::usage},
    {"app.remote_looks_only", ExitCode::refused},
    {"app.host_not_supported", ExitCode::usage},
    {"app.not_simulated", ExitCode::usage},
    {"app.config_", ExitCode::usage},
    {"app.too_many_hosts", ExitCode::usage},
    {"app.host_unknown", ExitCode::not_found},
    {"app.", ExitCode::host_unavailable},
    {"journal.", ExitCode::host_unavailable},
    {"state.corrupt", ExitCode::host_unavailable},
    {"accounts.corrupt", ExitCode::host_unavailable},
    {"call.", ExitCode::cancelled},
    {"job.cancelled", ExitCode::cancelled},
    {"job.timeout", ExitCode::cancelled},
    {"vm.not_found", ExitCode::not_found},
    {"vm.start_timeout", ExitCode::failed},
    {"vm.shutdown_timeout", ExitCode::failed},
    {"vm.turn_off_timeout", ExitCode::failed},
    {"vm.ambiguous", ExitCode::not_found},
    {"gpu.not_found", ExitCode::not_found},
    {"gpu.ambiguous", ExitCode::not_found},
    {"gpu.which", ExitCode::not_found},
    {"device.unknown_danger", ExitCode::usage},
    {"device.none_given", ExitCode::usage},
    {"device.unknown", ExitCode::not_found},
    {"device.not_found", ExitCode::not_found},
    {"device.ambiguous", ExitCode::not_found},
    {"device.is_child", ExitCode::not_found},
    {"device.which_card", ExitCode::not_found},
    {"disk.not_found", ExitCode::not_found},
    {"file.not_found", ExitCode::not_found},
    {"accounts.none", ExitCode::not_found},
    {"accounts.unknown_user", ExitCode::not_found},
    {"operation.busy", ExitCode::busy},
    {"operation.recover_first", ExitCode::busy},
    {"operation.cannot_resume", ExitCode::refused},
    {"operation.not_found", ExitCode::not_found},
    {"sim.in_use", ExitCode::busy},
    {"sim.unknown_scenario", ExitCode::not_found},
    {"sim.bad_parameter", ExitCode::usage},
    {"sim.bad_driver_version", ExitCode::usage},
    {"sim.no_driver", ExitCode::not_found},
    {"sim.", ExitCode::host_unavailable},
    {"session.", ExitCode::host_unavailable},
    {"host.not_reached", ExitCode::host_unavailable},
    {"host.sign_in_refused", ExitCode::host_unavailable},
    {"host.devices_not_local", ExitCode::refused},
    {"host.registry_not_local", ExitCode::refused},
    {"host.files_not_local", ExitCode::refused},
    {"platform.", ExitCode::host_unavailable},
    {"hyperv.not_installed", ExitCode::host_unavailable},
    {"cim.access_denied", ExitCode::host_unavailable},
    {"plan.blocked", ExitCode::refused},
    {"vm.", ExitCode::refused},
    {"gpu.", ExitCode::refused},
    {"guest.", ExitCode::refused},
    {"disk.", ExitCode::refused},
    {"hive.", ExitCode::refused},
    {"drivers.no_space", ExitCode::refused},
    {"drivers.extra_missing", ExitCode::not_found},
    {"drivers.extra_source", ExitCode::usage},
    {"drivers.extra_target", ExitCode::usage},
    {"drivers.extra_too_many", ExitCode::refused},
    {"drivers.scope_without_host", ExitCode::refused},
    {"store.bad_card", ExitCode::usage},
    {"store.", ExitCode::not_found},
    {"image.no_such_card", ExitCode::not_found},
    {"image.no_room", ExitCode::refused},
};

} // namespace

ExitCode exit_code_of(const Error& error) {
    for (const Rule& rule : kRules)
        if (rule.prefix.back() == '.' || rule.prefix.back() == '_' ? error.code.starts_with(rule.prefix)
                                                                   : error.code == rule.prefix)
            return rule.code;
    return ExitCode::failed;
}

const std::array<ExitCodeText, 10>& exit_code_texts() {
    static constexpr std::array<ExitCodeText, 10> kTexts{{
        {ExitCode::done, "cli.exit.done"},
        {ExitCode::failed, "cli.exit.failed"},
        {ExitCode::usage, "cli.exit.usage"},
        {ExitCode::refused, "cli.exit.refused"},
        {ExitCode::not_found, "cli.exit.not_found"},
        {ExitCode::undone, "cli.exit.undone"},
        {ExitCode::partly_undone, "cli.exit.partly_undone"},
        {ExitCode::busy, "cli.exit.busy"},
        {ExitCode::cancelled, "cli.exit.cancelled"},
        {ExitCode::host_unavailable, "cli.exit.host_unavailable"},
    }};
    return kTexts;
}

} // namespace exhyperv::cli
