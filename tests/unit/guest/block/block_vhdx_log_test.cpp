#include "guest/block/bytes.h"
#include "guest/block/checksum.h"
#include "guest/image.h"

#include "support.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>

namespace exhyperv::guest::testing {
namespace {

constexpr std::uint64_t kMiB = 1u << 20, kLog = kMiB, kLogLength = kMiB;

/// A VHDX whose header says that its log, which this class fills entry by entry, has to be replayed. Synthesized after
/// the published format, with code of its own.
class DirtyImage {
  public:
    explicit DirtyImage(std::string where) : path(std::move(where)) {
        auto image = create_image(path, {.size = 64 * kMiB, .block_size = 1u << 20});
        EXPECT_TRUE(image.has_value());
        EXPECT_TRUE((*image)->write(0, pattern(3 * kMiB, 77)) &&
                    (*image)->flush()); // blocks at 4, 5 and 6 MiB of the file
        image->reset();
        mark(id);
    }

    void mark(const Guid& log) {
        for (const std::uint64_t at : {64 * 1024, 128 * 1024}) {
            auto file = read_host_file(path);
            Bytes header(file.begin() + static_cast<std::ptrdiff_t>(at),
                         file.begin() + static_cast<std::ptrdiff_t>(at) + 4096);
            log.to_windows(as_u8(header.data() + 48));
            store_le<std::uint32_t>(header.data() + 4, crc32c_without(header, 4));
            poke(path, at, header);
        }
    }

    struct Update {
        std::uint64_t offset;
        Bytes page; ///< empty: a zero descriptor
        std::uint64_t zero_length = 0;
    };
    /// Writes an entry at a place of the log (around its end) and returns the place behind it.
    std::uint64_t entry(std::uint64_t place, std::uint64_t sequence, std::uint64_t tail,
                        const std::vector<Update>& updates) {
        Bytes entry(4096);
        store_signature(entry.data(), "loge");
        store_le<std::uint32_t>(entry.data() + 12, static_cast<std::uint32_t>(tail));
        store_le<std::uint64_t>(entry.data() + 16, sequence);
        store_le<std::uint32_t>(entry.data() + 24, static_cast<std::uint32_t>(updates.size()));
        id.to_windows(as_u8(entry.data() + 32));
        store_le<std::uint64_t>(entry.data() + 48, flushed);
        store_le<std::uint64_t>(entry.data() + 56, last);
        for (std::size_t i = 0; i < updates.size(); ++i) {
            const auto& [offset, page, zero_length] = updates[i];
            auto at = 64 + 32 * i;
            store_signature(entry.data() + at, page.empty() ? "zero" : "desc");
            if (page.empty()) {
                store_le<std::uint64_t>(entry.data() + at + 8, zero_length);
            } else {
                std::copy_n(page.end() - 4, 4, entry.begin() + static_cast<std::ptrdiff_t>(at) + 4);
                std::copy_n(page.begin(), 8, entry.begin() + static_cast<std::ptrdiff_t>(at) + 8);
            }
            store_le<std::uint64_t>(entry.data() + at + 16, offset);
            store_le<std::uint64_t>(entry.data() + at + 24, sequence);
            if (page.empty()) continue;
            Bytes sector = page;
            store_signature(sector.data(), "data");
            store_le<std::uint32_t>(sector.data() + 4, static_cast<std::uint32_t>(sequence >> 32));
            store_le<std::uint32_t>(sector.data() + 4092, static_cast<std::uint32_t>(sequence));
            entry.insert(entry.end(), sector.begin(), sector.end());
        }
        store_le<std::uint32_t>(entry.data() + 8, static_cast<std::uint32_t>(entry.size()));
        store_le<std::uint32_t>(entry.data() + 4, crc32c_without(entry, 4));
        for (std::size_t done = 0; done < entry.size(); done += 4096)
            poke(path, kLog + (place + done) % kLogLength,
                 Bytes(entry.begin() + static_cast<std::ptrdiff_t>(done),
                       entry.begin() + static_cast<std::ptrdiff_t>(done) + 4096));
        return (place + entry.size()) % kLogLength;
    }

    [[nodiscard]] Bytes disk(std::uint64_t offset, std::size_t length) const {
        auto image = open_image(path, {});
        EXPECT_TRUE(image.has_value()) << describe(image.error());
        return image ? read_all(**image, offset, length) : Bytes();
    }

    std::string path;
    Guid id = *Guid::parse("11111111-2222-4333-8444-555555555555");
    std::uint64_t flushed = 7 * kMiB, last = 7 * kMiB;
};

Result<> replay(const std::string& path) {
    auto image = open_image(path, {.writable = true});
    if (!image) return fail(image.error());
    return {};
}

class VhdxLog : public ::testing::Test {
  protected:
    TempDirectory directory;
    const std::string path = directory / "disk.vhdx";
    const std::uint64_t data = 4 * kMiB; ///< of the first block, in the file
};

TEST_F(VhdxLog, ReplaysASequenceThatRunsAroundTheEnd) {
    DirtyImage image(path);
    auto place = image.entry(kLogLength - 3 * 4096, 7, kLogLength - 3 * 4096,
                             {{data, pattern(4096, 1)}, {data + 4096, pattern(4096, 2)}});
    EXPECT_EQ(place, 0u);
    place = image.entry(kLogLength - 3 * 4096, 7, kLogLength - 3 * 4096, {{data, pattern(4096, 1)}});
    place = image.entry(place, 8, kLogLength - 3 * 4096,
                        {{data + 4096, pattern(4096, 2)}, {data, pattern(4096, 3)}}); // wraps
    image.entry(place, 9, kLogLength - 3 * 4096, {{data + 8192, pattern(4096, 4)}});
    ASSERT_OK(replay(path));
    EXPECT_TRUE(image.disk(0, 4096) == pattern(4096, 3));
    EXPECT_TRUE(image.disk(4096, 4096) == pattern(4096, 2));
    EXPECT_TRUE(image.disk(8192, 4096) == pattern(4096, 4));
    EXPECT_EQ(qemu_check(path), "");
}

TEST_F(VhdxLog, AgreesWithQemu) {
    if (!have("qemu-img")) GTEST_SKIP() << "qemu-utils is not installed";
    DirtyImage image(path);
    auto place = image.entry(8192, 3, 8192, {{data, pattern(4096, 1)}, {data + 64 * 4096, {}, 16 * 4096}});
    image.entry(place, 4, 8192, {{data + 4096, pattern(4096, 2)}, {data + 2 * kMiB, pattern(4096, 5)}});
    const auto copy = directory / "copy.vhdx";
    std::filesystem::copy_file(path, copy);
    EXPECT_CODE(open_image(path, {}), "disk.unclean_log");
    EXPECT_CODE(open_image(path, {.writable = true, .replay_log = false}), "disk.unclean_log");
    EXPECT_TRUE(read_host_file(path) == read_host_file(copy)); // refusing changes nothing
    ASSERT_OK(replay(path));
    ASSERT_EQ(run("qemu-img check -r all -f vhdx '" + copy + "'").status, 0);
    ASSERT_EQ(run("qemu-img convert -f vhdx -O raw '" + copy + "' '" + copy + ".raw'").status, 0);
    EXPECT_EQ(qemu_compare(path, "vhdx", copy + ".raw"), "");
    EXPECT_TRUE(image.disk(4096, 4096) == pattern(4096, 2));
    EXPECT_TRUE(image.disk(64 * 4096, 16 * 4096) == Bytes(16 * 4096));
}

TEST_F(VhdxLog, NewestSequenceWinsAndOldOnesAreLeftAlone) {
    DirtyImage image(path);
    image.entry(0, 5, 0, {{data, pattern(4096, 1)}});
    image.entry(40 * 4096, 20, 40 * 4096, {{data, pattern(4096, 2)}});
    image.entry(80 * 4096, 12, 80 * 4096, {{data, pattern(4096, 3)}});
    ASSERT_OK(replay(path));
    EXPECT_TRUE(image.disk(0, 4096) == pattern(4096, 2));
}

TEST_F(VhdxLog, TornLastEntryIsLeftOut) {
    DirtyImage image(path);
    auto place = image.entry(0, 5, 0, {{data, pattern(4096, 1)}});
    image.entry(place, 6, 0, {{data, pattern(4096, 2)}});
    poke(path, kLog + place + 4096 + 100, Bytes(8)); // in the data sector of the second entry
    ASSERT_OK(replay(path));
    EXPECT_TRUE(image.disk(0, 4096) == pattern(4096, 1));
}

TEST_F(VhdxLog, ExtendsTheFileToTheLengthThatWasLogged) {
    DirtyImage image(path);
    image.last = 9 * kMiB;
    image.entry(0, 5, 0, {{8 * kMiB, pattern(4096, 1)}});
    ASSERT_OK(replay(path));
    EXPECT_EQ(std::filesystem::file_size(path), 9 * kMiB);
}

TEST_F(VhdxLog, RefusesWhatCannotBe) {
    const auto refused = [&](const char* what, const char* code, const auto& fill) {
        SCOPED_TRACE(what);
        std::filesystem::remove(path);
        DirtyImage image(path);
        fill(image);
        const auto before = read_host_file(path);
        EXPECT_CODE(replay(path), code);
        EXPECT_TRUE(read_host_file(path) == before) << "a refused log must not be applied in part";
    };
    const auto page = pattern(4096, 1);
    refused("nothing valid", "disk.corrupt", [](DirtyImage&) {});
    refused("shorter than flushed", "disk.truncated", [&](DirtyImage& i) {
        i.flushed = 100 * kMiB;
        i.entry(0, 1, 0, {{data, page}});
    });
    refused("into the headers", "disk.corrupt", [&](DirtyImage& i) {
        i.entry(0, 1, 0, {{data, page}, {64 * 1024, page}});
    });
    refused("into the log", "disk.corrupt", [&](DirtyImage& i) {
        i.entry(0, 1, 0, {{data, page}, {kLog + 8192, page}});
    });
    refused("beyond the file", "disk.corrupt", [&](DirtyImage& i) {
        i.entry(0, 1, 0, {{data, page}, {7 * kMiB, page}});
    });
    refused("not aligned", "disk.corrupt", [&](DirtyImage& i) {
        i.entry(0, 1, 0, {{data, page}, {data + 512, page}});
    });
    refused("zeroes to infinity", "disk.corrupt", [&](DirtyImage& i) { i.entry(0, 1, 0, {{data, {}, ~0ull << 12}}); });
    refused("file of an exabyte", "disk.corrupt", [&](DirtyImage& i) {
        i.last = 1ull << 60;
        i.entry(0, 1, 0, {{data, page}});
    });
    refused("tail that is not there", "disk.corrupt", [&](DirtyImage& i) { i.entry(0, 1, 4096, {{data, page}}); });
}

TEST_F(VhdxLog, EmptyLogIsNotReadAtAll) {
    DirtyImage image(path);
    image.entry(0, 5, 0, {{data, pattern(4096, 1)}});
    image.mark({});
    ASSERT_OK(replay(path));
    EXPECT_TRUE(image.disk(0, 3 * kMiB) == pattern(3 * kMiB, 77));
}

class KilledFlush : public ::testing::TestWithParam<ImageFormat> {};

TEST_P(KilledFlush, LeavesTheOldOrTheNewTablesAndQemuAgrees) {
    TempDirectory directory;
    const auto path = directory / "disk.vhdx", base = directory / "base.vhdx";
    const bool child = GetParam() == ImageFormat::vhdx_differencing;
    const auto old_data = pattern(700000, 1), new_data = pattern(5 * kMiB, 2);
    if (child) {
        auto image = create_image(base, {.size = 32 * kMiB, .block_size = 1u << 20});
        ASSERT_OK(image);
        ASSERT_OK((*image)->write(0, pattern(32 * kMiB, 3)));
        ASSERT_OK((*image)->flush());
    }
    std::set<std::string> points;
    for (int count = 1;; ++count) {
        std::filesystem::remove(path);
        Bytes model = child ? pattern(32 * kMiB, 3) : Bytes(32 * kMiB);
        {
            auto image =
                create_image(path, {.format = GetParam(), .size = 32 * kMiB, .block_size = 1u << 20, .parent = base});
            ASSERT_OK(image);
            ASSERT_OK((*image)->write(300, old_data));
            ASSERT_OK((*image)->flush());
            std::ranges::copy(old_data, model.begin() + 300);
        }
        const auto point = kill_at(count, [&] {
            auto image = open_image(path, {.writable = true});
            ASSERT_OK(image);
            ASSERT_OK((*image)->write(9 * kMiB + 999, new_data));
            ASSERT_OK((*image)->flush());
        });
        if (point.empty()) break;
        SCOPED_TRACE(point);
        points.insert(point);
        const bool marked = point == "vhdx.log_marked" || point == "vhdx.page_applied" || point == "vhdx.log_applied";
        const bool done = marked || point == "vhdx.log_cleared";
        if (done) std::ranges::copy(new_data, model.begin() + 9 * kMiB + 999);
        if (!child && have("qemu-img")) {
            const auto copy = directory / "copy.vhdx";
            std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
            if (marked) {
                EXPECT_EQ(run("qemu-img check -r all -f vhdx '" + copy + "'").status, 0);
            }
            EXPECT_EQ(qemu_check(copy), "");
            write_host_file(directory / "model.raw", model);
            EXPECT_EQ(qemu_compare(copy, "vhdx", directory / "model.raw"), "");
        }
        EXPECT_CODE(open_image(path, {}), marked ? "disk.unclean_log" : "success");
        auto image = open_image(path, {.writable = true});
        ASSERT_OK(image);
        EXPECT_TRUE(read_all(**image, 0, model.size()) == model);
    }
    EXPECT_EQ(points, (std::set<std::string>{"vhdx.session_started", "vhdx.log_written", "vhdx.log_marked",
                                             "vhdx.page_applied", "vhdx.log_applied", "vhdx.log_cleared"}));
}

INSTANTIATE_TEST_SUITE_P(Block, KilledFlush,
                         ::testing::Values(ImageFormat::vhdx_dynamic, ImageFormat::vhdx_differencing),
                         [](const auto& test) {
                             return test.param == ImageFormat::vhdx_dynamic ? "dynamic" : "differencing";
                         });

TEST_F(VhdxLog, FlushOfMoreThanOneEntryIsComplete) {
    // 64 KiB every 2 GiB: each write changes another page of the table, more pages than one entry of the log holds.
    auto image = create_image(path, {.size = 2ull << 40, .block_size = 1u << 20});
    ASSERT_OK(image);
    for (std::uint64_t i = 0; i < 600; ++i)
        ASSERT_OK((*image)->write(i << 31, pattern(512, i)));
    ASSERT_OK((*image)->flush());
    image->reset();
    EXPECT_EQ(qemu_check(path), "");
    image = open_image(path, {});
    ASSERT_OK(image);
    for (std::uint64_t i = 0; i < 600; ++i)
        EXPECT_TRUE(read_all(**image, i << 31, 512) == pattern(512, i)) << i;
}

} // namespace
} // namespace exhyperv::guest::testing
