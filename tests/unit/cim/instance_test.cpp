#include "cim/instance.h"

#include <gtest/gtest.h>

namespace exhyperv::cim {
namespace {

TEST(CimInstance, FindsPropertiesWithoutCaseAndKeepsTheirOrder) {
    Instance one("Msvm_X");
    one.set("ElementName", Value::string("vm"));
    one.set("EnabledState", Value::uint16(2));
    one.set("elementname", Value::string("other"));
    ASSERT_EQ(one.properties().size(), 2u) << "a second spelling replaces, it does not add";
    EXPECT_EQ(one.properties()[0].name, "ElementName");
    EXPECT_EQ(one.text("ELEMENTNAME"), "other");
    EXPECT_EQ(one.uint("EnabledState"), 2u);
    EXPECT_TRUE(one.erase("enabledstate"));
    EXPECT_FALSE(one.erase("enabledstate"));
    EXPECT_EQ(one.find("EnabledState"), nullptr);
}

TEST(CimInstance, ShorthandsAnswerNothingForMissingNullOrOtherKinds) {
    Instance one("Msvm_X");
    one.set("Null", Value::null(CimType::string));
    one.set("Number", Value::uint32(1));
    EXPECT_EQ(one.text("Missing"), std::nullopt);
    EXPECT_EQ(one.text("Null"), std::nullopt);
    EXPECT_EQ(one.text("Number"), std::nullopt);
    EXPECT_EQ(one.boolean("Number"), std::nullopt);
    EXPECT_EQ(one.text_or("Null", "fallback"), "fallback");
    EXPECT_TRUE(one.strings("Null").empty());
}

} // namespace
} // namespace exhyperv::cim
