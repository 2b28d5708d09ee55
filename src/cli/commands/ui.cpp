#include "cli/commands/commands.h"
#include "cli/serving.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {.name = "--no-browser", .help = "serve.opt.no_browser"},
    {.name = "--port", .value = "NUMBER", .help = "serve.opt.port"},
    {.name = "--web-dir", .value = "FOLDER", .help = "serve.opt.web_dir", .offer = Offer::file},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv ui", "serve.ui.example"},
    {"exhyperv ui --no-browser --port 8080", "serve.ui.example_no_browser"},
};

Result<ExitCode> run(Invocation& call) {
    ServingOptions options;
    options.any_port = true;
    options.page_needed = true;
    options.open_browser = !call.arguments.has("--no-browser");
    options.web_directory = call.arguments.maybe("--web-dir");
    if (call.arguments.has("--port")) {
        TRY_ASSIGN(const auto port, call.arguments.number("--port", 1, 65535, kUsualPort));
        options.port = static_cast<std::uint16_t>(port);
    }
    return serve(call, options);
}

} // namespace

const CommandSpec kUi{"", "ui", "serve.ui.summary", "serve.ui.details", {}, kOptions, kExamples, run};

} // namespace exhyperv::cli
