#pragma once

#include "server/dispatch.h"
#include "server/http_server.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace exhyperv::server::test {

/// The real server on a free port of this machine, in front of an interface that only counts, and asks `on_call` first.
/// The query value "host" is the lane.
class RunningServer {
  public:
    explicit RunningServer(ListenOptions options = {}, std::function<void(const api::Request&)> on_call = {});
    ~RunningServer();

    [[nodiscard]] std::uint16_t port() const { return http_->port(); }
    [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port()); }
    [[nodiscard]] std::size_t open_connections() const { return http_->open_connections(); }
    [[nodiscard]] int calls() const { return calls_; } ///< how often a request came through to the interface
    [[nodiscard]] std::vector<std::string> audit() const;

    static constexpr const char* kToken = "the-token-of-this-start-0123456789";
    /// Logs in; "Cookie: …\r\nX-ExHyperV-CSRF: …\r\n".
    [[nodiscard]] std::string session() const;
    /// Does it still answer as it should?
    [[nodiscard]] bool well() const;
    [[nodiscard]] api::EventHub& events() { return events_; }

  private:
    api::EventHub events_;
    std::atomic<int> calls_{0};
    mutable std::mutex audit_mutex_;
    std::vector<std::string> audit_;
    std::unique_ptr<HttpServer> http_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::thread thread_;
};

/// "GET /path HTTP/1.1" with Host and Connection: close; `headers` end with \r\n each.
[[nodiscard]] std::string request(const RunningServer& server, const std::string& line, const std::string& headers = {},
                                  const std::string& body = {});

} // namespace exhyperv::server::test
