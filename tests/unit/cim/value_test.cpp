#include "cim/instance.h"
#include "cim/value.h"

#include <gtest/gtest.h>

namespace exhyperv::cim {
namespace {

TEST(CimValue, NullIsDistinctFromEmptyAndZero) {
    EXPECT_NE(Value::null(CimType::string), Value::string(""));
    EXPECT_NE(Value::null(CimType::uint32), Value::uint32(0));
    EXPECT_NE(Value::null(CimType::string, true), Value::strings({}));
    EXPECT_NE(Value::null(CimType::string), Value::null(CimType::string, true));
    EXPECT_EQ(Value::null(CimType::uint64), Value::null(CimType::uint64));
}

TEST(CimValue, TypedAccessAnswersOnlyItsOwnKind) {
    EXPECT_EQ(Value::uint16(7).as_uint(), 7u);
    EXPECT_EQ(Value::uint16(7).as_int(), 7);
    EXPECT_EQ(Value::uint16(7).as_string(), std::nullopt);
    EXPECT_EQ(Value::sint32(-1).as_uint(), std::nullopt);
    EXPECT_EQ(Value::sint32(-1).as_int(), -1);
    EXPECT_EQ(Value::uint64(UINT64_MAX).as_uint(), UINT64_MAX);
    EXPECT_EQ(Value::uint64(UINT64_MAX).as_int(), std::nullopt);
    EXPECT_EQ(Value::null(CimType::boolean).as_bool(), std::nullopt);
    EXPECT_EQ(Value::string("x").as_bool(), std::nullopt);
    EXPECT_EQ(Value::strings({"x"}).as_string(), std::nullopt);
    EXPECT_EQ(Value::string("x").as_object(), nullptr);
    EXPECT_TRUE(Value::string("x").as_strings().empty());
    EXPECT_EQ(Value::strings({"a", "b"}).as_strings(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(Value::uint16s({1, 65535}).as_uints(), (std::vector<std::uint64_t>{1, 65535}));
}

TEST(CimValue, ParsesWithinTheRangeOfTheType) {
    struct Case {
        CimType type;
        const char* text;
        bool good;
    };
    const Case cases[] = {
        {CimType::uint8, "255", true},
        {CimType::uint8, "256", false},
        {CimType::uint16, "65536", false},
        {CimType::uint32, "4294967295", true},
        {CimType::uint32, "4294967296", false},
        {CimType::uint64, "18446744073709551615", true},
        {CimType::uint64, "18446744073709551616", false},
        {CimType::uint32, "-1", false},
        {CimType::sint8, "-128", true},
        {CimType::sint8, "-129", false},
        {CimType::sint16, "32768", false},
        {CimType::sint64, "-9223372036854775808", true},
        {CimType::uint32, "", false},
        {CimType::uint32, "1x", false},
        {CimType::uint32, " 1", false},
        {CimType::boolean, "TRUE", true},
        {CimType::boolean, "false", true},
        {CimType::boolean, "1", false},
        {CimType::real64, "1.5e3", true},
        {CimType::real64, "inf", false},
        {CimType::datetime, "20260102030405.000000+060", true},
        {CimType::datetime, "00000000000200.000000:000", true},
        {CimType::datetime, "2026-01-02", false},
        {CimType::datetime, "", false},
        {CimType::string, "", true},
        {CimType::object, "x", false},
    };
    for (const Case& one : cases)
        EXPECT_EQ(Value::parse(one.type, one.text).has_value(), one.good) << type_name(one.type) << " " << one.text;
}

TEST(CimValue, EqualNumbersAreEqualHoweverMade) {
    EXPECT_EQ(Value::array(CimType::uint32, {std::int64_t{5}}), Value::uint32s({5}));
    EXPECT_EQ(Value::parse(CimType::uint32, "0x10"), Value::uint32(16));
    EXPECT_NE(Value::uint32(5), Value::uint16(5)) << "the type is part of a value";
}

TEST(CimValue, EmbeddedObjectsCompareByContent) {
    Instance one("A"), same("A"), other("A");
    one.set("Name", Value::string("x"));
    same.set("Name", Value::string("x"));
    other.set("Name", Value::string("y"));
    EXPECT_EQ(Value::object(one), Value::object(same));
    EXPECT_NE(Value::object(one), Value::object(other));
    EXPECT_EQ(Value::objects({one, other}).as_objects().at(1)->text("name"), "y");
}

TEST(CimValue, TypeNamesReadBack) {
    for (const auto type : {CimType::boolean, CimType::uint8, CimType::sint64, CimType::real32, CimType::char16,
                            CimType::string, CimType::datetime, CimType::reference, CimType::object})
        EXPECT_EQ(parse_type(type_name(type)), type);
    EXPECT_EQ(parse_type("UInt16"), CimType::uint16);
    EXPECT_EQ(parse_type("uint128"), std::nullopt);
}

TEST(CimValue, TextIsTheCanonicalForm) {
    EXPECT_EQ(Value::boolean(true).text(), "TRUE");
    EXPECT_EQ(Value::boolean(false).text(), "FALSE");
    EXPECT_EQ(Value::sint64(INT64_MIN).text(), "-9223372036854775808");
    EXPECT_EQ(Value::uint64(UINT64_MAX).text(), "18446744073709551615");
    EXPECT_EQ(Value::null(CimType::string).text(), "");
}

} // namespace
} // namespace exhyperv::cim
