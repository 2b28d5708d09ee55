#include "host/registry.h"

#include <gtest/gtest.h>

namespace exhyperv::host {
namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values) {
    std::vector<std::byte> out;
    for (const int value : values)
        out.push_back(static_cast<std::byte>(value));
    return out;
}

TEST(RegistryValue, TextsHaveTheirTerminator) {
    const auto value = RegistryValue::text("ImagePath", "a显", RegType::expand_sz);
    EXPECT_EQ(value.type, 2u);
    EXPECT_EQ(value.data, bytes({'a', 0, 0x3E, 0x66, 0, 0}));
    EXPECT_EQ(value.as_text(), "a显");
}

TEST(RegistryValue, ReadsTextsWithOddEnds) {
    EXPECT_EQ((RegistryValue{"x", 1, bytes({'a', 0})}).as_text(), "a") << "no terminator";
    EXPECT_EQ((RegistryValue{"x", 1, bytes({'a', 0, 0, 0, 'b', 0})}).as_text(), "a") << "ends at the first NUL";
    EXPECT_EQ((RegistryValue{"x", 1, bytes({'a', 0, 'b'})}).as_text(), "a") << "half a character is none";
    EXPECT_EQ((RegistryValue{"x", 1, {}}).as_text(), "");
    EXPECT_EQ((RegistryValue{"x", 4, bytes({'a', 0, 0, 0})}).as_text(), "") << "a number is no text";
}

TEST(RegistryValue, ListsEndWithAnEmptyText) {
    const auto value = RegistryValue::multi("Paths", {"a", "", "b"});
    EXPECT_EQ(value.data, bytes({'a', 0, 0, 0, 'b', 0, 0, 0, 0, 0}));
    EXPECT_EQ(value.as_texts(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(RegistryValue::multi("Paths", {}).as_texts(), std::vector<std::string>{});
    EXPECT_EQ((RegistryValue{"x", 7, bytes({'a', 0, 0, 0, 'b', 0})}).as_texts(), (std::vector<std::string>{"a", "b"}))
        << "no end at all";
    EXPECT_EQ(RegistryValue::text("x", "one").as_texts(), std::vector<std::string>{"one"});
    EXPECT_EQ(RegistryValue::number("x", 1).as_texts(), std::vector<std::string>{});
}

TEST(RegistryValue, NumbersAreLittleEndianOfFourOrEightBytes) {
    EXPECT_EQ(RegistryValue::number("x", 0x01020304).data, bytes({4, 3, 2, 1}));
    EXPECT_EQ(RegistryValue::number("x", 0xFFFFFFFF).as_number(), 0xFFFFFFFFu);
    EXPECT_EQ(RegistryValue::number64("x", 24ull << 30).as_number(), 24ull << 30);
    EXPECT_EQ((RegistryValue{"x", 3, bytes({1, 0, 0, 0, 0, 0, 0, 0})}).as_number(), 1u)
        << "HardwareInformation values come as binary";
    EXPECT_EQ((RegistryValue{"x", 3, bytes({1})}).as_number(7), 7u);
    EXPECT_EQ((RegistryValue{"x", 4, bytes({1, 0})}).as_number(7), 7u);
    EXPECT_EQ(RegistryValue::text("x", "12").as_number(7), 7u);
}

TEST(RegistryKey, FindsValuesWithoutCase) {
    RegistryKey key;
    key.values.push_back(RegistryValue::number("RequireSecureDeviceAssignment", 0));
    EXPECT_NE(key.value("requiresecuredeviceassignment"), nullptr);
    EXPECT_EQ(key.value("Require"), nullptr);
}

} // namespace
} // namespace exhyperv::host
