#include "plain_disk.h"

#include "guest/ntfs/ntfs_volume.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

/// Compressible, and not the same everywhere.
std::vector<std::byte> text(std::size_t size) {
    std::vector<std::byte> out(size);
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<std::byte>(i % 4096 < 3000 ? 'a' + i / 4096 % 20 : i * i >> 3);
    return out;
}

TEST(CompressedFiles, AreReadRightAndNewOnesAreStoredPlain) {
    NEED_TOOL("mkntfs");
    NEED_TOOL("ntfscp");
    NEED_TOOL("ntfsinfo");
    ScratchDirectory scratch;
    auto path = scratch.file("volume"), source = scratch.file("source");
    constexpr std::uint64_t kSize = 64u << 20;
    PlainDisk disk(path, kSize);
    ASSERT_EQ(run_tool("mkntfs -F -Q -q -C '" + path + "'").status, 0);
    auto data = text(1'000'000);
    std::ofstream(source, std::ios::binary)
        .write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
    ASSERT_EQ(run_tool("ntfscp -f '" + path + "' '" + source + "' packed.txt").status, 0);
    ASSERT_NE(run_tool("ntfsinfo -F packed.txt '" + path + "'").output.find("COMPRESSED"), std::string::npos)
        << "the premise";

    HeldBackDisk held(disk);
    auto volume = NtfsVolume::open(held, 0, kSize);
    ASSERT_TRUE(volume);
    EXPECT_EQ(*(*volume)->read_file("packed.txt", 1u << 24), data);
    std::vector<std::byte> in_pieces;
    ASSERT_TRUE((*volume)->read_file("packed.txt", [&](std::span<const std::byte> piece) {
        in_pieces.insert(in_pieces.end(), piece.begin(), piece.end());
        return Result<>{};
    }));
    EXPECT_EQ(in_pieces, data);
    ASSERT_TRUE((*volume)->write_new("plain.txt", {.size = data.size()}, source_of(data)));
    ASSERT_TRUE((*volume)->replace("packed.txt", {.size = data.size()}, source_of(data)));
    ASSERT_TRUE((*volume)->commit());
    for (const std::string name : {"plain.txt", "packed.txt"}) {
        EXPECT_EQ((*(*volume)->stat(name))->attributes & kCompressed, 0u) << name;
        EXPECT_EQ(*(*volume)->read_file(name, 1u << 24), data);
    }
    EXPECT_EQ(run_tool("ntfsresize -i -f '" + path + "'").status, 0);
}

} // namespace
} // namespace exhyperv::guest
