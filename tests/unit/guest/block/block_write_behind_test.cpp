#include "guest/block/write_behind.h"

#include "support.h"

#include <gtest/gtest.h>

#include <vector>

namespace exhyperv::guest {
namespace {

/// Ranges in an order that makes several windows: neighbours, a jump back, a rewrite of what was already released.
TEST(WriteBehind, ContentIsThereAfterItsWindowWasReleased) {
    testing::TempDirectory directory;
    auto file = platform::File::open(directory / "image", platform::OpenMode::create_new);
    ASSERT_TRUE(file);
    constexpr std::size_t kPiece = 128u << 10, kPieces = 24;
    WriteBehind behind(3 * kPiece);
    std::vector<std::byte> expected(kPieces * kPiece);
    unsigned char mark = 0;
    const auto write = [&](std::size_t piece) {
        const std::vector<std::byte> data(kPiece, std::byte{++mark});
        std::copy(data.begin(), data.end(), expected.begin() + static_cast<std::ptrdiff_t>(piece * kPiece));
        ASSERT_TRUE(file->write_at(piece * kPiece, data));
        ASSERT_TRUE(behind.wrote(*file, piece * kPiece, kPiece));
    };
    for (std::size_t piece = 0; piece < kPieces; ++piece)
        write((piece * 7) % kPieces);
    for (std::size_t piece = 0; piece < kPieces; piece += 2)
        write(piece);
    ASSERT_TRUE(file->flush());

    std::vector<std::byte> found(expected.size());
    ASSERT_TRUE(file->read_at(0, found));
    EXPECT_EQ(found, expected);
}

} // namespace
} // namespace exhyperv::guest
