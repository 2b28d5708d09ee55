#include "server/dispatch.h"

#include "support/strings.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::server {
namespace {

constexpr std::string_view kCookie = "exhyperv_session";
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
    : options_(std::move(options)), api_(std::move(api)), audit_(std::move(audit)), token_(options_.token) {}

WireResponse Dispatcher::handle(const WireRequest& request) {
    WireResponse response = handle_checked(request);
    for (Header& header : security_headers({}, options_.tls)) {
        const bool there = std::any_of(response.headers.begin(), response.headers.end(),
                                       [&](const Header& known) { return iequals(known.name, header.name); });
        if (!there) response.headers.push_back(std::move(header));
    }
    return response;
}

WireResponse Dispatcher::handle_checked(const WireRequest& request) {
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
        return handle_api(request, std::string_view(*path).substr(kPrefix.size()), query);
    }
    return handle_page(request, *path);
}

WireResponse Dispatcher::handle_api(const WireRequest& request, std::string_view path, std::string_view query) {
    std::optional<Sessions::Session> session;
    if (const auto header = request.header("Cookie"))
        if (const auto id = cookie_value(*header, kCookie)) session = sessions_.find(*id);

    if (path == "/session") return handle_session(request, session);
    if (path == "/session/token") return handle_token(request, session);
    if (!session) return refuse("api.unauthenticated");
    const api::Principal principal{session->user, session->role, request.peer};
    const bool change = changes_something(request.method);
    const auto audited = [&](WireResponse response) {
        if (change) audit_(principal, request.method, request.target, response.status);
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
    return audited(wire(api_(call)));
}

api::Response Dispatcher::session_document(const std::optional<Sessions::Session>& session) const {
    nlohmann::json document{{"authenticated", session.has_value()},
                            {"login", options_.accounts.empty() ? "token" : "password"},
                            {"version", options_.version}};
    if (session) {
        document["user"] = session->user;
        document["role"] = session->role == api::Role::operator_ ? "operator" : "viewer";
        document["csrf"] = session->csrf;
    }
    return api::answer(200, document);
}

WireResponse Dispatcher::handle_session(const WireRequest& request, const std::optional<Sessions::Session>& session) {
    if (request.method == "GET") return wire(session_document(session));
    if (request.method == "POST") return log_in(request);
    if (request.method != "DELETE") return refuse("api.method_not_allowed", {{"method", request.method}});
    if (!session) return refuse("api.unauthenticated");
    if (!equal_in_constant_time(request.header("X-ExHyperV-CSRF").value_or(""), session->csrf))
        return refuse("api.csrf");
    sessions_.close(session->id);
    WireResponse response = wire(api::answer(204));
    response.headers.push_back(
        {"Set-Cookie", std::string(kCookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"});
    return response;
}

/// A new token for the old one, which somebody may have seen. Sessions that are open stay open.
WireResponse Dispatcher::handle_token(const WireRequest& request, const std::optional<Sessions::Session>& session) {
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
        const std::lock_guard lock(token_mutex_);
        token_ = fresh;
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
    if (const std::string token = text("token"); !token.empty()) {
        const std::lock_guard lock(token_mutex_);
        if (!token_.empty() && equal_in_constant_time(token, token_))
            account = Account{"local", api::Role::operator_, {}, {}};
    } else if (!options_.accounts.empty()) {
        if (auto checked = check_password(options_.accounts, text("user"), text("password")))
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
    const Sessions::Session session = sessions_.open(account->user, account->role);
    WireResponse response = wire(session_document(session));
    response.headers.push_back({"Set-Cookie", std::string(kCookie) + "=" + session.id +
                                                  "; Path=/; HttpOnly; SameSite=Strict" +
                                                  (options_.tls ? "; Secure" : "")});
    return response;
}

} // namespace exhyperv::server
