#include "cim/instance.h"
#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/variant.h"

#include <gtest/gtest.h>

#include <limits>

// Expected shapes: Microsoft's CIM-to-VARIANT table (WmiSdk, "Numbers"), not what our own writer happens to do.

namespace exhyperv::wmi_com {
namespace {

using cim::CimType;
using cim::Value;

Value scalar(CimType type, const std::string& text) {
    auto value = Value::parse(type, text);
    EXPECT_TRUE(value) << text;
    return value ? *value : Value::null(type);
}

Variant written(const Value& value) {
    auto variant = to_variant(value, value.type(), {});
    EXPECT_TRUE(variant) << describe(variant.error());
    return variant ? std::move(*variant) : Variant();
}

Result<Value> read(const VARIANT& variant, CIMTYPE type) {
    return from_variant(variant, type, {});
}

void expect_back(const Value& value) {
    const auto variant = written(value);
    const auto back = read(variant.get(), to_cimtype(value.type(), value.is_array()));
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, value) << cim::type_name(value.type()) << " " << value.text();
}

struct Shape {
    CimType type;
    VARTYPE vartype;
    std::vector<std::string> texts;
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> all = {
        {CimType::boolean, VT_BOOL, {"TRUE", "FALSE"}},
        {CimType::uint8, VT_UI1, {"0", "255"}},
        {CimType::sint8, VT_I2, {"-128", "127"}},
        {CimType::sint16, VT_I2, {"-32768", "32767"}},
        {CimType::uint16, VT_I4, {"0", "65535"}},
        {CimType::sint32, VT_I4, {"-2147483648", "2147483647"}},
        {CimType::uint32, VT_I4, {"0", "2147483648", "4294967295"}},
        {CimType::sint64, VT_BSTR, {"-9223372036854775808", "9223372036854775807"}},
        {CimType::uint64, VT_BSTR, {"0", "18446744073709551615"}},
        {CimType::real32, VT_R4, {"0.5", "-1024"}},
        {CimType::real64, VT_R8, {"0.1", "-1e+300"}},
        {CimType::char16, VT_I2, {"65", "32767"}},
        {CimType::string, VT_BSTR, {"", "Grafikkarte <&> \\ \" 显卡"}},
        {CimType::datetime, VT_BSTR, {"20260101120000.000000+060", "00000000000200.000000:000"}},
        {CimType::reference, VT_BSTR, {R"(\\HOST\root\virtualization\v2:A.B="x")"}},
    };
    return all;
}

TEST(ComVariant, EveryTypeHasTheShapeOfMicrosoftsTable) {
    for (const auto& [type, vartype, texts] : shapes()) {
        std::vector<Value::Scalar> all;
        for (const auto& text : texts) {
            const auto value = scalar(type, text);
            EXPECT_EQ(written(value).get().vt, vartype) << cim::type_name(type);
            expect_back(value);
            all.push_back(value.elements().front());
        }
        EXPECT_EQ(written(Value::array(type, all)).get().vt, VT_ARRAY | vartype) << cim::type_name(type);
        expect_back(Value::array(type, all));
        expect_back(Value::array(type, {}));
        expect_back(Value::null(type));
        expect_back(Value::null(type, true));
        EXPECT_EQ(written(Value::null(type)).get().vt, VT_NULL);
    }
}

TEST(ComVariant, LargeNumbersKeepTheirBits) {
    EXPECT_EQ(written(Value::uint32(4294967295u)).get().lVal, -1);
    EXPECT_EQ(written(Value::uint32(2147483648u)).get().lVal, std::numeric_limits<LONG>::min());
    EXPECT_EQ(from_bstr(written(Value::uint64(18446744073709551615ull)).get().bstrVal), "18446744073709551615");
    EXPECT_EQ(written(Value::uint16(65535)).get().lVal, 65535);
    EXPECT_EQ(written(Value::boolean(true)).get().boolVal, VARIANT_TRUE);
}

TEST(ComVariant, OtherShapesThatMeanTheSameAreRead) {
    VARIANT v;
    VariantInit(&v);
    v.vt = VT_I2, v.iVal = -1;
    EXPECT_EQ(read(v, CIM_UINT16)->as_uint(), 65535u);
    v.vt = VT_UI4, v.ulVal = 4294967295u;
    EXPECT_EQ(read(v, CIM_UINT32)->as_uint(), 4294967295u);
    v.vt = VT_I8, v.llVal = -1;
    EXPECT_EQ(read(v, CIM_UINT64)->as_uint(), 18446744073709551615ull);
    EXPECT_EQ(read(v, CIM_SINT64)->as_int(), -1);
    v.vt = VT_I1, v.cVal = -1;
    EXPECT_EQ(read(v, CIM_UINT8)->as_uint(), 255u);
    EXPECT_EQ(read(v, CIM_SINT8)->as_int(), -1);
    v.vt = VT_I4, v.lVal = 7;
    EXPECT_EQ(read(v, CIM_UINT64)->as_uint(), 7u);
    v.vt = VT_EMPTY;
    EXPECT_TRUE(read(v, CIM_STRING)->is_null());

    Variant array;
    array.put()->parray = SafeArrayCreateVector(VT_UI2, 5, 2); // a lower bound of its own
    array.put()->vt = VT_ARRAY | VT_UI2;
    USHORT numbers[] = {1, 65535};
    for (LONG i = 5; i < 7; ++i)
        ASSERT_EQ(SafeArrayPutElement(array.get().parray, &i, &numbers[i - 5]), S_OK);
    EXPECT_EQ(read(array.get(), CIM_UINT16 | CIM_FLAG_ARRAY)->as_uints(), (std::vector<std::uint64_t>{1, 65535}));

    Variant texts;
    texts.put()->parray = SafeArrayCreateVector(VT_BSTR, 0, 2);
    texts.put()->vt = VT_ARRAY | VT_BSTR;
    LONG second = 1;
    ASSERT_EQ(SafeArrayPutElement(texts.get().parray, &second, Bstr("two").get()), S_OK);
    EXPECT_EQ(read(texts.get(), CIM_STRING | CIM_FLAG_ARRAY)->as_strings(), (std::vector<std::string>{"", "two"}));
}

TEST(ComVariant, WhatCannotBeTheTypeIsRefused) {
    const auto refused = [](const VARIANT& variant, CIMTYPE type) {
        const auto value = read(variant, type);
        ASSERT_FALSE(value);
        EXPECT_EQ(value.error().code, "cim.type_mismatch");
        EXPECT_EQ(value.error().native, (NativeCode{NativeKind::hresult, 0x80041005}));
    };
    Variant text;
    text.put()->vt = VT_BSTR;
    text.put()->bstrVal = Bstr("twelve").release();
    refused(text.get(), CIM_UINT64);
    refused(text.get(), CIM_BOOLEAN);
    refused(text.get(), CIM_OBJECT);
    refused(text.get(), CIM_STRING | CIM_FLAG_ARRAY);
    refused(text.get(), 4711);
    VARIANT v;
    VariantInit(&v);
    v.vt = VT_I4, v.lVal = 70000;
    refused(v, CIM_UINT16);
    refused(v, CIM_STRING);
    v.lVal = -2;
    refused(v, CIM_UINT64 | CIM_FLAG_ARRAY);
    v.vt = VT_R8, v.dblVal = std::numeric_limits<double>::quiet_NaN();
    refused(v, CIM_REAL64);
    v.vt = VT_UNKNOWN, v.punkVal = nullptr;
    refused(v, CIM_OBJECT);
    const auto written = to_variant(Value::uint32(70000), CimType::uint16, {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, "cim.type_mismatch");
}

TEST(ComVariant, ATextIsNotCutAtANul) {
    expect_back(Value::string(std::string("a\0b", 3)));
}

} // namespace
} // namespace exhyperv::wmi_com
