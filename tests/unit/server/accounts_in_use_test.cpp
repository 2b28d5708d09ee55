#include "platform/file.h"
#include "server/dispatch.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

namespace exhyperv::server {
namespace {

constexpr const char* kOld = "correct horse battery";
constexpr const char* kNew = "another long secret";

/// A server that people sign in to with passwords, while "serve passwd" works on the same folder.
class AccountsInUseTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "exhyperv-accounts-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        ASSERT_TRUE(set_password(folder, "eve", kOld, api::Role::operator_));
        DispatchOptions options{.tls = true, .allowed_hosts = {"lab:8472"}, .port = 8472, .version = "0.1.0"};
        options.accounts_directory = folder;
        dispatcher = std::make_unique<Dispatcher>(
            options,
            [](const api::Request&) {
                return api::answer(200, {{"ok", true}});
            },
            [](const auto&, const auto&, const auto&, int) {});
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    WireResponse ask(const std::string& method, const std::string& target, const std::string& cookie = {},
                     const std::string& body = {}) {
        WireRequest request{method, target, "10.0.0.7", {{"Host", "lab:8472"}}, body};
        if (!cookie.empty()) request.headers.push_back({"Cookie", cookie});
        if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
        return dispatcher->handle(request);
    }
    WireResponse sign_in(const std::string& password) {
        return ask("POST", "/api/v1/session", {}, nlohmann::json{{"user", "eve"}, {"password", password}}.dump());
    }
    static std::string cookie_of(const WireResponse& response) {
        for (const Header& header : response.headers)
            if (header.name == "Set-Cookie") return header.value.substr(0, header.value.find(';'));
        return {};
    }
    int looks(const std::string& cookie) { return ask("GET", "/api/v1/vms", cookie).status; }

    std::string folder;
    std::unique_ptr<Dispatcher> dispatcher;
};

TEST_F(AccountsInUseTest, ANewPasswordCountsAtOnceAndEndsWhatTheOldOneOpened) {
    const std::string cookie = cookie_of(sign_in(kOld));
    EXPECT_EQ(looks(cookie), 200);
    ASSERT_TRUE(set_password(folder, "eve", kNew, api::Role::operator_));
    EXPECT_EQ(looks(cookie), 401);
    EXPECT_EQ(sign_in(kOld).status, 401);
    const auto again = sign_in(kNew);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(looks(cookie_of(again)), 200);
}

TEST_F(AccountsInUseTest, ANewRoleEndsSessionsOfTheOldOne) {
    const std::string cookie = cookie_of(sign_in(kOld));
    ASSERT_TRUE(set_password(folder, "eve", kOld, api::Role::viewer));
    EXPECT_EQ(looks(cookie), 401);
    EXPECT_EQ(nlohmann::json::parse(*sign_in(kOld).body)["role"], "viewer");
}

TEST_F(AccountsInUseTest, ARemovedAccountIsGoneAtOnce) {
    const std::string cookie = cookie_of(sign_in(kOld));
    ASSERT_TRUE(remove_account(folder, "eve"));
    EXPECT_EQ(looks(cookie), 401);
    EXPECT_EQ(sign_in(kOld).status, 401);
}

TEST_F(AccountsInUseTest, AnotherAccountsChangeLeavesSessionsAlone) {
    const std::string cookie = cookie_of(sign_in(kOld));
    ASSERT_TRUE(set_password(folder, "bob", kNew, api::Role::viewer));
    EXPECT_EQ(looks(cookie), 200);
}

TEST_F(AccountsInUseTest, AnOpenStreamEndsWithItsAccountOrItsSession) {
    const std::string first = cookie_of(sign_in(kOld));
    const auto stream = ask("GET", "/api/v1/events", first);
    ASSERT_TRUE(stream.event_stream);
    EXPECT_TRUE(stream.session_open());
    ASSERT_TRUE(remove_account(folder, "eve"));
    EXPECT_FALSE(stream.session_open());
}

TEST_F(AccountsInUseTest, NobodyIsLetInWhileTheFileCannotBeRead) {
    const std::string cookie = cookie_of(sign_in(kOld));
    const auto good = platform::read_text_file(folder + "/accounts.json", 1 << 20);
    ASSERT_TRUE(good);
    ASSERT_TRUE(platform::write_file_atomically(folder + "/accounts.json", "[{"));
    EXPECT_EQ(looks(cookie), 401);
    const auto refused = sign_in(kOld);
    EXPECT_EQ(nlohmann::json::parse(*refused.body)["error"]["code"], "accounts.corrupt");
    ASSERT_TRUE(platform::write_file_atomically(folder + "/accounts.json", *good));
    EXPECT_EQ(looks(cookie), 200);
}

TEST_F(AccountsInUseTest, TheCookieBelongsToThisServerAlone) {
    const auto response = sign_in(kOld);
    EXPECT_TRUE(cookie_of(response).starts_with("__Host-exhyperv_session_8472=")) << cookie_of(response);
}

} // namespace
} // namespace exhyperv::server
