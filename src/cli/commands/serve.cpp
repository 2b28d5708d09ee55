#include "cli/commands/commands.h"
#include "cli/serving.h"

namespace exhyperv::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {.name = "--listen", .value = "ADDRESS", .help = "serve.opt.listen"},
    {.name = "--port", .value = "NUMBER", .help = "serve.opt.port"},
    {.name = "--name", .value = "NAME", .help = "serve.opt.name"},
    {.name = "--tls-cert", .value = "FILE", .help = "serve.opt.tls_cert", .offer = Offer::file},
    {.name = "--tls-key", .value = "FILE", .help = "serve.opt.tls_key", .offer = Offer::file},
    {.name = "--web-dir", .value = "FOLDER", .help = "serve.opt.web_dir", .offer = Offer::file},
};
constexpr ExampleSpec kExamples[] = {
    {"exhyperv serve", "serve.serve.example"},
    {"exhyperv serve --port 8080", "serve.serve.example_port"},
    {"exhyperv serve --listen 0.0.0.0 --name hyperv01.example.net", "serve.serve.example_listen"},
};

Result<ExitCode> run(Invocation& call) {
    ServingOptions options;
    options.address = call.arguments.maybe("--listen").value_or(options.address);
    TRY_ASSIGN(const auto port, call.arguments.number("--port", 1, 65535, kUsualPort));
    options.port = static_cast<std::uint16_t>(port);
    options.name = call.arguments.maybe("--name");
    options.certificate_file = call.arguments.maybe("--tls-cert");
    options.key_file = call.arguments.maybe("--tls-key");
    options.web_directory = call.arguments.maybe("--web-dir");
    return serve(call, options);
}

} // namespace

const CommandSpec kServe{"", "serve", "serve.serve.summary", "serve.serve.details", {}, kOptions, kExamples, run};

} // namespace exhyperv::cli
