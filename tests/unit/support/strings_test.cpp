#include "support/strings.h"

#include <gtest/gtest.h>

#include <map>

namespace exhyperv {
namespace {

TEST(Strings, CaseFoldingLeavesOtherBytesAlone) {
    EXPECT_EQ(ascii_lower("AbC显É"), "abc显É");
    EXPECT_EQ(ascii_upper("aBz{é"), "ABZ{é");
    EXPECT_TRUE(iequals("Msvm_X", "MSVM_x"));
    EXPECT_FALSE(iequals("a", "ab"));
    EXPECT_FALSE(iequals("[", "{")) << "only letters fold";
}

TEST(Strings, FindsWithoutCase) {
    EXPECT_TRUE(istarts_with("PCI\\VEN", "pci\\"));
    EXPECT_FALSE(istarts_with("PC", "PCI"));
    EXPECT_TRUE(icontains("Hello World", "LO W"));
    EXPECT_TRUE(icontains("x", ""));
    EXPECT_FALSE(icontains("", "x"));
}

TEST(Strings, TrimsSplitsAndJoins) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string>{"a", "", "b", ""}));
    EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
    EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
    EXPECT_EQ(join({}, ","), "");
}

TEST(Strings, ReplacesWithoutLookingAtItsOwnOutput) {
    EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
    EXPECT_EQ(replace_all("abc", "", "x"), "abc");
    EXPECT_EQ(ireplace_all("System32\\DriverStore\\driverstore", "DRIVERSTORE", "HostDriverStore"),
              "System32\\HostDriverStore\\HostDriverStore");
    EXPECT_EQ(ireplace_all("abc", "", "x"), "abc");
}

TEST(Strings, ParsesWholeNumbersOnly) {
    EXPECT_EQ(parse_u64("18446744073709551615"), UINT64_MAX);
    EXPECT_EQ(parse_u64("0x1F"), 31u);
    EXPECT_EQ(parse_u64("0XfF"), 255u);
    for (const char* text :
         {"", " 1", "1 ", "-1", "+1", "18446744073709551616", "0x", "0x-1", "1a", "0x10000000000000000"})
        EXPECT_FALSE(parse_u64(text)) << text;
    EXPECT_EQ(parse_i64("-9223372036854775808"), INT64_MIN);
    EXPECT_FALSE(parse_i64("9223372036854775808"));
}

TEST(Strings, IlessMakesOneKeyOfTwoSpellings) {
    std::map<std::string, int, ILess> values{{"ImagePath", 1}};
    EXPECT_EQ(values.count("IMAGEPATH"), 1u);
    EXPECT_TRUE(ILess{}("a", "B"));
    EXPECT_FALSE(ILess{}("b", "A"));
    EXPECT_TRUE(ILess{}("a", "aa"));
}

} // namespace
} // namespace exhyperv
