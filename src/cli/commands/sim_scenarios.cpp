#include "cli/commands/commands.h"
#include "cli/invocation.h"
#include "cli/table.h"

namespace exhyperv::cli {
namespace {

constexpr ExampleSpec kExamples[] = {
    {"exhyperv sim scenarios", "cli.sim_scenarios.example"},
};

Result<ExitCode> run(Invocation& call) {
    const auto scenarios = app::simulated_scenarios();
    const Ui& ui = call.output.ui();
    Table table({{ui.text("cli.sim.col.uri"), false, true},
                 {ui.text("cli.sim.col.title")},
                 {ui.text("cli.sim.col.parameters")}});
    for (const auto& scenario : scenarios)
        table.add({{"sim:" + scenario.name, Tone::strong}, {scenario.title}, {scenario.parameters, Tone::faint}});
    call.output.result(scenarios_document(scenarios));
    call.output.print(table.render(ui) + '\n' + paragraph("", ui.text("cli.sim_scenarios.hint"), ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kSimScenarios{
    "sim", "scenarios", "cli.sim_scenarios.summary", "cli.sim_scenarios.details", {}, {}, kExamples, run};

} // namespace exhyperv::cli
