#include "cli/ui.h"

#include "cli/invocation.h"
#include "cli/output.h"
#include "support/utf.h"

#include <gtest/gtest.h>

namespace exhyperv::cli {
namespace {

TEST(Printable, TakesAwayWhatWouldDriveATerminal) {
    EXPECT_EQ(printable("a\x1b[31mred\x07"), "a[31mred");
    EXPECT_EQ(printable("two\nlines\tand tab"), "two lines and tab");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "31m")
        << "C1 control sequence introducer";
    EXPECT_EQ(printable("win\xE2\x80\xAE"
                        "11"),
              "win11")
        << "right-to-left override";
    EXPECT_EQ(printable("虚拟机 é"), "虚拟机 é");
}

TEST(Printable, ReplacesMalformedBytesAndReadsNothingBeyondTheEnd) {
    EXPECT_EQ(printable("a\xFF"
                        "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(printable("\xE8\x99"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Wrap, BreaksAtSpacesAndKeepsLongWordsWhole) {
    EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(wrap("a C:\\a\\very\\long\\path b", 8), (std::vector<std::string>{"a", "C:\\a\\very\\long\\path", "b"}));
    EXPECT_EQ(wrap("", 10), std::vector<std::string>{""});
}

TEST(Wrap, BreaksBetweenChineseCharactersButNotBeforePunctuation) {
    for (const std::string& line : wrap("虚拟机必须处于关闭状态，否则无法更改。", 10)) {
        EXPECT_LE(display_width(line), 12u) << line;
        EXPECT_FALSE(line.starts_with("，")) << line;
        EXPECT_FALSE(line.starts_with("。")) << line;
    }
}

TEST(Pad, CountsColumnsNotBytes) {
    EXPECT_EQ(pad("名称", 6), "名称  ");
    EXPECT_EQ(pad("name", 2), "name");
}

TEST(Paint, AddsNothingWithoutColours) {
    Ui ui;
    EXPECT_EQ(ui.paint(Tone::bad, "x"), "x");
    ui.color = true;
    EXPECT_EQ(ui.paint(Tone::bad, "x"), "\x1b[31mx\x1b[0m");
    EXPECT_EQ(ui.paint(Tone::bad, ""), "");
}

TEST(ErrorText, ShowsTitleCauseRemedyAndDetailsOnlyWhenAsked) {
    Error error{"cli.contradiction", {{"one", "--a"}, {"other", "\x1b[2J--b"}}, {}, "", "the detail"};
    error.with_native(NativeKind::hresult, 0x80041003);
    Ui ui;
    const std::string text = error_text(error, ui);
    EXPECT_NE(text.find("✗ --a and [2J--b contradict each other"), std::string::npos) << text;
    EXPECT_NE(text.find("Why:"), std::string::npos);
    EXPECT_NE(text.find("What to do:"), std::string::npos);
    EXPECT_EQ(text.find("the detail"), std::string::npos);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    ui.verbose = true;
    EXPECT_NE(error_text(error, ui).find("0x80041003"), std::string::npos);
    EXPECT_NE(error_text(error, ui).find("the detail"), std::string::npos);
}

TEST(ShellWord, QuotesOnlyWhatNeedsIt) {
    EXPECT_EQ(shell_word("win11"), "win11");
    EXPECT_EQ(shell_word("RTX 4070"), "\"RTX 4070\"");
    EXPECT_EQ(shell_word("a$(b)"), "'a$(b)'");
    EXPECT_EQ(shell_word("it's $5"), "'it'\\''s $5'");
    EXPECT_EQ(shell_word(""), "\"\"");
}

} // namespace
} // namespace exhyperv::cli
