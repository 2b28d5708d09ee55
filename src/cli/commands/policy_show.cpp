#include "cli/commands/commands.h"
#include "cli/documents/host.h"
#include "cli/invocation.h"
#include "cli/table.h"

namespace exhyperv::cli {
namespace {

constexpr ExampleSpec kExamples[] = {
    {"exhyperv policy show", "cli.policy_show.example"},
};

Result<ExitCode> run(Invocation& call) {
    TRY_ASSIGN(app::Session* const session, call.session());
    TRY_ASSIGN(const auto facts, session->facts(call.look_context()));
    // Values that were not read must not be shown as values that are not set.
    if (session->uri().remote()) return fail("host.registry_not_local", {{"host", facts.computer_name}});
    const Ui& ui = call.output.ui();
    const auto value = [&](const std::optional<std::uint32_t>& number) {
        return number ? std::to_string(*number) : ui.text("cli.status.policy_unset");
    };
    Fields fields;
    fields.add("RequireSecureDeviceAssignment", value(facts.require_secure_device_assignment));
    fields.add("RequireSupportedDeviceAssignment", value(facts.require_supported_device_assignment));
    const bool allowed =
        facts.require_secure_device_assignment == 0u && facts.require_supported_device_assignment == 0u;
    call.output.result(policy_document(facts));
    call.output.print(fields.render(ui) + '\n' +
                      paragraph("",
                                ui.text(!facts.server() ? "cli.policy_show.client"
                                        : allowed       ? "cli.policy_show.allowed"
                                                        : "cli.policy_show.missing"),
                                ui));
    return ExitCode::done;
}

} // namespace

const CommandSpec kPolicyShow{"policy",  "show", "cli.policy_show.summary", "cli.policy_show.details", {}, {},
                              kExamples, run};

} // namespace exhyperv::cli
