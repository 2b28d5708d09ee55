#pragma once

#include "api/event_hub.h"
#include "api/request.h"
#include "server/passwords.h"
#include "server/security.h"
#include "server/sessions.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::server {

/// A request as it came over the wire, parsed and bounded by the HTTP library.
struct WireRequest {
    std::string method;
    std::string target; ///< "/api/v1/vms?host=sim:"
    std::string peer;   ///< address without port
    std::vector<Header> headers;
    std::string body;
    /// First header of that name, without case; nullopt when missing.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
};

struct WireResponse {
    int status = 200;
    std::vector<Header> headers;
    std::shared_ptr<const std::string> body; ///< null: none
    /// Set for GET /events: the connection stays open and gets these, then what the hub publishes.
    bool event_stream = false;
    std::optional<std::uint64_t> last_event_id;
};

struct DispatchOptions {
    bool tls = false;
    std::vector<std::string> allowed_hosts; ///< lower case, with port
    std::string token;                      ///< per-start token for local use; empty: passwords only
    std::vector<Account> accounts;          ///< for password login; empty: tokens only
    std::string version;
    std::string web_directory; ///< serves the page from there instead of the embedded one
};

/// Everything between the wire and the API: who may ask, from which page, with which proof; the page's files; errors as
/// answers. No sockets. Thread-safe.
class Dispatcher {
  public:
    using ApiHandler = std::function<api::Response(const api::Request&)>;
    /// Called once for every request that wants to change something, with the answer's status.
    using Audit =
        std::function<void(const api::Principal&, const std::string& method, const std::string& target, int status)>;

    Dispatcher(DispatchOptions options, ApiHandler api, Audit audit);

    [[nodiscard]] WireResponse handle(const WireRequest& request);

  private:
    WireResponse handle_checked(const WireRequest& request);
    WireResponse handle_api(const WireRequest& request, std::string_view path, std::string_view query);
    WireResponse handle_session(const WireRequest& request, const std::optional<Sessions::Session>& session);
    WireResponse log_in(const WireRequest& request);
    WireResponse handle_token(const WireRequest& request, const std::optional<Sessions::Session>& session);
    WireResponse handle_page(const WireRequest& request, std::string_view path);
    [[nodiscard]] api::Response session_document(const std::optional<Sessions::Session>& session) const;

    const DispatchOptions options_;
    const ApiHandler api_;
    const Audit audit_;
    Sessions sessions_;
    LoginLimiter limiter_;
    std::mutex token_mutex_;
    std::string token_; ///< options_.token until somebody has it replaced
};

} // namespace exhyperv::server
