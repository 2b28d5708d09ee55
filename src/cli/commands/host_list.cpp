#include "app/config.h"
#include "cli/commands/commands.h"
#include "cli/documents/host.h"
#include "cli/invocation.h"
#include "cli/table.h"

#include <algorithm>

namespace exhyperv::cli {
namespace {

constexpr ExampleSpec kExamples[] = {
    {"exhyperv host list", "cli.host_list.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(const auto config, app::load_config(call.settings().data_directory));
    TRY_ASSIGN(const auto standard, call.host_uri());
    auto hosts = config.hosts;
    if (std::ranges::find(hosts, standard.text, &app::ConfiguredHost::uri) == hosts.end())
        hosts.insert(hosts.begin(), {standard.text, ""});
    const Ui& ui = call.output.ui();
    Table table({{ui.text("cli.host.col.uri"), false, true}, {ui.text("cli.host.col.name")}, {""}});
    for (const auto& host : hosts)
        table.add({{host.uri, Tone::strong},
                   {host.name},
                   {host.uri == standard.text ? ui.text("cli.host.default") : "", Tone::faint}});
    call.output.result(hosts_document(hosts, standard.text));
    call.output.print(table.render(ui) + '\n' + paragraph("", ui.text("cli.host_list.hint"), ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kHostList{"host", "list", "cli.host_list.summary", "cli.host_list.details", {}, {}, kExamples, run};

} // namespace exhyperv::cli
