#include "running_server.h"

#include "client.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace exhyperv::server::test {

RunningServer::RunningServer(ListenOptions options, std::function<void(const api::Request&)> on_call) {
    auto bound = HttpServer::bind(options);
    if (!bound) throw std::runtime_error(describe(bound.error()));
    http_ = std::move(*bound);
    DispatchOptions dispatch;
    dispatch.allowed_hosts = {host(), "localhost:" + std::to_string(port())};
    dispatch.token = kToken;
    dispatch.version = "test";
    dispatch.port = port();
    dispatch.lane = [](const api::Request& call) {
        const auto host = call.query.find("host");
        return host == call.query.end() ? std::string("default") : host->second;
    };
    dispatcher_ = std::make_unique<Dispatcher>(
        dispatch,
        [this, on_call](const api::Request& call) {
            ++calls_;
            if (on_call) on_call(call);
            return api::answer(200, {{"path", call.path}});
        },
        [this](const api::Principal& who, const std::string& method, const std::string& target, int status) {
            const std::lock_guard lock(audit_mutex_);
            audit_.push_back(who.user + ' ' + who.from + ' ' + method + ' ' + target + ' ' + std::to_string(status));
        });
    thread_ = std::thread([this] { http_->run(*dispatcher_, events_); });
}

RunningServer::~RunningServer() {
    http_->stop();
    thread_.join();
}

std::vector<std::string> RunningServer::audit() const {
    const std::lock_guard lock(audit_mutex_);
    return audit_;
}

std::string RunningServer::session() const {
    const std::string body = nlohmann::json{{"token", kToken}}.dump();
    const std::string answer =
        exchange(port(), request(*this, "POST /api/v1/session", "Content-Type: application/json\r\n", body));
    const auto document = nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    const std::string cookie = header_of(answer, "Set-Cookie");
    return "Cookie: " + cookie.substr(0, cookie.find(';')) +
           "\r\nX-ExHyperV-CSRF: " + document.at("csrf").get<std::string>() + "\r\n";
}

bool RunningServer::well() const {
    return status_of(exchange(port(), request(*this, "GET /api/v1/session"))) == 200;
}

std::string request(const RunningServer& server, const std::string& line, const std::string& headers,
                    const std::string& body) {
    std::string out = line + " HTTP/1.1\r\nHost: " + server.host() + "\r\nConnection: close\r\n" + headers;
    if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return out + "\r\n" + body;
}

} // namespace exhyperv::server::test
