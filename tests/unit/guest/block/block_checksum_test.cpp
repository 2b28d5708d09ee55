#include "guest/block/bytes.h"
#include "guest/block/checksum.h"

#include <gtest/gtest.h>
#include <string_view>

namespace exhyperv::guest {
namespace {

constexpr std::string_view kCheck = "123456789"; // the check input of every CRC catalogue

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

TEST(Checksum, MatchesThePublishedCheckValues) {
    EXPECT_EQ(crc32c(bytes(kCheck)), 0xE3069283u);
    EXPECT_EQ(crc32(bytes(kCheck)), 0xCBF43926u);
    EXPECT_EQ(crc32c({}), 0u);
}

TEST(Checksum, GoesOnFromWhatCameBefore) {
    for (std::size_t cut = 0; cut <= kCheck.size(); ++cut)
        EXPECT_EQ(crc32c(bytes(kCheck.substr(cut)), crc32c(bytes(kCheck.substr(0, cut)))), 0xE3069283u) << cut;
}

TEST(Checksum, WithoutCountsTheFieldAsZero) {
    const std::string_view with = "abcdXXXXefgh", zeroed("abcd\0\0\0\0efgh", 12);
    EXPECT_EQ(crc32c_without(bytes(with), 4), crc32c(bytes(zeroed)));
}

TEST(Bytes, IntegersHaveTheirByteOrder) {
    const std::byte raw[] = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    EXPECT_EQ(load_le<std::uint32_t>(raw), 0x04030201u);
    EXPECT_EQ(load_be<std::uint32_t>(raw), 0x01020304u);
    std::byte out[2];
    store_be<std::uint16_t>(out, 0xABCD);
    EXPECT_EQ(out[0], std::byte{0xAB});
    store_le<std::uint16_t>(out, 0xABCD);
    EXPECT_EQ(out[0], std::byte{0xCD});
}

TEST(Bytes, WithinDoesNotOverflow) {
    EXPECT_TRUE(within(0, 10, 10));
    EXPECT_FALSE(within(1, 10, 10));
    EXPECT_FALSE(within(UINT64_MAX, 2, 10));
    EXPECT_FALSE(within(2, UINT64_MAX, 10));
}

} // namespace
} // namespace exhyperv::guest
