#include "cim/xml.h"
#include "random_content.h"

#include <gtest/gtest.h>

namespace exhyperv::cim {
namespace {

TEST(CimXmlRoundTrip, AnyInstanceReadsBackAsItself) {
    RandomContent random(4);
    for (int i = 0; i < 3000; ++i) {
        const Instance instance = random.instance(3);
        const std::string text = to_cim_xml(instance);
        const auto again = parse_cim_xml(text);
        ASSERT_TRUE(again) << text << "\n" << describe(again.error());
        ASSERT_EQ(*again, instance) << text;
    }
}

TEST(CimXmlRoundTrip, ATextInsideATextKeepsItsOwnEscapes) {
    Instance inner("Inner");
    inner.set("Path", Value::string("PCI\\VEN_1&DEV_2\"<>'"));
    Instance outer("Outer");
    outer.set("Settings", Value::strings({to_cim_xml(inner)}));
    const auto again = parse_cim_xml(to_cim_xml(outer));
    ASSERT_TRUE(again);
    EXPECT_EQ(*parse_cim_xml(again->strings("Settings").at(0)), inner);
}

TEST(CimXmlRoundTrip, WritesTheFormTheServicesTake) {
    Instance instance("Msvm_X");
    instance.set("A", Value::boolean(true));
    instance.set("B", Value::null(CimType::uint64));
    instance.set("C", Value::strings({"a&b"}));
    EXPECT_EQ(to_cim_xml(instance),
              R"(<INSTANCE CLASSNAME="Msvm_X"><PROPERTY NAME="A" TYPE="boolean"><VALUE>TRUE</VALUE></PROPERTY>)"
              R"(<PROPERTY NAME="B" TYPE="uint64"></PROPERTY><PROPERTY.ARRAY NAME="C" TYPE="string">)"
              R"(<VALUE.ARRAY><VALUE>a&amp;b</VALUE></VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>)");
}

TEST(CimXmlRoundTrip, WhatXmlCannotHoldIsReplacedNotWritten) {
    Instance instance("X");
    instance.set("A", Value::string("a\x01\xFF"));
    EXPECT_EQ(parse_cim_xml(to_cim_xml(instance))->text("A"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

} // namespace
} // namespace exhyperv::cim
