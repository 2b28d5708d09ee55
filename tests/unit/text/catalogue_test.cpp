#include "text/catalogue.h"
#include "text/catalogue_table.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::text {
namespace {

TEST(Catalogue, IsSortedSoThatLookupsFindEveryEntry) {
    const auto table = entries();
    ASSERT_GT(table.size(), 100u);
    EXPECT_TRUE(std::ranges::is_sorted(table, {}, &Entry::key));
    for (const auto& entry : table)
        EXPECT_EQ(find_text(entry.key, Language::en), entry.text[0]) << entry.key;
}

TEST(Catalogue, HasEveryTextInBothLanguages) {
    for (const auto& entry : entries()) {
        EXPECT_FALSE(entry.text[0].empty()) << entry.key;
        EXPECT_FALSE(entry.text[1].empty()) << entry.key;
    }
}

TEST(Render, FillsPlaceholdersInEitherLanguage) {
    const Message message{"cli.guest.files_value", {{"files", "1,200"}, {"size", "1.5 GB"}}};
    EXPECT_EQ(render(message, Language::en), "1,200, 1.5 GB");
    EXPECT_EQ(render(message, Language::zh_hans), "1,200 个，1.5 GB");
}

TEST(Render, ShowsAnUnknownKeyWithItsArguments) {
    EXPECT_EQ(render(Message{"no.such.key", {{"vm", "a"}, {"n", "2"}}}, Language::en), "no.such.key vm=a n=2");
}

TEST(Render, LeavesAPlaceholderVisibleWhoseArgumentIsMissing) {
    EXPECT_EQ(render(Message{"cli.place.vm", {}}, Language::en), "VM {vm}");
}

TEST(Render, DoesNotLookForPlaceholdersInValues) {
    EXPECT_EQ(render(Message{"cli.place.vm", {{"vm", "{vm}{x"}}}, Language::en), "VM {vm}{x");
}

TEST(RenderError, HasTitleCauseAndRemedyInBothLanguages) {
    const Error error{"cli.bad_value", {{"option", "--timeout"}, {"value", "x"}, {"expected", "30s"}}, {}, {}, "why"};
    const auto en = render_error(error, Language::en);
    EXPECT_EQ(en.title, "--timeout cannot be \"x\"");
    EXPECT_EQ(en.cause, "Accepted are: 30s.");
    EXPECT_FALSE(en.remedy.empty());
    EXPECT_EQ(render_error(error, Language::zh_hans).title, "--timeout 不能为“x”");
    EXPECT_NE(en.technical.find("cli.bad_value"), std::string::npos);
    EXPECT_NE(en.technical.find("why"), std::string::npos);
}

TEST(RenderError, OfAnUnknownCodeShowsTheCode) {
    const auto words = render_error(Error{"no.such", {{"a", "b"}}, {}, {}, {}}, Language::en);
    EXPECT_EQ(words.title, "no.such a=b");
    EXPECT_TRUE(words.cause.empty());
    EXPECT_TRUE(words.remedy.empty());
}

TEST(ParseLanguage, UnderstandsTagsAndLocaleNames) {
    for (const char* tag : {"zh", "zh-Hans", "zh_CN.UTF-8", "ZH-cn", "zh_TW", "zh@pinyin"})
        EXPECT_EQ(parse_language(tag), Language::zh_hans) << tag;
    for (const char* tag : {"en", "en_GB.UTF-8", "C", "C.UTF-8", "POSIX"})
        EXPECT_EQ(parse_language(tag), Language::en) << tag;
    for (const char* tag : {"", "de_DE.UTF-8", "zhx", "e"})
        EXPECT_EQ(parse_language(tag), std::nullopt) << tag;
}

} // namespace
} // namespace exhyperv::text
