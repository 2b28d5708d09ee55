#include "app/interrupt.h"
#include "cli/commands/commands.h"
#include "cli/page_instance.h"
#include "cli/rights.h"
#include "cli/serving.h"
#include "platform/desktop.h"
#include "platform/elevation.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {.name = "--until-closed", .help = "serve.opt.until_closed"},
    {.name = "--no-browser", .help = "serve.opt.no_browser"},
    {.name = "--port", .value = "NUMBER", .help = "serve.opt.port"},
    {.name = "--web-dir", .value = "FOLDER", .help = "serve.opt.web_dir", .offer = Offer::file},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv ui", "serve.ui.example"},
    {"exhyperv ui --no-browser --port 8080", "serve.ui.example_no_browser"},
};

/// The server runs with an administrator's rights, the browser does not: this process asks, waits for the page's
/// address and shows it.
Result<ExitCode> serve_with_rights(Invocation& call) {
    const std::string& data = call.settings().data_directory;
    TRY_ASSIGN(const auto host, call.host_uri());
    const auto key = app::host_key(host);
    {
        TRY_ASSIGN(const auto free, PageInstance::claim(data, key));
        if (!free) return show_again(call, host, true);
    }
    auto words = call.settings().words;
    if (words.empty()) words.push_back("ui");
    words.insert(words.end(), {"--no-browser", "--until-closed"});
    call.output.aside(call.output.ui().text("cli.rights.asking"));
    TRY_ASSIGN(const auto server, platform::ElevatedProcess::start(words));
    const auto patience = CallContext::within(std::chrono::minutes(1));
    auto page = find_running_page(data, key, patience);
    if (page)
        (void)platform::show_as_window(platform::file_address(page->door)); // the server printed the address too
    else if (!server.wait(std::chrono::milliseconds(0)))
        return fail(std::move(page).error());
    if (platform::started_by_double_click()) platform::leave_console();
    const CancelToken ignored; // Ctrl-C reaches the server
    const app::InterruptGuard guard(ignored);
    for (;;)
        if (const auto code = server.wait(std::chrono::milliseconds(500))) return static_cast<ExitCode>(*code);
}

Result<ExitCode> run(Invocation& call) {
    ServingOptions options;
    options.any_port = true;
    options.page_needed = true;
    options.open_browser = !call.arguments.has("--no-browser");
    options.until_closed = call.arguments.has("--until-closed") || platform::started_by_double_click();
    options.one_instance = options.open_browser || options.until_closed;
    options.web_directory = call.arguments.maybe("--web-dir");
    if (call.arguments.has("--port")) {
        TRY_ASSIGN(const auto port, call.arguments.number("--port", 1, 65535, kUsualPort));
        options.port = static_cast<std::uint16_t>(port);
    }
    if (options.open_browser && can_ask_for_rights(call)) {
        auto code = serve_with_rights(call);
        if (code || code.error().code != "platform.elevation_declined") return code;
        call.output.aside(call.output.ui().text("cli.rights.looking_only"));
    }
    return serve(call, options);
}

} // namespace

const CommandSpec kUi{"", "ui", "serve.ui.summary", "serve.ui.details", {}, kOptions, kExamples, run};

} // namespace exhyperv::cli
