#include "cim/object_path.h"
#include "random_content.h"

#include <gtest/gtest.h>

namespace exhyperv::cim {
namespace {

// The recorded path of a partitionable GPU: an interface path as a key, each backslash doubled.
constexpr const char* kGpuPath =
    R"(\\HOST\root\virtualization\v2:Msvm_PartitionableGpu.CreationClassName="Msvm_PartitionableGpu",)"
    R"(Name="\\\\?\\PCI#VEN_10DE&DEV_2803&SUBSYS_16CF1771&REV_A1#4&32761ba1&0&00D8#{064092b3-625e-43bf-9eb5-dc845897dd59}\\GPUPARAV")";

TEST(ObjectPath, ReadsAndWritesARecordedGpuPathExactly) {
    const auto path = ObjectPath::parse(kGpuPath);
    ASSERT_TRUE(path) << describe(path.error());
    EXPECT_EQ(path->host, "HOST");
    EXPECT_EQ(path->name_space, "root\\virtualization\\v2");
    EXPECT_EQ(path->class_name, "Msvm_PartitionableGpu");
    EXPECT_EQ(
        path->text_key("name"),
        R"(\\?\PCI#VEN_10DE&DEV_2803&SUBSYS_16CF1771&REV_A1#4&32761ba1&0&00D8#{064092b3-625e-43bf-9eb5-dc845897dd59}\GPUPARAV)");
    EXPECT_EQ(path->full(), kGpuPath);
}

TEST(ObjectPath, ReadsEveryFormItMayTake) {
    EXPECT_EQ(ObjectPath::parse("Msvm_ComputerSystem")->full(), "Msvm_ComputerSystem");
    EXPECT_EQ(ObjectPath::parse("Win32_OperatingSystem=@")->singleton, true);
    EXPECT_EQ(ObjectPath::parse("root/cimv2:Win32_Service.Name='vmms'")->full(),
              "root\\cimv2:Win32_Service.Name=\"vmms\"");
    EXPECT_EQ(ObjectPath::parse("//./root/cimv2:X.A=-5,B=TRUE,C=0x10")->relative(), "X.A=-5,B=TRUE,C=16");
    EXPECT_EQ(ObjectPath::parse("Win32_Service=\"vmms\"")->relative(), "Win32_Service=\"vmms\"");
    EXPECT_EQ(ObjectPath::parse("X.Name=\"a:b=c,d\"")->text_key("Name"), "a:b=c,d") << "nothing in quotes is structure";
    EXPECT_EQ(ObjectPath::parse("X.Name='it\\'s'")->text_key("Name"), "it's");
}

TEST(ObjectPath, RefusesWhatItCannotReadWhole) {
    for (const char* text : {"",
                             "=",
                             ".",
                             "X.",
                             "X.A",
                             "X.A=",
                             "X.A=\"",
                             "X.A=\"x\\",
                             "X.A=\"\\n\"",
                             "X.A=1,",
                             "X.A=1,A=2",
                             "X.A=1 ",
                             "X.A=one",
                             "X=@x",
                             "\\\\HOST",
                             "\\\\HOST\\root",
                             "\\\\\\root:X",
                             ":X",
                             "a\\\\b:X",
                             "X.A=99999999999999999999",
                             "X Y",
                             "X.A=\"x\"y"})
        EXPECT_FALSE(ObjectPath::parse(text)) << text;
    const auto error = ObjectPath::parse("X.A=\"open").error();
    EXPECT_EQ(error.code, "cim.bad_path");
    EXPECT_EQ(error.native, (NativeCode{NativeKind::hresult, 0x8004103A}));
}

TEST(ObjectPath, BoundsSizeAndNumberOfKeys) {
    EXPECT_FALSE(ObjectPath::parse("X.A=\"" + std::string(70000, 'a') + "\""));
    std::string many = "X.";
    for (int i = 0; i < 65; ++i)
        many += (i ? ",K" : "K") + std::to_string(i) + "=1";
    EXPECT_FALSE(ObjectPath::parse(many));
}

TEST(ObjectPath, SameObjectIgnoresKeyOrderNameCaseAndMissingHost) {
    const auto a = *ObjectPath::parse(R"(\\HOST\root\cimv2:Win32_X.A="1",B="Two")");
    EXPECT_TRUE(a.same_object(*ObjectPath::parse(R"(win32_x.b="Two",a="1")")));
    EXPECT_TRUE(a.same_object(*ObjectPath::parse(R"(\\host\ROOT\CIMV2:Win32_X.A="1",B="Two")")));
    EXPECT_FALSE(a.same_object(*ObjectPath::parse(R"(\\OTHER\root\cimv2:Win32_X.A="1",B="Two")")));
    EXPECT_FALSE(a.same_object(*ObjectPath::parse(R"(Win32_X.A="1",B="two")"))) << "key texts compare exactly";
    EXPECT_FALSE(a.same_object(*ObjectPath::parse(R"(Win32_X.A="1")")));
    EXPECT_FALSE(a.same_object(*ObjectPath::parse(R"(Win32_X.A=1,B="Two")"))) << "a number is not a text";
    EXPECT_TRUE(ObjectPath::parse("S=\"x\"")->same_object(*ObjectPath::parse("S.Name=\"x\"")));
}

TEST(ObjectPath, AnyPathReadsBackAsItself) {
    RandomContent random(1);
    for (int i = 0; i < 5000; ++i) {
        const ObjectPath path = random.path(random.coin());
        const auto again = ObjectPath::parse(path.full());
        ASSERT_TRUE(again) << path.full() << "\n" << describe(again.error());
        EXPECT_EQ(*again, path) << path.full();
        EXPECT_TRUE(again->same_object(path));
    }
}

} // namespace
} // namespace exhyperv::cim
