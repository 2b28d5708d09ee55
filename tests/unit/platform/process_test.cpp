#include "platform/process.h"

#include "platform/language.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

namespace exhyperv::platform {
namespace {

/// Sets environment variables for one test and puts the old ones back.
class EnvironmentGuard {
  public:
    void set(const char* name, const char* value) {
        saved_.try_emplace(name, environment(name));
        value ? ::setenv(name, value, 1) : ::unsetenv(name);
    }
    ~EnvironmentGuard() {
        for (const auto& [name, value] : saved_)
            value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }

  private:
    std::map<std::string, std::optional<std::string>> saved_;
};

TEST(DataDirectory, PrefersTheOverrideThenXdgThenHome) {
    EnvironmentGuard guard;
    guard.set("EXHYPERV_DATA_DIR", "/chosen");
    guard.set("XDG_DATA_HOME", "/xdg");
    guard.set("HOME", "/home/someone");
    EXPECT_EQ(data_directory().value(), "/chosen");
    guard.set("EXHYPERV_DATA_DIR", nullptr);
    EXPECT_EQ(data_directory().value(), "/xdg/exhyperv");
    guard.set("XDG_DATA_HOME", "relative/is/ignored");
    EXPECT_EQ(data_directory().value(), "/home/someone/.local/share/exhyperv");
}

TEST(LanguageTag, MapsLocaleNames) {
    const std::map<std::string, std::string> cases = {
        {"zh_CN.UTF-8", "zh-Hans"}, {"zh", "zh-Hans"},     {"zh-SG", "zh-Hans"}, {"zh_TW.Big5", "zh-Hant"},
        {"zh-Hant-HK", "zh-Hant"},  {"en_US.UTF-8", "en"}, {"de_DE@euro", "de"}, {"C", "en"},
        {"C.UTF-8", "en"},          {"POSIX", "en"},       {"", "en"},           {"../../etc", "en"}};
    for (const auto& [locale, tag] : cases)
        EXPECT_EQ(language_tag(locale), tag) << locale;
}

TEST(PreferredLanguage, LcAllWinsOverLang) {
    EnvironmentGuard guard;
    guard.set("LANG", "de_DE.UTF-8");
    guard.set("LC_MESSAGES", nullptr);
    guard.set("LC_ALL", nullptr);
    EXPECT_EQ(preferred_language(), "de");
    guard.set("LC_ALL", "zh_CN.UTF-8");
    EXPECT_EQ(preferred_language(), "zh-Hans");
}

TEST(Environment, EmptyCountsAsUnset) {
    EnvironmentGuard guard;
    guard.set("EXHYPERV_TEST_VALUE", "");
    EXPECT_FALSE(environment("EXHYPERV_TEST_VALUE"));
    guard.set("EXHYPERV_TEST_VALUE", "x");
    EXPECT_EQ(environment("EXHYPERV_TEST_VALUE"), "x");
}

TEST(ProcessAlive, TellsALivingFromAFinishedProcess) {
    EXPECT_TRUE(process_alive(process_id()));
    EXPECT_FALSE(process_alive(0));
    EXPECT_FALSE(process_alive(UINT32_MAX));
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ASSERT_GT(child, 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_FALSE(process_alive(static_cast<std::uint32_t>(child)));
}

TEST(UserAndMachine, HasBothParts) {
    const auto text = user_and_machine();
    const auto at = text.find('@');
    ASSERT_NE(at, std::string::npos);
    EXPECT_GT(at, 0u);
    EXPECT_LT(at + 1, text.size());
}

TEST(Terminal, APipeIsNoTerminalAndWidthIsPositive) {
    EXPECT_FALSE(is_terminal(-1));
    EXPECT_GT(terminal_width(), 0);
}

} // namespace
} // namespace exhyperv::platform
