#include "client.h"
#include "running_server.h"

#include <gtest/gtest.h>

namespace exhyperv::server::test {
namespace {

const std::string kJson = "Content-Type: application/json\r\n";

TEST(Attacks, a_wrong_token_is_refused_and_guessing_is_slowed_down) {
    const RunningServer server;
    const auto guess = [&] {
        return status_of(
            exchange(server.port(), request(server, "POST /api/v1/session", kJson, R"({"token":"wrong"})")));
    };
    int refused = 0, slowed = 0;
    for (int i = 0; i < 8; ++i) {
        const int status = guess();
        refused += status == 401;
        slowed += status == 429;
    }
    EXPECT_GE(refused, 1);
    EXPECT_GE(slowed, 1);
    EXPECT_EQ(refused + slowed, 8);
    EXPECT_FALSE(server.audit().empty());
    EXPECT_EQ(server.calls(), 0);
}

TEST(Attacks, without_a_session_nothing_is_told) {
    const RunningServer server;
    for (const char* path : {"/api/v1/vms", "/api/v1/events", "/api/v1/operations", "/api/v1/nothing"})
        EXPECT_EQ(status_of(exchange(server.port(), request(server, std::string("GET ") + path))), 401) << path;
    EXPECT_EQ(server.calls(), 0);
}

TEST(Attacks, another_sites_page_is_refused_even_with_the_users_cookie) {
    const RunningServer server;
    const std::string session = server.session();
    const auto status = [&](const std::string& headers) {
        return status_of(exchange(server.port(), request(server, "GET /api/v1/vms", session + headers)));
    };
    EXPECT_EQ(status(""), 200);
    EXPECT_EQ(status("Origin: http://" + server.host() + "\r\n"), 200);
    const int calls = server.calls();
    EXPECT_EQ(status("Origin: https://evil.example\r\n"), 403);
    EXPECT_EQ(status("Origin: null\r\n"), 403);
    EXPECT_EQ(status("Origin: https://" + server.host() + "\r\n"), 403);
    EXPECT_EQ(status("Origin: http://" + server.host() + ".evil.example\r\n"), 403);
    EXPECT_EQ(status("Sec-Fetch-Site: cross-site\r\n"), 403);
    EXPECT_EQ(status("Sec-Fetch-Site: same-site\r\n"), 403);
    EXPECT_EQ(server.calls(), calls);
}

TEST(Attacks, a_name_that_was_made_to_lead_here_is_refused) {
    const RunningServer server;
    const std::string session = server.session();
    const auto status = [&](const std::string& host) {
        return status_of(exchange(server.port(), "GET /api/v1/vms HTTP/1.1\r\nConnection: close\r\nHost: " + host +
                                                     "\r\n" + session + "\r\n"));
    };
    EXPECT_EQ(status(server.host()), 200);
    EXPECT_EQ(status("rebind.evil.example:" + std::to_string(server.port())), 421);
    EXPECT_EQ(status("127.0.0.1"), 421);
    EXPECT_EQ(status("127.0.0.1:1"), 421);
    EXPECT_EQ(status(""), 421);
    EXPECT_EQ(status(server.host() + "\r\nHost: evil.example"), 421);
    // The page itself is not handed out under a foreign name either.
    EXPECT_EQ(status_of(exchange(server.port(), "GET / HTTP/1.1\r\nConnection: close\r\nHost: evil.example\r\n\r\n")),
              421);
}

TEST(Attacks, a_form_of_another_site_changes_nothing) {
    const RunningServer server;
    const std::string session = server.session();
    const std::string cookie = session.substr(0, session.find("\r\n") + 2);
    const auto post = [&](const std::string& headers, const std::string& body) {
        return status_of(exchange(server.port(), request(server, "POST /api/v1/operations", headers, body)));
    };
    EXPECT_EQ(
        post(cookie + "Content-Type: application/x-www-form-urlencoded\r\nOrigin: https://evil.example\r\n", "plan=1"),
        403);
    EXPECT_EQ(post(cookie + "Content-Type: text/plain\r\n", R"({"plan":"1"})"), 403); // no CSRF value
    EXPECT_EQ(post(cookie + kJson + "X-ExHyperV-CSRF: guessed\r\n", R"({"plan":"1"})"), 403);
    EXPECT_EQ(post(session + "Content-Type: text/plain\r\n", R"({"plan":"1"})"), 400);
    EXPECT_EQ(post(session + "Content-Type: application/x-www-form-urlencoded\r\n", "plan=1"), 400);
    EXPECT_EQ(server.calls(), 0);
    EXPECT_EQ(post(session + kJson, R"({"plan":"1"})"), 200);
    EXPECT_EQ(server.calls(), 1);
}

TEST(Attacks, no_path_leads_out_of_the_page) {
    const RunningServer server;
    for (const char* path :
         {"/../../../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
          "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd.txt", "/assets/..\\..\\etc\\passwd.txt",
          "/assets/%00.js", "/assets/%zz.js", "//etc/passwd.txt", "/assets/....//....//etc/passwd.txt"}) {
        const std::string answer = exchange(server.port(), request(server, std::string("GET ") + path));
        EXPECT_TRUE(status_of(answer) == 400 || status_of(answer) == 404) << path << ": " << answer.substr(0, 60);
        EXPECT_EQ(answer.find("root:"), std::string::npos) << path;
    }
    EXPECT_TRUE(server.well());
}

TEST(Attacks, every_answer_carries_the_headers_that_protect_it) {
    const RunningServer server;
    for (const char* path : {"/", "/nothing.js", "/api/v1/session", "/api/v1/vms"}) {
        const std::string answer = exchange(server.port(), request(server, std::string("GET ") + path));
        const std::string policy = header_of(answer, "Content-Security-Policy");
        EXPECT_NE(policy.find("default-src 'none'"), std::string::npos) << path;
        EXPECT_EQ(policy.find("unsafe"), std::string::npos) << path;
        EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff") << path;
        EXPECT_EQ(header_of(answer, "X-Frame-Options"), "DENY") << path;
    }
}

} // namespace
} // namespace exhyperv::server::test
