#include "server/security.h"

#include <gtest/gtest.h>

namespace exhyperv::server {
namespace {

const std::vector<std::string> kHosts = {"127.0.0.1:8472", "localhost:8472"};

TEST(Host, TakesOnlyTheServersOwnNames) {
    EXPECT_TRUE(host_allowed("localhost:8472", kHosts));
    EXPECT_TRUE(host_allowed("LOCALHOST:8472", kHosts));
    EXPECT_FALSE(host_allowed("localhost", kHosts));
    EXPECT_FALSE(host_allowed("rebound.example:8472", kHosts));
    EXPECT_FALSE(host_allowed("", kHosts));
}

TEST(Origin, RefusesForeignPagesAndNullOrigins) {
    EXPECT_TRUE(origin_allowed("http://localhost:8472", "same-origin", "http", kHosts));
    EXPECT_FALSE(origin_allowed("https://localhost:8472", "same-origin", "http", kHosts));
    EXPECT_FALSE(origin_allowed("http://evil.example", std::nullopt, "http", kHosts));
    EXPECT_FALSE(origin_allowed("null", std::nullopt, "http", kHosts));
}

TEST(Origin, WithoutOneTheBrowsersOwnWordCounts) {
    EXPECT_TRUE(origin_allowed(std::nullopt, std::nullopt, "http", kHosts));
    EXPECT_TRUE(origin_allowed(std::nullopt, "same-origin", "http", kHosts));
    EXPECT_FALSE(origin_allowed(std::nullopt, "cross-site", "http", kHosts));
    EXPECT_FALSE(origin_allowed(std::nullopt, "same-site", "http", kHosts));
}

TEST(Cookie, FindsItsOwnAndDistrustsDoubles) {
    EXPECT_EQ(cookie_value("a=1; exhyperv_session=abc; b=2", "exhyperv_session"), "abc");
    EXPECT_EQ(cookie_value("exhyperv_session_x=1", "exhyperv_session"), std::nullopt);
    EXPECT_EQ(cookie_value("exhyperv_session=1; exhyperv_session=2", "exhyperv_session"), std::nullopt);
}

TEST(PercentDecoding, RefusesWhatCouldLeaveItsPlace) {
    EXPECT_EQ(percent_decode("a%20b", true), "a b");
    EXPECT_EQ(percent_decode("%2e%2e", true), "..");
    EXPECT_EQ(percent_decode("a%2fb", true), std::nullopt);
    EXPECT_EQ(percent_decode("a%5cb", true), std::nullopt);
    EXPECT_EQ(percent_decode("a%00b", true), std::nullopt);
    EXPECT_EQ(percent_decode("%", true), std::nullopt);
    EXPECT_EQ(percent_decode("%zz", true), std::nullopt);
    EXPECT_EQ(percent_decode("a+b", false), "a b");
}

TEST(Token, IsLongAndNeverTheSame) {
    EXPECT_EQ(random_token().size(), 43u);
    EXPECT_NE(random_token(), random_token());
}

TEST(Headers, AllowNoInlineCode) {
    for (const Header& header : security_headers("n0nce", false))
        if (header.name == "Content-Security-Policy") {
            EXPECT_EQ(header.value.find("unsafe-inline"), std::string::npos);
            EXPECT_NE(header.value.find("'nonce-n0nce'"), std::string::npos);
            return;
        }
    FAIL() << "no content security policy";
}

} // namespace
} // namespace exhyperv::server
