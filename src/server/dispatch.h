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
#include <variant>
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
    /// Set for GET /events: the connection stays open and gets these, then what the hub publishes, for as long as
    /// `session_open` says so.
    bool event_stream = false;
    std::function<bool()> session_open;
    std::optional<std::uint64_t> last_event_id;
};

struct DispatchOptions {
    bool tls = false;
    std::vector<std::string> allowed_hosts; ///< lower case, with port
    std::uint16_t port = 0;                 ///< in the cookie's name: browsers do not keep ports apart
    std::string token;                      ///< per-start token for local use; empty: passwords only
    std::string accounts_directory;         ///< where the accounts for password login are; empty: tokens only
    std::string version;
    std::string web_directory; ///< serves the page from there instead of the embedded one
    /// Hears of a new token before it counts; when it fails the old one stays. May be empty.
    std::function<Result<>(const std::string& token)> token_replaced;
    /// Calls of one lane may wait for each other; see api::Service::lane. Empty function: all share one.
    std::function<std::string(const api::Request&)> lane;
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

    /// A call that passed every check and is the interface's to answer, which may take its time.
    struct Call {
        std::string lane; ///< not empty
        std::function<WireResponse()> answer;
    };
    using Begun = std::variant<WireResponse, Call>;
    /// Never waits for a host: the answer, or what is still to be done for it.
    [[nodiscard]] Begun begin(const WireRequest& request);
    /// Both in one.
    [[nodiscard]] WireResponse handle(const WireRequest& request);

  private:
    using MaybeSession = std::optional<Sessions::Session>;
    Begun begin_checked(const WireRequest& request);
    Begun begin_api(const WireRequest& request, std::string_view path, std::string_view query);
    void protect(WireResponse& response) const;
    MaybeSession session_of(const WireRequest& request);
    bool account_stands(const Sessions::Session& session);
    WireResponse handle_session(const WireRequest& request, const MaybeSession& session);
    WireResponse log_in(const WireRequest& request);
    WireResponse handle_token(const WireRequest& request, const MaybeSession& session);
    WireResponse handle_page(const WireRequest& request, std::string_view path);
    [[nodiscard]] api::Response session_document(const MaybeSession& session);

    const DispatchOptions options_;
    const std::string cookie_;
    const ApiHandler api_;
    const Audit audit_;
    AccountFile accounts_;
    Sessions sessions_;
    LoginLimiter limiter_;
    std::mutex token_mutex_;
    std::string token_; ///< options_.token until somebody has it replaced
};

} // namespace exhyperv::server
