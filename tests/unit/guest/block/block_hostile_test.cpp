#include "guest/block/bytes.h"
#include "guest/block/checksum.h"
#include "guest/image.h"
#include "guest/partition_table.h"

#include "support.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>

// Damaged and malicious images: every byte of every structure is changed in several ways, with checksums repaired so
// that the change gets through. Whatever happens must be an error of this layer or a disk that can be read; never a
// crash, a hang or a write outside of the file's structures.

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;

/// Opens, reads everything, and says how it ended.
std::string look(const std::string& path) {
    auto image = open_image(path, {});
    if (!image) return image.error().code;
    Bytes buffer(kMiB);
    const auto size = std::min<std::uint64_t>((*image)->size(), 6 * kMiB);
    for (std::uint64_t at = 0; at < size; at += buffer.size()) {
        const auto result =
            (*image)->read(at, std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), size - at)));
        if (!result) return result.error().code;
    }
    if (const auto tail = (*image)->size(); tail > 0) {
        const auto result = (*image)->read(tail - 1, std::span(buffer).first(1));
        if (!result) return result.error().code;
    }
    const auto table = read_partition_table(**image);
    return table ? "read" : table.error().code;
}

/// The same for writing; works on a copy.
std::string change(const std::string& path) {
    const auto copy = path + ".copy";
    std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
    auto image = open_image(copy, {.writable = true});
    if (!image) return image.error().code;
    const auto size = (*image)->size();
    for (const auto at : {std::uint64_t{0}, size / 2, size - 1}) {
        const auto result = (*image)->write(at, pattern(1, at));
        if (!result) return result.error().code;
    }
    if (auto result = (*image)->flush(); !result) return result.error().code;
    if (auto result = (*image)->trim_file(); !result) return result.error().code;
    image->reset();
    const auto again = open_image(copy, {});
    EXPECT_TRUE(again.has_value()) << "an image that could be written must open again: " << describe(again.error());
    return "written";
}

struct Range {
    std::uint64_t offset;
    std::size_t length;
};

struct Structure {
    const char* name;
    std::uint64_t offset;
    std::size_t length;                           ///< bytes to change, one after the other
    std::function<void(Bytes& file)> repair = {}; ///< makes checksums right again
    std::vector<Range> repaired = {};             ///< where
};

class Hostile : public ::testing::Test {
  protected:
    void attack(const std::string& path, const std::vector<Structure>& structures) {
        const auto original = read_host_file(path);
        auto file = original;
        std::map<std::string, int> outcomes;
        int round = 0;
        for (const auto& [name, offset, length, repair, repaired] : structures) {
            auto touched = repaired;
            touched.push_back({offset, length});
            const auto store = [&] {
                for (const auto& [at, bytes] : touched)
                    poke(path, at,
                         Bytes(file.begin() + static_cast<std::ptrdiff_t>(at),
                               file.begin() + static_cast<std::ptrdiff_t>(at + bytes)));
            };
            for (std::size_t i = 0; i < length; ++i)
                for (const int value : {0xFF, -1, -2}) { // all bits, one bit, another byte
                    const auto at = offset + i;
                    const auto old = std::to_integer<int>(original[at]);
                    file[at] = static_cast<std::byte>(value >= 0    ? value
                                                      : value == -1 ? old ^ (1 << (i % 8))
                                                                    : old + 0x35);
                    if (file[at] == original[at]) continue;
                    if (repair) repair(file);
                    store();
                    SCOPED_TRACE(std::string(name) + " byte " + std::to_string(i) + " = " +
                                 std::to_string(std::to_integer<int>(file[at])));
                    const auto outcome = ++round % 7 == 0 ? change(path) : look(path);
                    ++outcomes[outcome];
                    EXPECT_TRUE(outcome == "read" || outcome == "written" || outcome.starts_with("disk.")) << outcome;
                    EXPECT_NE(outcome, "disk.io") << "an access the system refused should have been found before";
                    for (const auto& [start, bytes] : touched)
                        std::memcpy(file.data() + start, original.data() + start, bytes);
                }
            store();
        }
        for (const auto& [outcome, count] : outcomes)
            RecordProperty(outcome, count);
        EXPECT_GT(outcomes["read"], 0) << "no change got through: the checksums were not repaired";
        EXPECT_TRUE(read_host_file(path) == original) << "looking must not change anything";
    }

    static std::function<void(Bytes&)> repair_crc32c(std::uint64_t offset, std::size_t length) {
        return [=](Bytes& file) {
            const auto part = std::span(file).subspan(offset, length);
            store_le<std::uint32_t>(part.data() + 4, crc32c_without(part, 4));
        };
    }

    TempDirectory directory;
    const std::string path = directory / "disk.vhdx", base = directory / "base.vhdx";
};

std::vector<Structure> vhdx_structures(std::size_t metadata_length, const std::function<void(Bytes&)>& headers,
                                       const std::function<void(Bytes&)>& regions) {
    return {{"identifier", 0, 16},
            {"header 1", 64 * 1024, 80, headers, {{64 * 1024, 80}, {128 * 1024, 80}}},
            {"header 2", 128 * 1024, 80, headers, {{64 * 1024, 80}, {128 * 1024, 80}}},
            {"region table", 192 * 1024, 80, regions, {{192 * 1024, 80}}},
            {"metadata table", 2 * kMiB, 32 + 6 * 32},
            {"metadata items", 2 * kMiB + 64 * 1024, metadata_length},
            {"allocation table", 3 * kMiB, 48}};
}

TEST_F(Hostile, VhdxDynamic) {
    {
        auto image = create_image(path, {.size = 5 * kMiB, .block_size = 1u << 20});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(100, pattern(2 * kMiB, 1)));
        ASSERT_OK((*image)->flush());
    }
    attack(path, vhdx_structures(
                     40,
                     [](Bytes& file) {
                         repair_crc32c(64 * 1024, 4096)(file);
                         repair_crc32c(128 * 1024, 4096)(file);
                     },
                     repair_crc32c(192 * 1024, 64 * 1024)));
}

TEST_F(Hostile, VhdxDifferencing) {
    {
        auto image = create_image(base, {.size = 5 * kMiB, .block_size = 1u << 20});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(100, pattern(2 * kMiB, 1)));
        ASSERT_OK((*image)->flush());
        image->reset();
        image = create_image(path, {.format = ImageFormat::vhdx_differencing, .block_size = 1u << 20, .parent = base});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(4000, pattern(kMiB, 2)));
        ASSERT_OK((*image)->flush());
    }
    const auto before = read_host_file(base);
    attack(path, {{"metadata table", 2 * kMiB, 32 + 6 * 32},
                  {"parent locator", 2 * kMiB + 64 * 1024 + 40, 200},
                  {"allocation table", 3 * kMiB, 24},
                  {"sector bitmap entry", 3 * kMiB + 4096 * 16, 8}});
    EXPECT_TRUE(read_host_file(base) == before);
}

TEST_F(Hostile, VhdxLog) {
    {
        auto image = create_image(path, {.size = 5 * kMiB, .block_size = 1u << 20});
        ASSERT_OK(image);
    }
    const auto point = kill_at(4, [&] { // past the mark: the log has to be replayed
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(100, pattern(2 * kMiB, 1)));
        ASSERT_OK((*image)->flush());
    });
    ASSERT_EQ(point, "vhdx.page_applied");
    const auto original = read_host_file(path);
    auto file = original;
    std::map<std::string, int> outcomes;
    for (std::size_t i = 0; i < 96; ++i)
        for (const int value : {0x00, 0xFF, 0x35}) {
            auto* entry = file.data() + kMiB;
            if (entry[i] == static_cast<std::byte>(value)) continue;
            entry[i] = static_cast<std::byte>(value);
            const auto length = load_le<std::uint32_t>(entry + 8);
            if (length <= kMiB && length >= 64)
                store_le<std::uint32_t>(entry + 4, crc32c_without(std::span(entry, length), 4));
            poke(path, kMiB, Bytes(entry, entry + 96));
            SCOPED_TRACE("log byte " + std::to_string(i));
            const auto outcome = change(path);
            EXPECT_TRUE(outcome == "written" || outcome.starts_with("disk.")) << outcome;
            ++outcomes[outcome];
            std::memcpy(entry, original.data() + kMiB, 96);
        }
    EXPECT_GT(outcomes["disk.corrupt"], 0);
    EXPECT_GT(outcomes["written"], 0); // bytes that nothing depends on
}

TEST_F(Hostile, VhdDynamicAndDifferencing) {
    const auto sum = [](std::uint64_t offset, std::size_t length, std::size_t own) {
        return [=](Bytes& file) {
            std::uint32_t total = 0;
            for (std::size_t i = 0; i < length; ++i)
                if (i < own || i >= own + 4) total += std::to_integer<std::uint32_t>(file[offset + i]);
            store_be<std::uint32_t>(file.data() + offset + own, ~total);
        };
    };
    const auto parent = directory / "base.vhd", child = directory / "disk.vhd";
    {
        auto image =
            create_image(parent, {.format = ImageFormat::vhd_dynamic, .size = 3 * kMiB, .block_size = 512u << 10});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(100, pattern(kMiB, 1)));
        ASSERT_OK((*image)->flush());
        image->reset();
        image =
            create_image(child, {.format = ImageFormat::vhd_differencing, .block_size = 512u << 10, .parent = parent});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(100, pattern(3000, 1)));
        ASSERT_OK((*image)->flush());
    }
    const auto before = read_host_file(parent);
    const auto size = std::filesystem::file_size(child);
    attack(child, {{"footer", size - 512, 90, sum(size - 512, 512, 64), {{size - 512, 512}}},
                   {"header", 512, 90, sum(512, 1024, 36), {{512, 1024}}},
                   {"locators", 512 + 576, 48, sum(512, 1024, 36), {{512, 1024}}},
                   {"block table", 1536, 24},
                   {"locator text", 2048, 40}});
    EXPECT_TRUE(read_host_file(parent) == before);
}

TEST_F(Hostile, TruncatedVhdxIsRefusedAtEveryLength) {
    {
        auto image = create_image(path, {.size = 5 * kMiB, .block_size = 1u << 20});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(0, pattern(5 * kMiB, 1)));
        ASSERT_OK((*image)->flush());
    }
    for (auto length = std::filesystem::file_size(path) - 512; length >= 64 * 1024; length -= 37 * 512) {
        std::filesystem::resize_file(path, length);
        const auto outcome = look(path);
        EXPECT_TRUE(outcome == "disk.truncated" || outcome == "disk.corrupt") << length << " " << outcome;
        if (length < 50 * 512 + 64 * 1024) break;
    }
}

TEST_F(Hostile, PartitionTables) {
    const auto raw = directory / "disk.raw";
    {
        auto image = create_image(raw, {.format = ImageFormat::raw, .size = 8 * kMiB});
        ASSERT_OK(image);
        ASSERT_OK(write_gpt(**image, Guid::random(),
                            {{partition_type::efi_system(), Guid::random(), "EFI", kMiB, kMiB},
                             {partition_type::basic_data(), Guid::random(), "Windows", 2 * kMiB, 5 * kMiB}}));
    }
    const auto repair = [](Bytes& file) {
        store_le<std::uint32_t>(file.data() + 512 + 88, crc32(std::span(file).subspan(1024, 128 * 128)));
        store_le<std::uint32_t>(file.data() + 512 + 16, 0);
        store_le<std::uint32_t>(file.data() + 512 + 16, crc32(std::span(file).subspan(512, 92)));
    };
    attack(raw, {{"MBR", 440, 72},
                 {"GPT header", 512, 92, repair, {{512, 92}}},
                 {"GPT entries", 1024, 2 * 128, repair, {{512, 92}}}});
}

} // namespace
} // namespace exhyperv::guest::testing
