#pragma once

#include "guest/block.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <vector>

namespace exhyperv::guest::testing {

/// Reads and changes the records of a fresh NTFS volume (4 KiB clusters, 1 KiB records) byte by byte, without any of
/// the product's code: to make volumes in states that only Windows makes.
class NtfsPatch {
  public:
    NtfsPatch(Block& disk, std::uint64_t offset) : disk_(disk), offset_(offset) {}

    /// Volume flags: 1 is "dirty". In $Volume and in its copy in $MFTMirr, as Windows does.
    void set_volume_flags(std::uint16_t flags) {
        for (std::uint64_t mft : {number(0x30, 8) * 4096, number(0x38, 8) * 4096}) {
            auto record = mft + 3 * 1024;
            auto attribute = find_attribute(record, 0x70);
            ASSERT_NE(attribute, 0u);
            auto value = attribute + number(attribute + 0x14, 2);
            write(value + 10, {static_cast<std::byte>(flags), static_cast<std::byte>(flags >> 8)});
        }
    }

    /// Restart pages as Windows leaves them: log version (1.1 or 2.0), with its one client still in the log or not.
    void write_log(int major, int minor, bool clean) {
        auto attribute = find_attribute(number(0x30, 8) * 4096 + 2 * 1024, 0x80);
        ASSERT_NE(attribute, 0u);
        auto size = number(attribute + 0x30, 8);
        auto pairs = attribute + number(attribute + 0x20, 2);
        auto head = number(pairs, 1);
        auto lcn = number(pairs + 1 + (head & 15), static_cast<int>(head >> 4));
        auto page = restart_page(major, minor, clean, size);
        write(lcn * 4096, page);
        write(lcn * 4096 + 4096, page);
    }

    std::uint64_t number(std::uint64_t at, int bytes) {
        std::vector<std::byte> data(static_cast<std::size_t>(bytes));
        EXPECT_TRUE(disk_.read(offset_ + at, data));
        std::uint64_t value = 0;
        for (int i = bytes - 1; i >= 0; --i)
            value = value << 8 | std::to_integer<std::uint64_t>(data[static_cast<std::size_t>(i)]);
        return value;
    }
    void write(std::uint64_t at, const std::vector<std::byte>& data) { EXPECT_TRUE(disk_.write(offset_ + at, data)); }
    void write(std::uint64_t at, std::string_view text) {
        std::vector<std::byte> data(text.size());
        std::memcpy(data.data(), text.data(), text.size());
        write(at, data);
    }

  private:
    std::uint64_t find_attribute(std::uint64_t record, std::uint32_t type) {
        auto at = record + number(record + 0x14, 2);
        for (int i = 0; i < 16; ++i) {
            auto found = number(at, 4);
            if (found == type) return at;
            if (found == 0xffffffff) break;
            at += number(at + 4, 4);
        }
        return 0;
    }

    static std::vector<std::byte> restart_page(int major, int minor, bool clean, std::uint64_t log_size) {
        std::vector<std::byte> page(4096);
        auto put = [&page](std::size_t at, std::uint64_t value, int bytes) {
            for (int i = 0; i < bytes; ++i)
                page[at + static_cast<std::size_t>(i)] = static_cast<std::byte>(value >> (8 * i));
        };
        std::memcpy(page.data(), "RSTR", 4);
        put(4, 0x1e, 2); // update sequence array: its place, and one entry a sector and the number itself
        put(6, 9, 2);
        put(16, 4096, 4); // system page, log page
        put(20, 4096, 4);
        put(24, 0x30, 2); // restart area
        put(26, static_cast<std::uint64_t>(minor), 2);
        put(28, static_cast<std::uint64_t>(major), 2);
        const std::size_t area = 0x30;
        put(area, 0x100000, 8);           // current sequence number
        put(area + 8, 1, 2);              // clients
        put(area + 10, 0xffff, 2);        // none free
        put(area + 12, 0, 2);             // the first is in use
        put(area + 14, clean ? 2 : 0, 2); // flag: volume is clean
        int bits = 0;
        for (auto rest = log_size; rest != 0; rest >>= 1)
            ++bits;
        put(area + 16, static_cast<std::uint64_t>(67 - bits), 4);
        put(area + 20, 0x40 + 0xa0, 2); // length of the area with its client
        put(area + 22, 0x40, 2);        // the client
        put(area + 24, log_size, 8);
        put(area + 36, 0x30, 2);
        put(area + 38, 0x40, 2);
        const std::size_t client = area + 0x40;
        put(client + 16, 0xffff, 2);
        put(client + 18, 0xffff, 2);
        put(client + 28, 8, 4);
        std::memcpy(page.data() + client + 32, "N\0T\0F\0S\0", 8);
        put(0x1e, 1, 2); // update sequence: the last word of each sector becomes the number
        for (std::size_t sector = 0; sector < 8; ++sector) {
            auto last = sector * 512 + 510;
            put(0x20 + sector * 2,
                std::to_integer<unsigned>(page[last]) | std::to_integer<unsigned>(page[last + 1]) << 8, 2);
            put(last, 1, 2);
        }
        return page;
    }

    Block& disk_;
    std::uint64_t offset_;
};

} // namespace exhyperv::guest::testing
