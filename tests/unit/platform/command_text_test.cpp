#include "platform/command_text.h"
#include "platform/elevation.h"

#include <gtest/gtest.h>

namespace exhyperv::platform {
namespace {

TEST(CommandTextTest, leaves_plain_words_alone) {
    EXPECT_EQ(command_text({"gpu", "add", "--vm=win11", "C:\\dir\\file"}), "gpu add --vm=win11 C:\\dir\\file");
}

TEST(CommandTextTest, quotes_blanks_and_empty_words) {
    EXPECT_EQ(command_text({"gpu", "add", "RTX 4070", ""}), "gpu add \"RTX 4070\" \"\"");
}

TEST(CommandTextTest, doubles_backslashes_only_before_quotes) {
    EXPECT_EQ(command_text({"say \"hi\""}), "\"say \\\"hi\\\"\"");
    EXPECT_EQ(command_text({"C:\\my dir\\"}), "\"C:\\my dir\\\\\"");
    EXPECT_EQ(command_text({"a\\\\\"b"}), "\"a\\\\\\\\\\\"b\"");
    EXPECT_EQ(command_text({"C:\\a b\\c"}), "\"C:\\a b\\c\"");
}

TEST(ElevationTest, takes_nothing_over_from_ordinary_words) {
    std::vector<std::string> words{"gpu", "list"};
    take_over(words);
    EXPECT_EQ(words, (std::vector<std::string>{"gpu", "list"}));
}

} // namespace
} // namespace exhyperv::platform
