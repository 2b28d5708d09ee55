#include "app/interrupt.h"
#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/views/inventory_view.h"

namespace exhyperv::cli {
namespace {

constexpr auto kPowerTime = std::chrono::minutes(3);

constexpr PositionalSpec kPositionals[] = {{.name = "VM", .help = "cli.arg.vm"}};
constexpr ExampleSpec kStartExamples[] = {
    {"exhyperv vm start win11", "cli.vm_start.example"},
};
constexpr ExampleSpec kStopExamples[] = {
    {"exhyperv vm stop win11 --timeout 5m", "cli.vm_stop.example"},
};
constexpr ExampleSpec kTurnOffExamples[] = {
    {"exhyperv vm turn-off win11", "cli.vm_turn_off.example"},
    {"exhyperv vm turn-off win11 --yes", "cli.vm_turn_off.example_yes"},
};

struct Power {
    app::PowerAction action;
    std::string_view name; ///< in the JSON document
    model::VmState wanted;
    std::string_view question; ///< empty: nothing is lost, so nobody is asked
    std::string_view doing, done, nothing;
};

Result<ExitCode> change(Invocation& call, const Power& power) {
    Output& output = call.output;
    const Ui& ui = output.ui();
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(auto inventory, session->inventory(call.look_context()));
    TRY_ASSIGN(const auto vm, session->find_vm(inventory, call.arguments.text("VM")));
    const MessageArgs named{{"vm", vm.name}};
    if (vm.state == power.wanted) {
        output.result(power_document(inventory, vm, power.name, false));
        output.print(ui.text(power.nothing, named) + '\n');
        return ExitCode::done;
    }
    if (!power.question.empty()) {
        output.line(ui.text("cli.vm_turn_off.about", named));
        TRY(call.confirm(power.question));
    }
    output.print(ui.text(power.doing, named) + '\n');
    const CancelToken cancel;
    {
        const app::InterruptGuard guard(cancel);
        const CallContext context{Deadline::after(call.settings().timeout.value_or(kPowerTime)), cancel};
        TRY(session->change_power(vm.id, power.action, context));
    }
    // What is told is what the host says now, not what was asked of it.
    TRY_ASSIGN(inventory, session->inventory(call.look_context()));
    TRY_ASSIGN(const auto after, session->find_vm(inventory, vm.id.str()));
    output.result(power_document(inventory, after, power.name, true));
    output.print(
        ui.paint(after.state == power.wanted ? Tone::good : Tone::warn, after.state == power.wanted ? "✓ " : "! ") +
        ui.text(power.done, {{"vm", after.name}, {"state", vm_state_text(after.state, ui)}}) + '\n');
    return ExitCode::done;
}

Result<ExitCode> start(Invocation& call) {
    return change(call, {app::PowerAction::start, "start", model::VmState::running, "", "cli.vm_start.doing",
                         "cli.vm_power.done", "cli.vm_start.nothing"});
}

Result<ExitCode> stop(Invocation& call) {
    return change(call, {app::PowerAction::shut_down, "shut_down", model::VmState::off, "", "cli.vm_stop.doing",
                         "cli.vm_power.done", "cli.vm_power.off_already"});
}

Result<ExitCode> turn_off(Invocation& call) {
    return change(call, {app::PowerAction::turn_off, "turn_off", model::VmState::off, "cli.vm_turn_off.question",
                         "cli.vm_turn_off.doing", "cli.vm_power.done", "cli.vm_power.off_already"});
}

} // namespace

const CommandSpec kVmStart{"vm",         "start", "cli.vm_start.summary", "cli.vm_start.details",
                           kPositionals, {},      kStartExamples,         start};
const CommandSpec kVmStop{"vm",         "stop", "cli.vm_stop.summary", "cli.vm_stop.details",
                          kPositionals, {},     kStopExamples,         stop};
const CommandSpec kVmTurnOff{"vm",         "turn-off", "cli.vm_turn_off.summary", "cli.vm_turn_off.details",
                             kPositionals, {},         kTurnOffExamples,          turn_off};

} // namespace exhyperv::cli
