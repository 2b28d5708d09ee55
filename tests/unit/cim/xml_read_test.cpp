#include "cim/xml.h"

#include <gtest/gtest.h>

namespace exhyperv::cim {
namespace {

TEST(CimXmlRead, ReadsWhatProvidersWrite) {
    // Synthesized after the shape of recorded provider output: qualifiers, inherited and system properties, NULLs.
    const auto result = parse_cim_xml(R"(<?xml version="1.0" encoding="utf-16"?>
      <INSTANCE CLASSNAME="Msvm_GpuPartitionSettingData">
        <QUALIFIER NAME="dynamic" TYPE="boolean"><VALUE>TRUE</VALUE></QUALIFIER>
        <PROPERTY NAME="__PATH" CLASSORIGIN="___SYSTEM" TYPE="string"><VALUE>\\H\x:Y.Z=1</VALUE></PROPERTY>
        <PROPERTY NAME="ResourceType" CLASSORIGIN="CIM_R" PROPAGATED="true" TYPE="uint16"><QUALIFIER NAME="key" TYPE="boolean"/>
          <VALUE> 32770 </VALUE></PROPERTY>
        <PROPERTY NAME="PoolID" TYPE="string"><VALUE></VALUE></PROPERTY>
        <PROPERTY NAME="Caption" TYPE="string"><VALUE>a &amp; b &#x663E;<![CDATA[ <c> ]]></VALUE></PROPERTY>
        <PROPERTY NAME="Space" TYPE="string"><VALUE>  </VALUE></PROPERTY>
        <PROPERTY NAME="MinPartitionVRAM" TYPE="uint64"></PROPERTY>
        <PROPERTY NAME="AutomaticAllocation" TYPE="boolean"><VALUE>true</VALUE></PROPERTY>
        <PROPERTY.ARRAY NAME="HostResource" TYPE="string"><VALUE.ARRAY><VALUE>x</VALUE><VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY>
        <PROPERTY.ARRAY NAME="Connection" TYPE="string"></PROPERTY.ARRAY>
        <PROPERTY.REFERENCE NAME="Parent" REFERENCECLASS="CIM_X"><VALUE.REFERENCE><INSTANCEPATH><NAMESPACEPATH><HOST>H</HOST>
          <LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="v2"/></LOCALNAMESPACEPATH></NAMESPACEPATH>
          <INSTANCENAME CLASSNAME="X"><KEYBINDING NAME="A"><KEYVALUE VALUETYPE="string">b\c</KEYVALUE></KEYBINDING>
          <KEYBINDING NAME="N"><KEYVALUE VALUETYPE="numeric">5</KEYVALUE></KEYBINDING></INSTANCENAME>
          </INSTANCEPATH></VALUE.REFERENCE></PROPERTY.REFERENCE>
      </INSTANCE>)");
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->class_name(), "Msvm_GpuPartitionSettingData");
    EXPECT_EQ(result->find("__PATH"), nullptr);
    EXPECT_EQ(result->uint("ResourceType"), 32770u);
    EXPECT_EQ(*result->find("PoolID"), Value::string(""));
    EXPECT_EQ(result->text("Caption"), "a & b 显 <c> ");
    EXPECT_EQ(result->text("Space"), "  ");
    EXPECT_EQ(*result->find("MinPartitionVRAM"), Value::null(CimType::uint64));
    EXPECT_EQ(result->boolean("AutomaticAllocation"), true);
    EXPECT_EQ(result->strings("HostResource"), (std::vector<std::string>{"x", ""}));
    EXPECT_EQ(*result->find("Connection"), Value::null(CimType::string, true));
    EXPECT_EQ(result->text("Parent"), R"(\\H\root\v2:X.A="b\\c",N=5)");
}

TEST(CimXmlRead, LooksThroughWmiWrapping) {
    const auto result = parse_cim_xml(
        R"(<CIM CIMVERSION="2.0" DTDVERSION="2.0"><DECLARATION><DECLGROUP.WITHPATH><VALUE.OBJECTWITHPATH><INSTANCEPATH/>)"
        R"(<INSTANCE CLASSNAME="X"><PROPERTY.OBJECT NAME="One"><VALUE.OBJECT><INSTANCE CLASSNAME="Y"></INSTANCE></VALUE.OBJECT>)"
        R"(</PROPERTY.OBJECT><PROPERTY.OBJECTARRAY NAME="Many"><VALUE.OBJECTARRAY><VALUE.OBJECT><INSTANCE CLASSNAME="Z"/>)"
        R"(</VALUE.OBJECT></VALUE.OBJECTARRAY></PROPERTY.OBJECTARRAY></INSTANCE></VALUE.OBJECTWITHPATH></DECLGROUP.WITHPATH></DECLARATION></CIM>)");
    ASSERT_TRUE(result) << describe(result.error());
    EXPECT_EQ(result->class_name(), "X");
    EXPECT_EQ(result->find("One")->as_object()->class_name(), "Y");
    EXPECT_EQ(result->find("Many")->as_objects().at(0)->class_name(), "Z");
}

std::string property(const std::string& body) {
    return "<INSTANCE CLASSNAME=\"X\">" + body + "</INSTANCE>";
}

TEST(CimXmlRead, RefusesWhatIsNotAnInstance) {
    const std::string bad[] = {
        "",
        "instance of Msvm_X { Name = \"MOF\"; };",
        "<X/>",
        "<INSTANCE/>",
        "<INSTANCE CLASSNAME=\"a b\"/>",
        "<INSTANCE CLASSNAME=\"X\">",
        "<INSTANCE CLASSNAME=\"X\"/><INSTANCE CLASSNAME=\"Y\"/>",
        property("<PROPERTY NAME=\"A\" TYPE=\"uint16\"><VALUE>70000</VALUE></PROPERTY>"),
        property("<PROPERTY NAME=\"A\" TYPE=\"uint16\"><VALUE></VALUE></PROPERTY>"),
        property("<PROPERTY NAME=\"A\" TYPE=\"nosuch\"><VALUE>1</VALUE></PROPERTY>"),
        property("<PROPERTY NAME=\"A\"><VALUE>1</VALUE></PROPERTY>"),
        property("<PROPERTY TYPE=\"string\"><VALUE>1</VALUE></PROPERTY>"),
        property("<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE>1</VALUE><VALUE>2</VALUE></PROPERTY>"),
        property("<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE><B/></VALUE></PROPERTY>"),
        property("<PROPERTY NAME=\"A\" TYPE=\"string\"/><PROPERTY NAME=\"a\" TYPE=\"string\"/>"),
        property("<PROPERTY.ARRAY NAME=\"A\" TYPE=\"uint8\"><VALUE.ARRAY><VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY>"),
        property("<METHOD NAME=\"A\"/>"),
    };
    for (const std::string& text : bad) {
        const auto result = parse_cim_xml(text);
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, "cim.bad_xml") << text;
    }
}

TEST(CimXmlRead, RefusesDeclarationsAndUnknownEntities) {
    for (const std::string& text :
         {std::string("<!DOCTYPE x [<!ENTITY a \"b\">]>") + property(""),
          property("<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE>&a;</VALUE></PROPERTY>"),
          property("<PROPERTY NAME=\"&b;\" TYPE=\"string\"/>"),
          property("<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE>&#0;</VALUE></PROPERTY>"),
          property("<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE>&#xD800;</VALUE></PROPERTY>"),
          property("<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE>\xC0\x80</VALUE></PROPERTY>"),
          property(std::string("<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE>a\0b</VALUE></PROPERTY>", 62))})
        EXPECT_FALSE(parse_cim_xml(text)) << text;
}

TEST(CimXmlRead, BoundsEverything) {
    const std::string one = "<PROPERTY NAME=\"A\" TYPE=\"string\"><VALUE>x</VALUE></PROPERTY>";
    EXPECT_FALSE(parse_cim_xml(property(one), {.bytes = 20}));
    EXPECT_FALSE(parse_cim_xml(property(one), {.properties = 0}));
    EXPECT_FALSE(
        parse_cim_xml(property("<PROPERTY.ARRAY NAME=\"A\" TYPE=\"uint8\"><VALUE.ARRAY><VALUE>1</VALUE><VALUE>1</VALUE>"
                               "</VALUE.ARRAY></PROPERTY.ARRAY>"),
                      {.array_elements = 1}));
    std::string deep;
    for (int i = 0; i < 100000; ++i)
        deep += "<CIM>";
    EXPECT_FALSE(parse_cim_xml(deep));

    Instance nested("X");
    for (int i = 0; i < 6; ++i) {
        Instance outer("X");
        outer.set("Inner", Value::object(std::move(nested)));
        nested = std::move(outer);
    }
    EXPECT_TRUE(parse_cim_xml(to_cim_xml(nested), {.depth = 6}));
    EXPECT_FALSE(parse_cim_xml(to_cim_xml(nested), {.depth = 5}));
}

} // namespace
} // namespace exhyperv::cim
