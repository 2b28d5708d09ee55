#include "support/utf.h"

#include <gtest/gtest.h>

namespace exhyperv {
namespace {

constexpr const char* kText = "Ab显\xF0\x9F\x96\xA5"; // one, three and four bytes a character

TEST(Utf, GoesToUtf16AndBack) {
    const std::u16string wide = to_utf16(kText);
    EXPECT_EQ(wide.size(), 5u) << "the last one takes a surrogate pair";
    EXPECT_EQ(to_utf8(wide), kText);
    EXPECT_EQ(from_utf16le_bytes(to_utf16le_bytes(kText)).value(), kText);
    EXPECT_EQ(to_utf16le_bytes("A"), (std::vector<std::byte>{std::byte{'A'}, std::byte{0}}));
}

TEST(Utf, MalformedInputBecomesTheReplacementCharacter) {
    EXPECT_EQ(to_utf16("a\xFF"
                       "b"),
              u"a\uFFFDb");
    EXPECT_EQ(to_utf16("\xE6\x98"), u"\uFFFD\uFFFD") << "cut short";
    EXPECT_EQ(to_utf16("\xC0\x80"), u"\uFFFD\uFFFD") << "overlong";
    EXPECT_EQ(to_utf16("\xED\xA0\x80"), u"\uFFFD\uFFFD\uFFFD") << "a surrogate";
    const char16_t lone[] = {u'a', 0xD800, u'b', 0xDC00};
    EXPECT_EQ(to_utf8({lone, 4}), "a\xEF\xBF\xBD"
                                  "b\xEF\xBF\xBD");
}

TEST(Utf, RefusesHalfACodeUnit) {
    const std::vector<std::byte> odd(3);
    const auto result = from_utf16le_bytes(odd);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "text.bad_utf16");
    EXPECT_EQ(*result.error().arg("bytes"), "3");
}

TEST(Utf, KnowsWellFormedUtf8) {
    EXPECT_TRUE(is_valid_utf8(kText));
    EXPECT_TRUE(is_valid_utf8(""));
    for (const char* bad :
         {"\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5", "a\xC3"})
        EXPECT_FALSE(is_valid_utf8(bad));
}

TEST(Utf, CountsTerminalColumns) {
    EXPECT_EQ(display_width("abc"), 3u);
    EXPECT_EQ(display_width("显卡"), 4u);
    EXPECT_EQ(display_width("e\xCC\x81"), 1u) << "a combining accent takes no column";
    EXPECT_EQ(display_width(""), 0u);
}

TEST(Utf, EveryCodePointSurvives) {
    for (char32_t code = 1; code <= 0x10FFFF; code += 7) {
        if (code >= 0xD800 && code < 0xE000) continue;
        std::u16string wide;
        if (code < 0x10000) {
            wide += static_cast<char16_t>(code);
        } else {
            wide += static_cast<char16_t>(0xD800 + ((code - 0x10000) >> 10));
            wide += static_cast<char16_t>(0xDC00 + ((code - 0x10000) & 0x3FF));
        }
        const std::string narrow = to_utf8(wide);
        ASSERT_TRUE(is_valid_utf8(narrow)) << static_cast<std::uint32_t>(code);
        ASSERT_EQ(to_utf16(narrow), wide) << static_cast<std::uint32_t>(code);
    }
}

} // namespace
} // namespace exhyperv
