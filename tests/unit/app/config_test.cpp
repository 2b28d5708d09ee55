#include "app/config.h"
#include "support/guid.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace exhyperv::app {
namespace {

TEST(Config, TakesLanguageAndDefaultHost) {
    const auto config = parse_config("config.json", R"({"language": "zh-Hans", "default_host": "sim:server2025"})");
    ASSERT_TRUE(config);
    EXPECT_EQ(config->language, "zh-Hans");
    EXPECT_EQ(config->default_host, "sim:server2025");
}

TEST(Config, MayBeEmpty) {
    const auto config = parse_config("config.json", "{}");
    ASSERT_TRUE(config);
    EXPECT_FALSE(config->language);
    EXPECT_FALSE(config->default_host);
}

TEST(Config, NamesTheLineOfASyntaxError) {
    const auto config = parse_config("config.json", "{\n  \"language\": \"en\",\n}");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, "app.config_syntax");
    EXPECT_EQ(*config.error().arg("line"), "3");
}

TEST(Config, NamesTheFieldThatIsWrong) {
    for (const auto& [content, field] : {std::pair{R"({"langauge": "en"})", "langauge"},
                                         {R"({"language": "de"})", "language"},
                                         {R"({"language": 1})", "language"},
                                         {R"({"default_host": "workstation"})", "default_host"},
                                         {R"({"hosts": ["sim:"]})", "hosts"},
                                         {R"({"hosts": [{"uri": "elsewhere"}]})", "hosts"},
                                         {R"({"hosts": [{"uri": "sim:", "password": "x"}]})", "hosts"},
                                         {"[]", "/"}}) {
        const auto config = parse_config("config.json", content);
        ASSERT_FALSE(config) << content;
        EXPECT_EQ(config.error().code, "app.config_field") << content;
        EXPECT_EQ(*config.error().arg("field"), field) << content;
    }
}

TEST(Config, OfAFolderWithoutOneIsEmpty) {
    const auto config = load_config("/nonexistent/exhyperv");
    ASSERT_TRUE(config);
    EXPECT_FALSE(config->language);
}

class ConfigFile : public testing::Test {
  protected:
    void SetUp() override {
        directory_ = testing::TempDir() + "exhyperv-config-" + Guid::random().str();
        std::filesystem::create_directories(directory_);
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }
    std::string directory_;
};

TEST_F(ConfigFile, TakesHostsAndKeepsTheRest) {
    ASSERT_TRUE(save_config(directory_, {.language = "zh-Hans", .default_host = "sim:server2025", .hosts = {}}));
    ASSERT_TRUE(add_host(directory_, "sim:large?vms=500", "lab"));
    ASSERT_TRUE(add_host(directory_, "sim:laptop", ""));
    ASSERT_TRUE(add_host(directory_, "sim:laptop", "mine")); // again: only its name changes
    const auto config = load_config(directory_);
    ASSERT_TRUE(config);
    EXPECT_EQ(config->language, "zh-Hans");
    EXPECT_EQ(config->default_host, "sim:server2025");
    ASSERT_EQ(config->hosts.size(), 2u);
    EXPECT_EQ(config->hosts[1], (ConfiguredHost{"sim:laptop", "mine"}));

    ASSERT_TRUE(remove_host(directory_, "LAB")); // by name, without case
    ASSERT_TRUE(remove_host(directory_, "sim:laptop"));
    EXPECT_TRUE(load_config(directory_)->hosts.empty());
    const auto gone = remove_host(directory_, "lab");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, "app.host_unknown");
}

TEST_F(ConfigFile, RefusesWhatIsNoHostAndTooManyHosts) {
    EXPECT_EQ(add_host(directory_, "nonsense", "").error().code, "app.host_uri");
    for (int i = 0; i < 64; ++i)
        ASSERT_TRUE(add_host(directory_, "sim:large?vms=" + std::to_string(i + 1), ""));
    EXPECT_EQ(add_host(directory_, "sim:laptop", "").error().code, "app.too_many_hosts");
}

} // namespace
} // namespace exhyperv::app
