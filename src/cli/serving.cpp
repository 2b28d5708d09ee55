#include "cli/serving.h"

#include "api/service.h"
#include "app/config.h"
#include "app/interrupt.h"
#include "cli/last_page.h"
#include "cli/page_instance.h"
#include "platform/browser.h"
#include "platform/desktop.h"
#include "platform/file.h"
#include "platform/network.h"
#include "server/assets.h"
#include "server/audit.h"
#include "server/certificate.h"
#include "server/dispatch.h"
#include "server/http_server.h"
#include "support/log.h"
#include "support/strings.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace exhyperv::cli {
namespace {

constexpr auto kSignalLook = std::chrono::milliseconds(100);

bool is_loopback(const std::string& address) {
    return address == "::1" || address == "localhost" || address.starts_with("127.");
}

bool is_any(const std::string& address) {
    return address == "0.0.0.0" || address == "::";
}

/// As it stands in an address: IPv6 in brackets.
std::string bracketed(const std::string& address) {
    return address.find(':') == std::string::npos ? address : '[' + address + ']';
}

/// Every name by which browsers may call this server; anything else is a foreign name that was made to lead here.
std::vector<std::string> names_of(const ServingOptions& options) {
    std::vector<std::string> names;
    if (options.name) names.push_back(ascii_lower(*options.name));
    if (is_loopback(options.address) || is_any(options.address))
        names.insert(names.end(), {"localhost", "127.0.0.1", "::1"});
    if (is_any(options.address)) {
        const auto own = platform::own_addresses();
        names.insert(names.end(), own.begin(), own.end());
    } else {
        names.push_back(ascii_lower(options.address));
    }
    if (!is_loopback(options.address))
        if (const auto machine = platform::machine_name(); !machine.empty()) names.push_back(ascii_lower(machine));
    std::vector<std::string> unique;
    for (auto& name : names)
        if (std::find(unique.begin(), unique.end(), name) == unique.end()) unique.push_back(std::move(name));
    return unique;
}

std::vector<std::string> host_headers(const std::vector<std::string>& names, std::uint16_t port, bool tls) {
    std::vector<std::string> out;
    for (const std::string& name : names) {
        out.push_back(bracketed(name) + ':' + std::to_string(port));
        if (port == (tls ? 443 : 80)) out.push_back(bracketed(name)); // browsers leave the usual port out
    }
    return out;
}

Result<std::optional<server::Certificate>> certificate_for(Invocation& call, const ServingOptions& options,
                                                           const std::vector<std::string>& names) {
    if (options.certificate_file.has_value() != options.key_file.has_value()) return fail("serve.certificate_and_key");
    if (options.certificate_file) {
        TRY_ASSIGN(auto given, server::read_certificate(*options.certificate_file, *options.key_file));
        return given;
    }
    if (is_loopback(options.address)) return std::nullopt;
    TRY_ASSIGN(auto own, server::own_certificate(call.settings().data_directory, names));
    return own;
}

Result<std::unique_ptr<server::HttpServer>> bind(const ServingOptions& options,
                                                 const std::optional<server::Certificate>& certificate) {
    server::ListenOptions listen;
    listen.address = options.address == "localhost" ? "127.0.0.1" : options.address;
    listen.port = options.port.value_or(kUsualPort);
    if (certificate) {
        listen.certificate_pem = certificate->certificate_pem;
        listen.private_key_pem = certificate->private_key_pem;
    }
    auto bound = server::HttpServer::bind(listen);
    if (bound || options.port || !options.any_port || bound.error().code != "server.port_in_use") return bound;
    listen.port = 0;
    return server::HttpServer::bind(listen);
}

void announce(Invocation& call, const std::string& address, const std::optional<server::Certificate>& certificate,
              bool own, const std::string& host) {
    Output& output = call.output;
    const Ui& ui = output.ui();
    output.line(ui.text("serve.open_at", {{"host", host}}));
    output.line("  " + ui.paint(Tone::accent, address));
    if (certificate && own) {
        output.print(
            paragraph("", ui.text(certificate->made_now ? "serve.certificate_made" : "serve.certificate_own"), ui));
        output.line("  " + certificate->fingerprint);
    }
}

/// What can end the server.
struct EndWatch {
    const CancelToken& wanted;         ///< Ctrl-C
    const std::atomic<bool>& over;     ///< it ended by itself
    const api::EventHub* until_closed; ///< not null: when no page is left, and nothing is at work
};

/// Ends the server when the user wants it, after what is at work has undone itself: pages can watch that.
void watch_for_end(Invocation& call, const EndWatch& watch, api::Service& service, server::HttpServer& server) {
    LastPage last(std::chrono::steady_clock::now());
    while (!watch.wanted.cancelled() && !watch.over) {
        std::this_thread::sleep_for(kSignalLook);
        if (!watch.until_closed) continue;
        if (last.closed(watch.until_closed->listeners(), std::chrono::steady_clock::now()) && service.idle()) break;
    }
    const auto& over = watch.over;
    if (over) return;
    call.output.line();
    call.output.line(call.output.ui().text(service.idle() ? "serve.ending" : "serve.ending_undo"));
    service.stop();
    server.stop();
}

/// The default one or the one of --host, then those of "host add".
Result<std::vector<api::ServedHost>> hosts_of(const Invocation& call) {
    TRY_ASSIGN(const auto config, app::load_config(call.settings().data_directory));
    TRY_ASSIGN(auto first, call.host_uri());
    std::vector<api::ServedHost> hosts{{std::move(first), ""}};
    for (const auto& known : config.hosts) {
        if (known.uri == hosts.front().uri.text) {
            hosts.front().name = known.name;
            continue;
        }
        TRY_ASSIGN(auto uri, app::parse_host_uri(known.uri));
        hosts.push_back({std::move(uri), known.name});
    }
    return hosts;
}

} // namespace

Result<ExitCode> show_again(Invocation& call, const app::HostUri& host, bool open_browser) {
    TRY_ASSIGN(const auto page, find_running_page(call.settings().data_directory, app::host_key(host),
                                                  CallContext::within(std::chrono::seconds(30))));
    if (!open_browser || platform::show_as_window(platform::file_address(page.door)) == platform::Shown::nothing) {
        call.output.line(call.output.ui().text("serve.open_at", {{"host", host.text}}));
        call.output.line("  " + call.output.ui().paint(Tone::accent, page.address));
    }
    call.output.line(call.output.ui().text("serve.shown_again"));
    return ExitCode::done;
}

Result<ExitCode> serve(Invocation& call, const ServingOptions& options) {
    const bool loopback = is_loopback(options.address);
    const std::string& data = call.settings().data_directory;
    if (options.web_directory ? !platform::file_exists(*options.web_directory + "/index.html")
                              : server::embedded_assets().empty()) {
        if (options.page_needed) return fail("serve.no_page");
        call.output.notice({"serve.without_page", {}}, "serve.no_page");
    }
    TRY_ASSIGN(const auto accounts, server::load_accounts(data));
    if (!loopback && accounts.empty())
        return fail("serve.no_accounts", {{"command", call.own_command("serve passwd admin --role operator")}});

    const auto names = names_of(options);
    TRY_ASSIGN(const auto certificate, certificate_for(call, options, names));
    TRY_ASSIGN(const auto hosts, hosts_of(call));
    const app::HostUri& host = hosts.front().uri;
    std::optional<PageInstance> instance;
    if (options.one_instance) {
        TRY_ASSIGN(instance, PageInstance::claim(data, app::host_key(host)));
        if (!instance) return show_again(call, host, options.open_browser);
    }
    TRY_ASSIGN(const auto http, bind(options, certificate));

    server::AuditFile audit(data);
    api::EventHub events;
    api::Service service({hosts, data, std::chrono::milliseconds(3000),
                          [&](const api::Principal& who, const std::string& what, const std::string& result) {
                              audit.line(who, what, result);
                          }},
                         events);

    server::DispatchOptions dispatch;
    dispatch.tls = certificate.has_value();
    dispatch.allowed_hosts = host_headers(names, http->port(), dispatch.tls);
    // Beyond this machine only passwords count; on it the address that is printed here is the key.
    if (loopback) dispatch.token = server::random_token();
    if (!options.page_needed) dispatch.accounts_directory = data;
    dispatch.port = http->port();
    dispatch.lane = [&](const api::Request& request) { return service.lane(request); };
    dispatch.version = EXHYPERV_VERSION;
    dispatch.web_directory = options.web_directory.value_or("");
    const std::string shown = is_any(options.address) ? (names.empty() ? "localhost" : names.back()) : options.address;
    const auto address_with = [base = std::string(dispatch.tls ? "https://" : "http://") + bracketed(shown) + ':' +
                                      std::to_string(http->port()) + '/'](const std::string& token) {
        return token.empty() ? base : base + "#token=" + token;
    };
    const std::string address = address_with(dispatch.token);
    if (instance)
        dispatch.token_replaced = [&](const std::string& token) { return instance->announce(address_with(token)); };
    server::Dispatcher dispatcher(
        std::move(dispatch), [&](const api::Request& request) { return service.handle(request); },
        [&](const api::Principal& who, const std::string& method, const std::string& target, int status) {
            audit.line(who, method + ' ' + target, std::to_string(status));
        });

    announce(call, address, certificate, !options.certificate_file, host.text);
    if (instance) TRY(instance->announce(address));
    // The browser is led there by a file of the user's: what stands on its command line others can read.
    const auto shown_as = options.open_browser && instance
                              ? platform::show_as_window(platform::file_address(instance->door()))
                              : platform::Shown::nothing;
    const bool until_closed = options.until_closed || shown_as == platform::Shown::window;
    call.output.line(call.output.ui().text(until_closed                           ? "serve.until_closed"
                                           : shown_as == platform::Shown::browser ? "serve.opened"
                                           : loopback                             ? "serve.how_to_end"
                                                                                  : "serve.how_to_end_remote"));
    if (until_closed && platform::started_by_double_click()) platform::leave_console();
    log(LogLevel::info, "serving " + host.text + " at " + options.address + ':' + std::to_string(http->port()));

    const CancelToken wanted;
    std::atomic<bool> over{false};
    const app::InterruptGuard guard(wanted);
    std::thread watcher([&] { watch_for_end(call, {wanted, over, until_closed ? &events : nullptr}, service, *http); });
    http->run(dispatcher, events);
    over = true;
    watcher.join();
    call.output.line(call.output.ui().text("serve.ended"));
    return ExitCode::done;
}

} // namespace exhyperv::cli
