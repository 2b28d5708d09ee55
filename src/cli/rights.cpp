#include "cli/rights.h"

#include "app/interrupt.h"
#include "platform/elevation.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

constexpr std::string_view kElevationCheck = "host.elevation";

} // namespace

bool can_ask_for_rights(const Invocation& call) {
    const auto host = call.host_uri();
    return host && host->scheme == app::HostUri::Scheme::local && platform::can_ask_for_elevation();
}

Result<ExitCode> run_with_rights(Invocation& call) {
    call.output.aside(call.output.ui().text("cli.rights.asking"));
    TRY_ASSIGN(const auto process, platform::ElevatedProcess::start(call.settings().words));
    call.output.leave_to_another(); // it writes to the same places
    const CancelToken ignored;      // Ctrl-C reaches both: the other one stops at a safe place, this one waits for that
    const app::InterruptGuard guard(ignored);
    for (;;)
        if (const auto code = process.wait(std::chrono::milliseconds(500))) return static_cast<ExitCode>(*code);
}

bool only_rights_are_missing(const assign::Plan& plan, bool elevated) {
    if (elevated) return false;
    const auto missing = [](const assign::Check& check) { return check.id == kElevationCheck; };
    const auto failed = [](const assign::Check& check) { return check.verdict == assign::Verdict::fail; };
    if (!std::all_of(plan.checks.begin(), plan.checks.end(),
                     [&](const auto& check) { return !failed(check) || missing(check); }))
        return false;
    return plan.blocked() || std::any_of(plan.steps.begin(), plan.steps.end(),
                                         [](const assign::Step& step) { return step.needs_elevation; });
}

} // namespace exhyperv::cli
