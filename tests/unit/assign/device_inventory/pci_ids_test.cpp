#include "assign/device/pci_ids.h"
#include "support/utf.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace exhyperv::assign {
namespace {

// Synthesized, in the form of the database.
constexpr std::string_view kDatabase = "# comment\n"
                                       "\n"
                                       "10de  NVIDIA Corporation\n"
                                       "\t2786  AD104 [GeForce RTX 4070]\n"
                                       "\t\t1458 40e5  A board\n"
                                       "\t2787  Another\n"
                                       "144d  Samsung Electronics Co Ltd\n"
                                       "\ta80c  NVMe SSD Controller S4LV008[Pascal]\n"
                                       "C 03  Display controller\n"
                                       "\t00  VGA compatible controller\n"
                                       "1af4  After the classes\n";

TEST(PciIds, NamesWhatIsWantedAndNothingElse) {
    const auto names = find_pci_names(kDatabase, {{0x10DE, 0x2786}, {0x144D, 0xA80C}});
    ASSERT_EQ(names.size(), 2u);
    EXPECT_EQ(names.at({0x10DE, 0x2786}).vendor, "NVIDIA Corporation");
    EXPECT_EQ(names.at({0x10DE, 0x2786}).device, "AD104 [GeForce RTX 4070]");
    EXPECT_EQ(names.at({0x144D, 0xA80C}).device, "NVMe SSD Controller S4LV008[Pascal]");
}

TEST(PciIds, KnowsTheVendorOfADeviceItDoesNotKnow) {
    const auto names = find_pci_names(kDatabase, {{0x10DE, 0x1234}});
    ASSERT_EQ(names.size(), 1u);
    EXPECT_EQ(names.at({0x10DE, 0x1234}).vendor, "NVIDIA Corporation");
    EXPECT_EQ(names.at({0x10DE, 0x1234}).device, "");
}

TEST(PciIds, IsNotFooledBySubsystemsAndClasses) {
    EXPECT_TRUE(find_pci_names(kDatabase, {{0x1458, 0x40E5}}).empty());
    EXPECT_TRUE(find_pci_names(kDatabase, {{0x1AF4, 0x0000}}).empty()) << "vendors end where classes begin";
}

TEST(PciIds, ReadsTheLastLineWithoutItsEnd) {
    EXPECT_EQ(find_pci_names("10de  N\n\t0001  Last", {{0x10DE, 1}}).at({0x10DE, 1}).device, "Last");
    EXPECT_EQ(find_pci_names("10de  N\r\n\t0001  With CR\r\n", {{0x10DE, 1}}).at({0x10DE, 1}).device, "With CR");
}

TEST(PciIds, PassesOverLinesThatDoNotFit) {
    const std::set<PciId> wanted{{0x10DE, 1}};
    for (const char* text : {"10d", "10de", "10de ", "10de  ", "10de\tNVIDIA\n\t0001  x\n", "10DE  Upper case\n",
                             "xyzw  Not hex\n\t0001  x\n", "\t0001  No vendor\n", " 10de  Indented\n"})
        EXPECT_TRUE(find_pci_names(text, wanted).empty()) << text;
    EXPECT_EQ(find_pci_names("10de  N\n\t1\n\t\n\t0001\n\t0001 one space\n", wanted).at({0x10DE, 1}).device, "");
}

TEST(PciIds, GivesCleanNamesOnly) {
    const auto device = [](const std::string& name) {
        return find_pci_names("10de  N\n\t0001  " + name + "\n", {{0x10DE, 1}}).at({0x10DE, 1}).device;
    };
    EXPECT_EQ(device("a\x1B[31mred"), "a[31mred");
    EXPECT_EQ(device("bad \xFF utf-8"), "");
    EXPECT_EQ(device(std::string(5000, 'x')).size(), 200u);
    std::string wide;
    for (int i = 0; i < 100; ++i)
        wide += "卡";
    EXPECT_EQ(device(wide), wide.substr(0, 198)) << "cut between characters";
}

TEST(PciIds, StandsAnyBytes) {
    std::mt19937 random(7);
    const std::set<PciId> wanted{{0x10DE, 0x2786}, {0, 0}, {0xFFFF, 0xFFFF}};
    constexpr std::string_view letters = "0123456789abcdef\t\t\n\n  #C\xE5\x8D\xFF\0";
    for (int round = 0; round < 300; ++round) {
        std::string text(random() % 4000, ' ');
        for (char& c : text)
            c = letters[random() % letters.size()];
        for (const auto& [id, names] : find_pci_names(text, wanted)) {
            EXPECT_TRUE(wanted.contains(id));
            EXPECT_TRUE(is_valid_utf8(names.vendor) && is_valid_utf8(names.device));
        }
    }
}

TEST(PciIds, AreUnknownWhereThereIsNoDatabase) {
    ::setenv("EXHYPERV_PCI_IDS", "none", 1);
    EXPECT_TRUE(find_pci_names({{0x10DE, 0x2786}}).empty());
    ::setenv("EXHYPERV_PCI_IDS", "/nowhere/pci.ids", 1);
    EXPECT_TRUE(find_pci_names({{0x10DE, 0x2786}}).empty());
    ::unsetenv("EXHYPERV_PCI_IDS");
}

TEST(PciIds, ShortensVendorsAsPeopleDo) {
    EXPECT_EQ(short_vendor("NVIDIA Corporation"), "NVIDIA");
    EXPECT_EQ(short_vendor("Samsung Electronics Co Ltd"), "Samsung Electronics");
    EXPECT_EQ(short_vendor("Renesas Technology Corp."), "Renesas");
    EXPECT_EQ(short_vendor("Advanced Micro Devices, Inc. [AMD/ATI]"), "AMD/ATI");
    EXPECT_EQ(short_vendor("Realtek Semiconductor Co., Ltd."), "Realtek Semiconductor");
    EXPECT_EQ(short_vendor(" Inc."), "Inc.");
    EXPECT_EQ(short_vendor(""), "");
}

} // namespace
} // namespace exhyperv::assign
