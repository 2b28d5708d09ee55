#include "drivers/manifest.h"
#include "memory_volume.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <stdlib.h>

using namespace exhyperv;
using namespace exhyperv::drivers;
using namespace exhyperv::drivers::test;

namespace {

Manifest sample() {
    Manifest m;
    m.program = "exhyperv 0.1.0";
    m.cards.push_back({"PCI\\VEN_10DE&DEV_2786\\4&1",
                       "PCI\\VEN_10DE&DEV_2786",
                       "Card",
                       "NVIDIA",
                       "32.0.15.7283",
                       "2025-03-14",
                       {"nv.inf_amd64_1"},
                       "2026-01-02T03:04:05Z"});
    m.packages.push_back({"nv.inf_amd64_1",
                          "nv.inf",
                          "oem7.inf",
                          "32.0.15.7283",
                          "2025-03-14",
                          "C:\\x\\nv.inf_amd64_1",
                          {{"a.dll", 5, 133000000000000001, std::string(32, 'a'), "", false},
                           {"sub\\b.dll", 0, 1, "", "", true},
                           {"c.dll", 7, 2, std::string(32, '0'), "c.dll.exhyperv-backup", false}}});
    m.links.push_back({"Windows\\System32\\a.dll",
                       "HostDriverStore\\FileRepository\\nv.inf_amd64_1\\a.dll",
                       false,
                       false,
                       0,
                       0,
                       "",
                       "a.dll.exhyperv-backup",
                       {"PCI\\VEN_10DE&DEV_2786\\4&1"}});
    m.links.push_back({"Windows\\SysWOW64\\b.dll",
                       "Windows\\System32\\HostDriverStore\\FileRepository\\nv.inf_amd64_1\\c.dll",
                       false,
                       true,
                       7,
                       2,
                       std::string(32, '1'),
                       "",
                       {}});
    m.values.push_back({"SYSTEM",
                        "ControlSet001\\Services\\nvlddmkm",
                        "Start",
                        std::nullopt,
                        {"Start", 4, {std::byte{3}, std::byte{0}, std::byte{0}, std::byte{0}}},
                        {}});
    m.values.push_back({"SYSTEM",
                        "ControlSet001\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0001",
                        "",
                        guest::HiveValue{"", 1, {}},
                        {"", 1, {std::byte{65}, std::byte{0}}},
                        {}});
    m.attributes.push_back({"Windows\\System32\\HostDriverStore", 16});
    m.created_directories = {"Windows\\System32\\HostDriverStore\\FileRepository", "Windows\\System32\\lxss"};
    m.created_keys = {"ControlSet001\\Services\\nvlddmkm"};
    return m;
}

std::string code_of(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto read = manifest_from_json(text);
    return read ? "accepted" : read.error().code;
}

} // namespace

TEST(Manifest, ComesBackAsItWasWritten) {
    const auto text = to_json_text(sample());
    const auto read = manifest_from_json(text);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(to_json_text(*read), text);
    EXPECT_FALSE(read->values[0].before);
    EXPECT_EQ(read->values[1].before, (guest::HiveValue{"", 1, {}}));
    EXPECT_TRUE(read->packages[0].files[1].found);
}

TEST(Manifest, RefusesPathsOutsideItsPlaces) {
    const auto text = to_json_text(sample());
    const std::string bad = "drivers.manifest_invalid";
    EXPECT_EQ(code_of(text, "\"a.dll\",", "\"..\\\\..\\\\ntdll.dll\","), bad);
    EXPECT_EQ(code_of(text, "\"a.dll\",", "\"a.dll:x\","), bad);
    EXPECT_EQ(code_of(text, "\"folder\": \"nv.inf_amd64_1\"", "\"folder\": \"..\""), bad);
    EXPECT_EQ(code_of(text, "\"folder\": \"nv.inf_amd64_1\"", "\"folder\": \"a\\\\b\""), bad);
    EXPECT_EQ(code_of(text, "Windows\\\\System32\\\\a.dll", "Users\\\\a.dll"), bad);
    EXPECT_EQ(code_of(text, "Windows\\\\System32\\\\a.dll", "Windows\\\\System32\\\\..\\\\a.dll"), bad);
    EXPECT_EQ(code_of(text, "\"HostDriverStore\\\\FileRepository", "\"DriverStore\\\\FileRepository"), bad);
    EXPECT_EQ(code_of(text, "a.dll.exhyperv-backup", "..\\\\x.exhyperv-backup"), bad);
    EXPECT_EQ(code_of(text, "a.dll.exhyperv-backup", "ntdll.dll"), bad);
    EXPECT_EQ(code_of(text, "Services\\\\nvlddmkm", "Control\\\\Session Manager"), bad);
    EXPECT_EQ(code_of(text, "Services\\\\nvlddmkm", "Services\\\\nvlddmkm\\\\Enum"), bad);
    EXPECT_EQ(code_of(text, "\"created_keys\": [\n  \"ControlSet001\\\\Services\\\\nvlddmkm\"",
                      "\"created_keys\": [\n  \"ControlSet001\""),
              bad);
    EXPECT_EQ(code_of(text, "\"Windows\\\\System32\\\\lxss\"", "\"Windows\\\\Temp\""), bad);
    EXPECT_EQ(code_of(text, "\"size\": 5", "\"size\": -5"), bad);
    EXPECT_EQ(code_of(text, "\"size\": 5", "\"size\": \"5\""), bad);
    EXPECT_EQ(code_of(text, "\"format\": 1", "\"format\": 2"), bad);
    EXPECT_EQ(code_of(text, "\"data\": \"03", "\"data\": \"0g"), bad);
    EXPECT_EQ(code_of(text, std::string(32, 'a'), "short"), bad);
    EXPECT_EQ(code_of(text, "\"size\": 5", "\"size\": 6"), "accepted");
}

TEST(Manifest, SurvivesDamagedText) {
    const auto whole = to_json_text(sample());
    std::mt19937 random(11);
    for (int round = 0; round < 2000; ++round) {
        auto text = whole;
        for (int i = 0; i < 3; ++i)
            text[random() % text.size()] = static_cast<char>(random());
        if (round % 3 == 0) text.resize(random() % text.size());
        const auto read = manifest_from_json(text);
        EXPECT_EQ(read ? "drivers.manifest_invalid" : read.error().code, "drivers.manifest_invalid");
    }
    EXPECT_FALSE(manifest_from_json(std::string(100'000, '[')));
    EXPECT_FALSE(manifest_from_json(""));
}

TEST(Manifest, LiesInTheGuestAndOnTheHost) {
    MemoryVolume volume;
    EXPECT_FALSE(read_manifest(volume).value());
    ASSERT_TRUE(volume.make_directories("Windows\\System32\\HostDriverStore"));
    ASSERT_TRUE(write_manifest_file(volume, sample()));
    ASSERT_TRUE(write_manifest_file(volume, sample()));
    EXPECT_EQ(to_json_text(*read_manifest(volume).value()), to_json_text(sample()));
    EXPECT_EQ(volume.stat(std::string(kManifestPath)).value()->attributes & guest::kReadOnly, guest::kReadOnly);

    std::string pattern = (std::filesystem::temp_directory_path() / "exhyperv-manifest-XXXXXX").string();
    const std::string directory = mkdtemp(pattern.data());
    const auto path = directory + "/vm.json";
    EXPECT_FALSE(read_manifest_copy(path).value());
    ASSERT_TRUE(write_manifest_copy(path, sample()));
    EXPECT_EQ(to_json_text(*read_manifest_copy(path).value()), to_json_text(sample()));
    ASSERT_TRUE(write_manifest_copy(path, Manifest{}));
    EXPECT_FALSE(std::filesystem::exists(path));
    std::filesystem::remove_all(directory);
}

TEST(Manifest, IsNotReadThroughALink) {
    MemoryVolume volume;
    ASSERT_TRUE(volume.make_directories("Windows\\System32\\HostDriverStore"));
    ASSERT_TRUE(volume.make_symlink(std::string(kManifestPath), "..\\config\\SAM", false));
    EXPECT_EQ(read_manifest(volume).error().code, "drivers.manifest_invalid");
}
