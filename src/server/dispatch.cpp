#include "server/dispatch.h"

#include "support/log.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::server {
namespace {

constexpr std::string_view kOneLane = "api";
constexpr std::string_view kPrefix = "/api/v1";

WireResponse wire(api::Response response) {
    WireResponse out{response.status, {{"Cache-Control", "no-store"}}, std::move(response.body)};
    if (out.body) out.headers.push_back({"Content-Type", "application/json"});
    return out;
}

WireResponse refuse(std::string code, ErrorArgs args = {}) {
    return wire(api::failure(Error{std::move(code), std::move(args), {}, {}, {}}));
}

/// Segments and query values, percent-decoded; nullopt when something in there is malformed.
std::optional<std::string> decode_path(std::string_view path) {
    std::string out;
    for (const std::string& segment : split(path.substr(1), '/')) {
        const auto decoded = percent_decode(segment, true);
        if (!decoded || *decoded == ".." || *decoded == ".") return std::nullopt;
        out += "/" + *decoded;
    }
    return out;
}

std::optional<std::map<std::string, std::string>> decode_query(std::string_view query) {
    std::map<std::string, std::string> out;
    if (query.empty()) return out;
    for (const std::string& pair : split(query, '&')) {
        const auto equals = pair.find('=');
        const auto name = percent_decode(std::string_view(pair).substr(0, equals), false);
        const auto value = equals == std::string::npos
                               ? std::string()
                               : percent_decode(std::string_view(pair).substr(equals + 1), false);
        if (!name || !value || out.size() >= 32) return std::nullopt;
        out.insert_or_assign(*name, *value);
    }
    return out;
}

/// Browsers send a cookie to every port of a name: two servers on one machine must not take each other's place. Over
/// TLS the prefix keeps anybody else from setting it.
std::string cookie_name(const DispatchOptions& options) {
    return (options.tls ? "__Host-exhyperv_session_" : "exhyperv_session_") + std::to_string(options.port);
}

std::string credential_of(const Account& account) {
    return account.salt + account.hash;
}

bool changes_something(std::string_view method) {
    return method != "GET" && method != "HEAD";
}

} // namespace

std::optional<std::string_view> WireRequest::header(std::string_view name) const {
    for (const Header& header : headers)
        if (iequals(header.name, name)) return header.value;
    return std::nullopt;
}

std::size_t WireRequest::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(),
                                                  [&](const Header& header) { return iequals(header.name, name); }));
}

Dispatcher::Dispatcher(DispatchOptions options, ApiHandler api, Audit audit)
    : options_(std::move(options)), cookie_(cookie_name(options_)), api_(std::move(api)), audit_(std::move(audit)),
      accounts_(options_.accounts_directory), token_(options_.token) {}

void Dispatcher::protect(WireResponse& response) const {
    for (Header& header : security_headers({}, options_.tls)) {
        const bool there = std::any_of(response.headers.begin(), response.headers.end(),
                                       [&](const Header& known) { return iequals(known.name, header.name); });
        if (!there) response.headers.push_back(std::move(header));
    }
}

Dispatcher::Begun Dispatcher::begin(const WireRequest& request) {
    Begun begun = begin_checked(request);
    if (auto* const response = std::get_if<WireResponse>(&begun)) {
        protect(*response);
        return begun;
    }
    auto& call = std::get<Call>(begun);
    call.answer = [this, inner = std::move(call.answer)] {
        WireResponse response = inner();
        protect(response);
        return response;
    };
    return begun;
}

WireResponse Dispatcher::handle(const WireRequest& request) {
    auto begun = begin(request);
    if (const auto* const call = std::get_if<Call>(&begun)) return call->answer();
    return std::get<WireResponse>(std::move(begun));
}

Dispatcher::Begun Dispatcher::begin_checked(const WireRequest& request) {
    const auto host = request.header("Host");
    if (!host || request.count("Host") != 1 || !host_allowed(*host, options_.allowed_hosts))
        return refuse("api.foreign_host", {{"host", std::string(host.value_or(""))}});
    if (request.target.empty() || request.target.front() != '/')
        return refuse("api.bad_request", {{"reason", "target"}});

    const auto question = request.target.find('?');
    const std::string_view raw_path = std::string_view(request.target).substr(0, question);
    const std::string_view query =
        question == std::string::npos ? std::string_view() : std::string_view(request.target).substr(question + 1);
    const auto path = decode_path(raw_path);
    if (!path) return refuse("api.bad_request", {{"reason", "path"}});

    if (*path == kPrefix || path->starts_with(std::string(kPrefix) + "/")) {
        if (!origin_allowed(request.header("Origin"), request.header("Sec-Fetch-Site"), options_.tls ? "https" : "http",
                            options_.allowed_hosts))
            return refuse("api.foreign_origin", {{"origin", std::string(request.header("Origin").value_or("?"))}});
        return begin_api(request, std::string_view(*path).substr(kPrefix.size()), query);
    }
    return handle_page(request, *path);
}

/// A session of an account lasts as long as the account stays what it was when the session was opened. When the file
/// cannot be read nobody knows, and nothing is allowed; the session is kept for when it can be.
bool Dispatcher::account_stands(const Sessions::Session& session) {
    if (session.credential.empty()) return true;
    const auto accounts = accounts_.now();
    if (!accounts) {
        log(LogLevel::error, "accounts: " + describe(accounts.error()));
        return false;
    }
    const bool stands = std::any_of((*accounts)->begin(), (*accounts)->end(), [&](const Account& account) {
        return account.user == session.user && account.role == session.role &&
               credential_of(account) == session.credential;
    });
    if (!stands) sessions_.close(session.id);
    return stands;
}

Dispatcher::MaybeSession Dispatcher::session_of(const WireRequest& request) {
    const auto header = request.header("Cookie");
    const auto id = header ? cookie_value(*header, cookie_) : std::nullopt;
    auto session = id ? sessions_.find(*id) : std::nullopt;
    return session && account_stands(*session) ? session : std::nullopt;
}

Dispatcher::Begun Dispatcher::begin_api(const WireRequest& request, std::string_view path, std::string_view query) {
    const MaybeSession session = session_of(request);
    if (path == "/session") return handle_session(request, session);
    if (path == "/session/token") return handle_token(request, session);
    if (!session) return refuse("api.unauthenticated");
    const api::Principal principal{session->user, session->role, request.peer};
    const bool change = changes_something(request.method);
    const auto audited = [this, principal, change, method = request.method,
                          target = request.target](WireResponse response) {
        if (change) audit_(principal, method, target, response.status);
        return response;
    };
    if (change && !equal_in_constant_time(request.header("X-ExHyperV-CSRF").value_or(""), session->csrf))
        return audited(refuse("api.csrf"));

    auto arguments = decode_query(query);
    if (!arguments) return audited(refuse("api.bad_request", {{"reason", "query"}}));

    if (path == "/events") {
        if (request.method != "GET") return audited(refuse("api.method_not_allowed", {{"method", request.method}}));
        WireResponse response{200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}}, nullptr};
        response.event_stream = true;
        response.session_open = [this, id = session->id] {
            const auto open = sessions_.peek(id);
            return open && account_stands(*open);
        };
        if (const auto last = request.header("Last-Event-ID")) response.last_event_id = parse_u64(*last);
        return response;
    }

    api::Request call{request.method, std::string(path), std::move(*arguments), std::nullopt, principal};
    if (!request.body.empty()) {
        const auto type = request.header("Content-Type").value_or("");
        // A form of a foreign page cannot send this type, so it never gets as far as the parser.
        if (!istarts_with(type, "application/json"))
            return audited(refuse("api.bad_request", {{"reason", "content type"}}));
        auto body = nlohmann::json::parse(request.body, nullptr, false);
        if (body.is_discarded()) return audited(refuse("api.bad_request", {{"reason", "JSON"}}));
        call.body = std::move(body);
    }
    std::string lane = options_.lane ? options_.lane(call) : std::string(kOneLane);
    if (lane.empty()) return audited(wire(api_(call)));
    return Call{std::move(lane), [this, audited, call = std::move(call)] { return audited(wire(api_(call))); }};
}

api::Response Dispatcher::session_document(const MaybeSession& session) {
    const auto accounts = accounts_.now();
    const bool passwords = options_.token.empty() || !accounts || !(*accounts)->empty();
    nlohmann::json document{{"authenticated", session.has_value()},
                            {"login", passwords ? "password" : "token"},
                            {"version", options_.version}};
    if (session) {
        document["user"] = session->user;
        document["role"] = session->role == api::Role::operator_ ? "operator" : "viewer";
        document["csrf"] = session->csrf;
    }
    return api::answer(200, document);
}

WireResponse Dispatcher::handle_session(const WireRequest& request, const MaybeSession& session) {
    if (request.method == "GET") return wire(session_document(session));
    if (request.method == "POST") return log_in(request);
    if (request.method != "DELETE") return refuse("api.method_not_allowed", {{"method", request.method}});
    if (!session) return refuse("api.unauthenticated");
    if (!equal_in_constant_time(request.header("X-ExHyperV-CSRF").value_or(""), session->csrf))
        return refuse("api.csrf");
    sessions_.close(session->id);
    WireResponse response = wire(api::answer(204));
    response.headers.push_back(
        {"Set-Cookie", cookie_ + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" + (options_.tls ? "; Secure" : "")});
    return response;
}

/// A new token for the old one, which somebody may have seen, and used: only who asks stays signed in.
WireResponse Dispatcher::handle_token(const WireRequest& request, const MaybeSession& session) {
    if (request.method != "POST") return refuse("api.method_not_allowed", {{"method", request.method}});
    if (!session) return refuse("api.unauthenticated");
    const api::Principal principal{session->user, session->role, request.peer};
    const auto audited = [&](WireResponse response) {
        audit_(principal, request.method, request.target, response.status);
        return response;
    };
    if (!equal_in_constant_time(request.header("X-ExHyperV-CSRF").value_or(""), session->csrf))
        return audited(refuse("api.csrf"));
    if (session->role != api::Role::operator_) return audited(refuse("api.forbidden"));
    if (options_.token.empty()) return audited(refuse("api.no_token"));
    std::string fresh = random_token();
    {
        const std::lock_guard lock(token_mutex_); // two at once: what is told and what counts must be the same one
        if (options_.token_replaced)
            if (const auto told = options_.token_replaced(fresh); !told)
                return audited(wire(api::failure(told.error())));
        token_ = fresh;
        sessions_.close_others_of_token(session->id);
    }
    return audited(wire(api::answer(200, {{"token", std::move(fresh)}})));
}

WireResponse Dispatcher::log_in(const WireRequest& request) {
    if (const auto wait = limiter_.wait(request.peer); wait.count() > 0)
        return refuse("api.too_many_attempts", {{"seconds", std::to_string(wait.count())}});
    if (!istarts_with(request.header("Content-Type").value_or(""), "application/json"))
        return refuse("api.bad_request", {{"reason", "content type"}});
    const auto body = nlohmann::json::parse(request.body, nullptr, false);
    const auto text = [&](const char* name) {
        return body.is_object() && body.contains(name) && body[name].is_string() ? body[name].get<std::string>()
                                                                                 : std::string();
    };

    std::optional<Account> account;
    // Held until the session is open: a replaced token leaves none behind that it opened a moment ago.
    std::unique_lock token_lock(token_mutex_, std::defer_lock);
    if (const std::string token = text("token"); !token.empty()) {
        token_lock.lock();
        if (!token_.empty() && equal_in_constant_time(token, token_))
            account = Account{"local", api::Role::operator_, {}, {}};
    } else {
        const auto accounts = accounts_.now();
        if (!accounts) {
            log(LogLevel::error, "accounts: " + describe(accounts.error()));
            return refuse("accounts.corrupt", {{"file", "accounts.json"}});
        }
        if (!(*accounts)->empty())
            if (auto checked = check_password(**accounts, text("user"), text("password")))
                account = std::move(*checked);
    }
    const api::Principal principal{account ? account->user : text("user"), account ? account->role : api::Role::viewer,
                                   request.peer};
    if (!account) {
        limiter_.failed(request.peer);
        audit_(principal, "POST", "/api/v1/session", 401);
        return refuse("api.login_failed");
    }
    limiter_.succeeded(request.peer);
    audit_(principal, "POST", "/api/v1/session", 200);
    const Sessions::Session session = sessions_.open(account->user, account->role, credential_of(*account));
    WireResponse response = wire(session_document(session));
    response.headers.push_back({"Set-Cookie", cookie_ + "=" + session.id + "; Path=/; HttpOnly; SameSite=Strict" +
                                                  (options_.tls ? "; Secure" : "")});
    return response;
}

} // namespace exhyperv::server
