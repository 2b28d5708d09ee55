#include "app/config.h"

#include <gtest/gtest.h>

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

} // namespace
} // namespace exhyperv::app
