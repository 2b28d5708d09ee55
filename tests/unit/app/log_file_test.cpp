#include "app/log_file.h"

#include "support/log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>

namespace exhyperv::app {
namespace {

namespace fs = std::filesystem;

class LogFileTest : public testing::Test {
  protected:
    LogFileTest() {
        std::string pattern = (fs::temp_directory_path() / "exhyperv-log-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~LogFileTest() override { fs::remove_all(folder_); }
    [[nodiscard]] std::string content(const std::string& name) const {
        std::ifstream in(folder_ / "logs" / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    fs::path folder_;
};

TEST_F(LogFileTest, KeepsLinesFromItsLevelOnAndLeavesNoFileWithoutAny) {
    {
        const LogFile file(folder_.string(), LogLevel::info);
        log(LogLevel::debug, "quiet");
    }
    EXPECT_FALSE(fs::exists(folder_ / "logs"));
    {
        const LogFile file(folder_.string(), LogLevel::info);
        log(LogLevel::debug, "quiet");
        log(LogLevel::warn, "loud");
    }
    log(LogLevel::error, "after the end");
    const std::string text = content("exhyperv.log");
    EXPECT_NE(text.find(" warn loud\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("quiet"), std::string::npos);
    EXPECT_EQ(text.find("after"), std::string::npos);
}

TEST_F(LogFileTest, MovesAFullFileAsideAndKeepsThree) {
    for (int round = 0; round < 6; ++round) {
        const LogFile file(folder_.string(), LogLevel::info, 1);
        log(LogLevel::info, "round " + std::to_string(round));
    }
    EXPECT_NE(content("exhyperv.log").find("round 5"), std::string::npos);
    EXPECT_NE(content("exhyperv.1.log").find("round 4"), std::string::npos);
    EXPECT_NE(content("exhyperv.3.log").find("round 2"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder_ / "logs/exhyperv.4.log"));
}

TEST(LogFile, ThatCannotBeWrittenStopsNothing) {
    const LogFile file("/proc/nowhere", LogLevel::info);
    log(LogLevel::error, "dropped");
    log(LogLevel::error, "dropped again");
}

} // namespace
} // namespace exhyperv::app
