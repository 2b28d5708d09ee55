#pragma once

#include "api/event_hub.h"
#include "server/dispatch.h"
#include "support/result.h"

#include <cstdint>
#include <memory>
#include <string>

namespace exhyperv::server {

struct ListenOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                       ///< 0: any free one
    std::string certificate_pem, private_key_pem; ///< both set: TLS
    std::size_t connections = 512;                ///< more are closed at once
    std::size_t body_limit = 256u << 10;
    std::chrono::seconds header_timeout{10}; ///< for a request to arrive, and for an answer to be taken
    std::chrono::seconds idle_timeout{60};   ///< between two requests of a connection
};

/// Boost.Beast behind a small door. Requests are checked, and pages answered, on a few worker threads; calls that may
/// wait for a host have threads of their own (server/lanes.h); event streams cost no thread.
class HttpServer {
  public:
    /// Binds now, serves after run(). Errors: server.address {address, reason}, server.port_in_use {address, port},
    /// server.certificate {reason}.
    static Result<std::unique_ptr<HttpServer>> bind(const ListenOptions& options);
    virtual ~HttpServer() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::size_t open_connections() const = 0;
    /// Serves until stop(); returns when all connections are closed. `dispatcher` and `events` outlive it.
    virtual void run(Dispatcher& dispatcher, api::EventHub& events) = 0;
    /// From any thread (or a signal watcher): no new connections, open ones are ended, run() returns.
    virtual void stop() = 0;
};

} // namespace exhyperv::server
