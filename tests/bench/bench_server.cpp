#include "benches.h"
#include "measure.h"

#include "api/service.h"
#include "server/http_server.h"
#include "stream_readers.h"
#include "support/strings.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace exhyperv::bench {

namespace {

constexpr const char* kScenario = "sim:large?vms=500&devices=200";
constexpr const char* kToken = "the-token-of-the-benchmark-0123456789";
constexpr int kPages = 200, kConnections = 64;

/// The program's own server with its own interface, and beside it handlers that return a constant: of the same size as
/// the inventory, and of two bytes. What differs between them is the interface, not the server.
class BenchServer {
  public:
    static Result<std::unique_ptr<BenchServer>> start(const std::string& directory) {
        auto server = std::make_unique<BenchServer>();
        TRY_ASSIGN(auto host, app::parse_host_uri(kScenario));
        server->service_ = std::make_unique<api::Service>(
            api::ServiceOptions{{{std::move(host), ""}}, directory, std::chrono::seconds(3), {}}, server->events_);
        TRY_ASSIGN(server->http_, server::HttpServer::bind({}));
        server::DispatchOptions options;
        options.allowed_hosts = {server->host()};
        options.token = kToken;
        server->dispatcher_ = std::make_unique<server::Dispatcher>(
            options, [&self = *server](const api::Request& request) { return self.handle(request); },
            [](const auto&, const auto&, const auto&, int) {});
        server->thread_ = std::thread([&self = *server] { self.http_->run(*self.dispatcher_, self.events_); });
        TRY_ASSIGN(server->session_, log_in(server->http_->port(), kToken));
        const auto inventory = server->service_->handle({"GET", "/vms", {}, {}, {"bench", api::Role::viewer, ""}});
        if (inventory.status != 200) return fail("bench.failed", {}, *inventory.body);
        server->constant_ = std::make_shared<const std::string>(*inventory.body);
        return server;
    }
    ~BenchServer() {
        if (!thread_.joinable()) return;
        http_->stop();
        thread_.join();
    }

    [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(http_->port()); }
    [[nodiscard]] std::uint16_t port() const { return http_->port(); }
    [[nodiscard]] const std::string& session() const { return session_; } ///< "Cookie: …"
    [[nodiscard]] std::size_t body_size() const { return constant_->size(); }
    [[nodiscard]] api::EventHub& events() { return events_; }

  private:
    api::Response handle(const api::Request& request) {
        if (request.path == "/constant") return {200, constant_};
        if (request.path == "/tiny") return {200, tiny_};
        return service_->handle(request);
    }

    api::EventHub events_;
    std::shared_ptr<const std::string> constant_, tiny_ = std::make_shared<const std::string>("{}");
    std::unique_ptr<api::Service> service_;
    std::unique_ptr<server::HttpServer> http_;
    std::unique_ptr<server::Dispatcher> dispatcher_;
    std::thread thread_;
    std::string session_;
};

struct Load {
    double per_second = 0, p99_ms = 0;
};

/// One run of wrk; what it measured comes through a script of its own, in numbers.
Result<Load> load(const BenchServer& server, const std::string& directory, const std::string& path, int seconds) {
    const std::string script = directory + "/report.lua", out = directory + "/report.json";
    std::ofstream(script)
        << "done = function(summary, latency, requests)\n"
           "  local e = summary.errors\n"
           "  local f = io.open('" +
               out +
               "', 'w')\n"
               "  f:write(string.format('{\"requests\":%d,\"us\":%d,\"p99\":%f,\"bad\":%d}', summary.requests,\n"
               "    summary.duration, latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))\n"
               "  f:close()\nend\n";
    TRY(shell(fmt::format("wrk -t2 -c{} -d{}s --timeout 10s -s {} -H {} http://{}/api/v1{} > /dev/null", kConnections,
                          seconds, shell_quoted(script), shell_quoted(server.session()), server.host(), path)));
    std::ifstream in(out);
    const auto document = nlohmann::json::parse(in, nullptr, false);
    if (document.is_discarded() || document.value("us", 0.0) <= 0) return fail("bench.failed", {}, "wrk told nothing");
    if (document["bad"] != 0)
        return fail("bench.failed", {}, fmt::format("{}: {} errors", path, document["bad"].get<int>()));
    return Load{document["requests"].get<double>() * 1e6 / document["us"].get<double>(),
                document["p99"].get<double>() / 1000};
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

Result<> bench_requests(const Setting& setting, BenchServer& server, int seconds, bool& met) {
    const std::vector<std::pair<std::string, std::string>> kinds = {
        {"/vms", "inventory"}, {"/constant", "constant of its size"}, {"/tiny", "constant of 2 bytes"}};
    std::vector<std::vector<double>> rates(kinds.size()), tails(kinds.size());
    for (int round = 0; round < setting.rounds; ++round)
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            TRY_ASSIGN(const Load measured, load(server, setting.directory, kinds[i].first, seconds));
            rates[i].push_back(measured.per_second);
            tails[i].push_back(measured.p99_ms);
        }
    fmt::print(
        "GET of 500 VMs ({} bytes), {} connections, {} rounds of {} s each, this program and wrk on one machine\n",
        server.body_size(), kConnections, setting.rounds, seconds);
    for (std::size_t i = 0; i < kinds.size(); ++i)
        fmt::print("  {:<22} {:>8.0f} requests/s   p99 {:.2f} ms\n", kinds[i].second, median(rates[i]),
                   median(tails[i]));
    const double rate = median(rates[0]) / median(rates[1]), tail = median(tails[0]) / median(tails[1]);
    met &= report("inventory against a constant: requests/s", fmt::format("{:.2f} x", rate), ">= 0.8 x", rate >= 0.8);
    met &= report("inventory against a constant: p99", fmt::format("{:.2f} x", tail), "<= 1.5 x", tail <= 1.5);
    return {};
}

Result<> bench_events(BenchServer& server, int events, bool& met) {
    TRY_ASSIGN(auto readers, StreamReaders::open(server.port(), server.session(), kPages));
    std::vector<double> delays; // of each event: until the last page had it; and of each page
    for (int i = 0; i < events; ++i) {
        const auto began = std::chrono::steady_clock::now();
        const std::uint64_t id = server.events().publish("inventory", R"({"what":["vms"]})");
        TRY_ASSIGN(const auto arrivals, readers->arrivals(id, std::chrono::seconds(10)));
        for (const auto arrival : arrivals)
            delays.push_back(std::chrono::duration<double, std::milli>(arrival - began).count());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::ranges::sort(delays);
    const auto at = [&](double share) {
        return delays[std::min(delays.size() - 1,
                               static_cast<std::size_t>(share * static_cast<double>(delays.size())))];
    };
    fmt::print("{} events to {} open pages: median {:.2f} ms, longest {:.2f} ms\n", events, kPages, at(0.5),
               delays.back());
    met &= report("an event at 200 open pages, p99", fmt::format("{:.1f} ms", at(0.99)), "< 200 ms", at(0.99) < 200);
    return {};
}

} // namespace

Result<> bench_server(const Setting& setting, bool& met) {
    if (std::system("command -v wrk > /dev/null 2>&1") != 0) {
        report_missing("requests per second of the server", "wrk is not installed (sh tools/setup.sh bench)");
        return {};
    }
    const char* given = std::getenv("EXHYPERV_BENCH_SECONDS");
    const auto seconds = static_cast<int>(given ? parse_u64(given).value_or(30) : 30);
    TRY_ASSIGN(const auto server, BenchServer::start(setting.directory + "/server-data"));
    TRY(bench_requests(setting, *server, seconds, met));
    return bench_events(*server, seconds >= 10 ? 200 : 20, met);
}

} // namespace exhyperv::bench
