#include "server/dispatch.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace exhyperv::server {
namespace {

class DispatchTest : public ::testing::Test {
  protected:
    std::vector<api::Request> calls;
    std::vector<std::string> audited, announced;
    bool announcing_fails = false;
    Dispatcher dispatcher{
        DispatchOptions{.allowed_hosts = {"127.0.0.1:8472"},
                        .port = 8472,
                        .token = "per-start-token-0123456789",
                        .version = "0.1.0",
                        .token_replaced = [this](const std::string& token) -> Result<> {
                            announced.push_back(token);
                            if (announcing_fails) return fail("file.no_space");
                            return {};
                        }},
        [this](const api::Request& request) {
            calls.push_back(request);
            return api::answer(200, {{"ok", true}});
        },
        [this](const api::Principal& who, const std::string& method, const std::string& target, int status) {
            audited.push_back(who.user + " " + method + " " + target + " " + std::to_string(status));
        }};

    static WireRequest request(std::string method, std::string target, std::vector<Header> more = {},
                               std::string body = {}) {
        WireRequest made{
            std::move(method), std::move(target), "127.0.0.1", {{"Host", "127.0.0.1:8472"}}, std::move(body)};
        made.headers.insert(made.headers.end(), more.begin(), more.end());
        return made;
    }
    static nlohmann::json body(const WireResponse& response) {
        return response.body ? nlohmann::json::parse(*response.body) : nlohmann::json();
    }
    static std::string code(const WireResponse& response) { return body(response)["error"]["code"]; }

    struct Login {
        Header cookie, csrf;
    };
    Login log_in() {
        const auto response =
            dispatcher.handle(request("POST", "/api/v1/session", {{"Content-Type", "application/json"}},
                                      R"({"token":"per-start-token-0123456789"})"));
        EXPECT_EQ(response.status, 200);
        Login login{{"Cookie", ""}, {"X-ExHyperV-CSRF", body(response)["csrf"]}};
        for (const Header& header : response.headers)
            if (header.name == "Set-Cookie") login.cookie.value = header.value.substr(0, header.value.find(';'));
        return login;
    }
};

TEST_F(DispatchTest, AnswersUnderItsOwnNameOnly) {
    auto foreign = request("GET", "/api/v1/session");
    foreign.headers[0].value = "rebound.example:8472";
    EXPECT_EQ(code(dispatcher.handle(foreign)), "api.foreign_host");
    auto twice = request("GET", "/api/v1/session", {{"Host", "127.0.0.1:8472"}});
    EXPECT_EQ(code(dispatcher.handle(twice)), "api.foreign_host");
}

TEST_F(DispatchTest, AsksForASession) {
    EXPECT_EQ(code(dispatcher.handle(request("GET", "/api/v1/vms"))), "api.unauthenticated");
    EXPECT_TRUE(calls.empty());
}

TEST_F(DispatchTest, LetsTheTokenIn) {
    const Login login = log_in();
    const auto response = dispatcher.handle(request("GET", "/api/v1/vms?host=sim%3Alarge", {login.cookie}));
    EXPECT_EQ(response.status, 200);
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].path, "/vms");
    EXPECT_EQ(calls[0].query.at("host"), "sim:large");
}

TEST_F(DispatchTest, RefusesAWrongTokenAndThenSlowsDown) {
    const auto guess = request("POST", "/api/v1/session", {{"Content-Type", "application/json"}},
                               R"({"token":"wrong-token-0123456789-xx"})");
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(code(dispatcher.handle(guess)), "api.login_failed");
    const auto slowed = dispatcher.handle(guess);
    EXPECT_EQ(slowed.status, 429);
    EXPECT_EQ(code(slowed), "api.too_many_attempts");
}

TEST_F(DispatchTest, RefusesChangesWithoutTheCsrfValue) {
    const Login login = log_in();
    const std::vector<Header> headers = {login.cookie, {"Content-Type", "application/json"}};
    EXPECT_EQ(code(dispatcher.handle(request("POST", "/api/v1/plans", headers, "{}"))), "api.csrf");
    EXPECT_TRUE(calls.empty());
}

TEST_F(DispatchTest, RefusesForeignPagesAndCrossSiteForms) {
    const Login login = log_in();
    EXPECT_EQ(code(dispatcher.handle(request("POST", "/api/v1/plans",
                                             {login.cookie, login.csrf, {"Origin", "http://evil.example"}}, "{}"))),
              "api.foreign_origin");
    EXPECT_EQ(code(dispatcher.handle(request("POST", "/api/v1/plans",
                                             {login.cookie, login.csrf, {"Sec-Fetch-Site", "cross-site"}}, "{}"))),
              "api.foreign_origin");
    const std::vector<Header> form = {login.cookie, login.csrf, {"Content-Type", "application/x-www-form-urlencoded"}};
    EXPECT_EQ(code(dispatcher.handle(request("POST", "/api/v1/plans", form, "a=b"))), "api.bad_request");
    EXPECT_TRUE(calls.empty());
}

TEST_F(DispatchTest, PassesAProvenChangeOnAndWritesItDown) {
    const Login login = log_in();
    audited.clear();
    const std::vector<Header> headers = {
        login.cookie, login.csrf, {"Content-Type", "application/json"}, {"Origin", "http://127.0.0.1:8472"}};
    EXPECT_EQ(dispatcher.handle(request("POST", "/api/v1/plans", headers, R"({"operation":"gpu.add"})")).status, 200);
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ((*calls[0].body)["operation"], "gpu.add");
    EXPECT_EQ(audited, (std::vector<std::string>{"local POST /api/v1/plans 200"}));
}

TEST_F(DispatchTest, RefusesPathsThatClimb) {
    for (const char* path :
         {"/../etc/passwd", "/assets/%2e%2e/%2e%2e/secret.js", "/assets/..%2f..%2fsecret.js", "/a%00.js"})
        EXPECT_EQ(dispatcher.handle(request("GET", path)).status, 400) << path;
}

TEST_F(DispatchTest, RefusesBodiesThatAreNoJson) {
    const Login login = log_in();
    const std::vector<Header> headers = {login.cookie, login.csrf, {"Content-Type", "application/json"}};
    EXPECT_EQ(code(dispatcher.handle(request("POST", "/api/v1/plans", headers, "{"))), "api.bad_request");
}

TEST_F(DispatchTest, OpensTheEventStreamAtTheLastSeenEvent) {
    const Login login = log_in();
    const auto response = dispatcher.handle(request("GET", "/api/v1/events", {login.cookie, {"Last-Event-ID", "42"}}));
    EXPECT_TRUE(response.event_stream);
    EXPECT_EQ(response.last_event_id, 42u);
}

TEST_F(DispatchTest, PutsTheSecurityHeadersOnEveryAnswer) {
    for (const char* path : {"/", "/api/v1/vms", "/nothing.js"}) {
        const auto response = dispatcher.handle(request("GET", path));
        bool policy = false;
        for (const Header& header : response.headers)
            policy |= header.name == "Content-Security-Policy";
        EXPECT_TRUE(policy) << path;
    }
}

TEST_F(DispatchTest, KeepsServersOfOneMachineApartByTheirCookie) {
    const Login login = log_in();
    EXPECT_TRUE(login.cookie.value.starts_with("exhyperv_session_8472=")) << login.cookie.value;
    const Header both{"Cookie", "exhyperv_session_9999=another; " + login.cookie.value};
    EXPECT_EQ(dispatcher.handle(request("GET", "/api/v1/vms", {both})).status, 200);
}

TEST_F(DispatchTest, EndsTheStreamOfASessionThatSignsOut) {
    const Login login = log_in();
    const auto stream = dispatcher.handle(request("GET", "/api/v1/events", {login.cookie}));
    ASSERT_TRUE(stream.session_open && stream.session_open());
    EXPECT_EQ(dispatcher.handle(request("DELETE", "/api/v1/session", {login.cookie, login.csrf})).status, 204);
    EXPECT_FALSE(stream.session_open());
}

TEST_F(DispatchTest, TellsANewTokenBeforeItCountsAndSignsOthersOut) {
    const Login other = log_in(), login = log_in();
    const auto response = dispatcher.handle(request("POST", "/api/v1/session/token", {login.cookie, login.csrf}));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(announced, (std::vector<std::string>{body(response)["token"]}));
    EXPECT_EQ(dispatcher.handle(request("GET", "/api/v1/vms", {login.cookie})).status, 200);
    EXPECT_EQ(dispatcher.handle(request("GET", "/api/v1/vms", {other.cookie})).status, 401);
}

TEST_F(DispatchTest, KeepsTheOldTokenWhenTheNewOneCannotBeTold) {
    const Login login = log_in();
    announcing_fails = true;
    EXPECT_NE(dispatcher.handle(request("POST", "/api/v1/session/token", {login.cookie, login.csrf})).status, 200);
    (void)log_in();
}

TEST_F(DispatchTest, SignsOut) {
    const Login login = log_in();
    EXPECT_EQ(dispatcher.handle(request("DELETE", "/api/v1/session", {login.cookie, login.csrf})).status, 204);
    EXPECT_EQ(code(dispatcher.handle(request("GET", "/api/v1/vms", {login.cookie}))), "api.unauthenticated");
}

} // namespace
} // namespace exhyperv::server
