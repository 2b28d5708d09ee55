#include "hive_tools.h"

#include "guest/hive/hive_header.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

std::vector<std::byte> with_byte(std::size_t at, int value) {
    auto content = make_empty_hive("SYSTEM");
    content[at] = static_cast<std::byte>(value);
    return content;
}
std::vector<std::byte> with_checksum(std::vector<std::byte> content) {
    auto sum = hive_checksum(content);
    for (std::size_t i = 0; i < 4; ++i)
        content[508 + i] = static_cast<std::byte>(sum >> (8 * i));
    return content;
}

TEST(HiveGuard, DifferingSequenceNumbersAreDirtyEvenWithARightChecksum) {
    EXPECT_EQ(Hive::open(with_checksum(with_byte(4, 7))).error().code, "hive.dirty");
    EXPECT_EQ(Hive::open(with_checksum(with_byte(8, 7))).error().code, "hive.dirty");
}

TEST(HiveGuard, AWrongChecksumIsDirty) {
    EXPECT_EQ(Hive::open(with_byte(508, 0xaa)).error().code, "hive.dirty");
    EXPECT_EQ(Hive::open(with_byte(12, 0x55)).error().code, "hive.dirty") << "a byte that the checksum covers";
}

TEST(HiveGuard, BothNumbersEqualAndRightChecksumIsClean) {
    auto content = with_byte(4, 9);
    content[8] = std::byte{9};
    EXPECT_TRUE(Hive::open(with_checksum(content)));
}

TEST(HiveGuard, DamagedFilesAreCorrupt) {
    EXPECT_EQ(Hive::open({}).error().code, "hive.corrupt");
    EXPECT_EQ(Hive::open(std::vector<std::byte>(8192)).error().code, "hive.corrupt");
    auto cut = make_empty_hive("SYSTEM");
    cut.resize(6000);
    EXPECT_EQ(Hive::open(cut).error().code, "hive.corrupt");
    EXPECT_EQ(Hive::open(with_checksum(with_byte(40, 0x7f))).error().code, "hive.corrupt");
    EXPECT_EQ(Hive::open(with_byte(4096, 0)).error().code, "hive.corrupt") << "no hbin";
}

TEST(HiveGuard, EveryDamagedByteGivesAnErrorOrAHiveButNeverACrash) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    merge(hive, {set_string("A\\B", "name", "text"), set_dword("A\\C", "number", 5)});
    auto good = *hive.content();
    int refused = 0;
    for (std::size_t at = 4096; at < good.size(); ++at) {
        if (good[at] == std::byte{0}) continue;
        for (int flip : {0xff, 0x01, 0x80}) {
            auto bad = good;
            bad[at] ^= static_cast<std::byte>(flip);
            auto opened = Hive::open(bad);
            if (!opened) {
                ++refused;
                continue;
            }
            for (const std::string key : {"", "A", "A\\B", "A\\C"}) {
                (void)opened->subkeys(key);
                (void)opened->values(key);
            }
            (void)opened->apply({set_dword("A\\B", "name", 1)});
        }
    }
    EXPECT_GT(refused, 0);
}

} // namespace
} // namespace exhyperv::guest
