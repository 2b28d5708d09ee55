#include "drivers/drift.h"
#include "drivers/file_version.h"
#include "drivers/guest_paths.h"
#include "drivers/vendor_table.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <sstream>

using namespace exhyperv;
using namespace exhyperv::drivers;

TEST(GuestPaths, AcceptsWhatWindowsKeepsAndNothingElse) {
    for (const char* good :
         {"nvapi64.dll", "Display.NvContainer", "a b", "中文.dll", "{F750E6C3-38EE-11D1-85E5-00C04FC295EE}"})
        EXPECT_TRUE(is_safe_name(good)) << good;
    for (const char* bad :
         {"", ".", "..", "a.", "a ", "a:b", "a\\b", "a/b", "a*", "a?", "a|b", "<", ">", "\"", "a\nb", "\x7f", "\xff"})
        EXPECT_FALSE(is_safe_name(bad)) << bad;
    EXPECT_TRUE(is_safe_path("a\\b\\c.dll"));
    for (const char* bad : {"\\a", "a\\", "a\\\\b", "a\\..\\b", "C:\\a", "..\\a", "a/b"})
        EXPECT_FALSE(is_safe_path(bad)) << bad;
    EXPECT_FALSE(is_safe_path(std::string(2000, 'a')));
}

TEST(GuestPaths, MakesLinksRelativeToTheirOwnDirectory) {
    const std::string target = package_root("nv.inf_amd64_1") + "\\nvapi64.dll";
    EXPECT_EQ(relative_link("Windows\\System32\\nvapi64.dll", target),
              "HostDriverStore\\FileRepository\\nv.inf_amd64_1\\nvapi64.dll");
    EXPECT_EQ(relative_link("Windows\\SysWOW64\\nvapi.dll", target),
              "..\\System32\\HostDriverStore\\FileRepository\\nv.inf_amd64_1\\nvapi64.dll");
    EXPECT_EQ(relative_link("Windows\\System32\\lxss\\lib\\libcuda.so", target),
              "..\\..\\HostDriverStore\\FileRepository\\nv.inf_amd64_1\\nvapi64.dll");
}

TEST(GuestPaths, TellsWhereALinkLeads) {
    const std::string at = "Windows\\SysWOW64\\x.dll";
    EXPECT_TRUE(leads_into_host_driver_store(at, "..\\System32\\HostDriverStore\\FileRepository\\p\\x.dll"));
    EXPECT_TRUE(
        leads_into_host_driver_store(at, "\\??\\C:\\Windows\\System32\\HostDriverStore\\FileRepository\\p\\x.dll"));
    EXPECT_TRUE(leads_into_host_driver_store(at, "c:\\windows\\system32\\hostdriverstore\\FileRepository\\x"));
    EXPECT_FALSE(leads_into_host_driver_store(at, "..\\System32\\HostDriverStore\\..\\ntdll.dll"));
    EXPECT_FALSE(leads_into_host_driver_store(at, "..\\..\\..\\System32\\HostDriverStore\\x"));
    EXPECT_FALSE(leads_into_host_driver_store(at, "HostDriverStore\\x"));
    EXPECT_FALSE(leads_into_host_driver_store(at, "C:\\Windows\\System32\\HostDriverStore"));
}

TEST(VendorTable, BuiltInTableHoldsEveryVendorAndItsNames) {
    const auto& table = builtin_vendor_table();
    ASSERT_EQ(table.vendors.size(), 5u);
    const auto* nvidia = table.find("PCI\\VEN_10DE&DEV_2786");
    ASSERT_NE(nvidia, nullptr);
    EXPECT_EQ(nvidia->service, "nvlddmkm");
    EXPECT_EQ(table.find("PCI\\VEN_8086&DEV_56A0")->runtime_registry, RuntimeRegistry::intel);
    EXPECT_EQ(table.find("PCI\\VEN_1002&DEV_744C")->companions,
              (std::vector<std::string>{"amdocl.inf", "amdwin-*.inf"}));
    EXPECT_EQ(table.find("ACPI\\VEN_QCOM&DEV_0C36")->vendor, model::GpuVendor::qualcomm);
    EXPECT_EQ(table.find("PCI\\VEN_1ED5&DEV_0222")->vendor, model::GpuVendor::moore_threads);
    EXPECT_EQ(table.find("PCI\\VEN_1AF4&DEV_1050"), nullptr);
    // Counts against the published lists: a lost line shows here.
    auto names = [](const VendorEntry& entry) {
        std::size_t sources = 0, targets = 0;
        for (const auto& group : entry.groups)
            for (const auto& file : group.files)
                ++sources, targets += file.targets.size();
        return std::pair(sources, targets);
    };
    EXPECT_EQ(names(*nvidia), (std::pair<std::size_t, std::size_t>(43, 50)));
    EXPECT_EQ(names(*table.find("PCI\\VEN_8086&DEV_56A0")), (std::pair<std::size_t, std::size_t>(19, 23)));
}

TEST(VendorTable, RefusesBrokenTablesWithThePlace) {
    const std::string head = R"({"format":1,"vendors":[{"id":"nvidia","pci_ids":["10DE"],"groups":[)";
    auto reason = [&](const std::string& group) {
        const auto table = parse_vendor_table(head + group + "]}]}");
        return table ? std::string("accepted") : table.error().code + " " + *table.error().arg("where");
    };
    const std::string ok =
        R"({"package":"any","directory":"Windows\\System32","mode":"overwrite","files":[{"source":"a","targets":["b"]}]})";
    EXPECT_EQ(reason(ok), "accepted");
    auto with = [&](const char* from, const char* to) {
        auto text = ok;
        return text.replace(text.find(from), std::strlen(from), to);
    };
    const std::string place = "drivers.table_invalid vendors[0].groups[0]";
    EXPECT_EQ(reason(with("overwrite", "sometimes")), place);
    EXPECT_EQ(reason(with("Windows\\\\System32", "Windows\\\\..")), place);
    EXPECT_EQ(reason(with("Windows\\\\System32", "Program Files")), place);
    EXPECT_EQ(reason(with("Windows\\\\System32", "Windows\\\\System32\\\\HostDriverStore")), place);
    EXPECT_EQ(reason(with("\"a\"", "\"..\\\\a\"")), place + ".files[0]");
    EXPECT_EQ(reason(with("[\"b\"]", "[]")), place + ".files[0]");
    EXPECT_EQ(reason(with("[\"b\"]", "[\"b\",\"B\"]")), place);
    EXPECT_EQ(reason(with("\"source\"", "\"sauce\"")), place + ".files[0]");
    EXPECT_EQ(parse_vendor_table("{").error().code, "drivers.table_invalid");
    EXPECT_EQ(parse_vendor_table(R"({"format":2,"vendors":[]})").error().code, "drivers.table_invalid");
}

TEST(VendorTable, MatchesPatternsWithoutCase) {
    EXPECT_TRUE(matches_pattern("AMDWIN-u123.inf", "amdwin-*.inf"));
    EXPECT_TRUE(matches_pattern("x", "*"));
    EXPECT_TRUE(matches_pattern("abc", "a?c"));
    EXPECT_FALSE(matches_pattern("amdwin.inf", "amdwin-*.inf"));
    EXPECT_FALSE(matches_pattern(std::string(5000, 'a'), std::string("*a*a*a*a*a*b")));
}

TEST(Versions, OrderByNumbersNotText) {
    EXPECT_EQ(compare_versions("32.0.15.7283", "32.0.15.999"), 1);
    EXPECT_EQ(compare_versions("31.0.101.5590", "32.0.15.7283"), -1);
    EXPECT_EQ(compare_versions("1.2", "1.2.0.0"), 0);
    EXPECT_EQ(compare_versions("beta", "1.2"), 0);
}

namespace {

/// A synthetic PE32+ file with one section that holds only a version resource.
std::vector<std::byte> make_executable(std::uint32_t high, std::uint32_t low) {
    std::vector<std::byte> out(2048);
    auto put = [&](std::size_t at, std::uint64_t value, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i)
            out[at + i] = static_cast<std::byte>(value >> (8 * i));
    };
    put(0, 0x5A4D, 2), put(60, 128, 4), put(128, 0x4550, 4), put(128 + 6, 1, 2), put(128 + 20, 240, 2);
    const std::size_t optional = 128 + 24, section = optional + 240, raw = 1024;
    put(optional, 0x20B, 2), put(optional + 112 + 16, 0x3000, 4);
    put(section + 12, 0x3000, 4), put(section + 16, 1024, 4), put(section + 20, raw, 4);
    put(raw + 14, 1, 2), put(raw + 16, 16, 4), put(raw + 20, 0x80000020, 4);               // type 16
    put(raw + 32 + 14, 1, 2), put(raw + 32 + 16, 1, 4), put(raw + 32 + 20, 0x80000040, 4); // name
    put(raw + 64 + 14, 1, 2), put(raw + 64 + 16, 1033, 4), put(raw + 64 + 20, 0x60, 4);    // language
    put(raw + 96, 0x3100, 4), put(raw + 100, 92, 4);
    put(raw + 256 + 40, 0xFEEF04BD, 4), put(raw + 256 + 48, high, 4), put(raw + 256 + 52, low, 4);
    return out;
}

Result<std::uint64_t> version_of(const std::vector<std::byte>& bytes) {
    return read_file_version(bytes.size(), [&](std::uint64_t offset, std::span<std::byte> out) -> Result<> {
        EXPECT_LE(offset + out.size(), bytes.size());
        std::memcpy(out.data(), bytes.data() + offset, out.size());
        return {};
    });
}

} // namespace

TEST(FileVersion, ReadsTheFixedVersionOfAnExecutable) {
    EXPECT_EQ(version_of(make_executable(0x00200000, 0x000F1C73)).value(), 0x00200000000F1C73u);
    EXPECT_EQ(version_of(std::vector<std::byte>(100)).value(), 0u);
    EXPECT_EQ(version_of({}).value(), 0u);
}

TEST(FileVersion, StaysInsideDamagedFiles) {
    const auto whole = make_executable(1, 2);
    for (std::size_t at = 0; at < 1500; ++at)
        for (int value : {0x00, 0x7F, 0xFF}) {
            auto bytes = whole;
            bytes[at] = static_cast<std::byte>(value);
            ASSERT_TRUE(version_of(bytes).has_value());
        }
    for (std::size_t size = 0; size < whole.size(); size += 13)
        ASSERT_TRUE(version_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}).has_value());
}
