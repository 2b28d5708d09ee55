#include "platform/file.h"

#include "temp_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

namespace exhyperv::platform {
namespace {

std::uintptr_t align_up(std::uintptr_t address, std::size_t alignment) {
    return (address + alignment - 1) / alignment * alignment;
}

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

TEST(FileOpen, MissingFileIsNotFoundAndNamesThePath) {
    TempDirectory directory;
    const auto path = directory / "missing";
    const auto file = File::open(path, OpenMode::read);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, "file.not_found");
    EXPECT_EQ(*file.error().arg("path"), path);
    EXPECT_EQ(file.error().native, (NativeCode{NativeKind::posix, ENOENT}));
}

TEST(FileOpen, CreateNewNeverOverwrites) {
    TempDirectory directory;
    ASSERT_TRUE(File::open(directory / "a", OpenMode::create_new));
    const auto again = File::open(directory / "a", OpenMode::create_new);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "file.exists");
}

TEST(FileOpen, DirectoriesAndPipesAreRefusedWithoutWaiting) {
    TempDirectory directory;
    ASSERT_EQ(::mkfifo((directory / "pipe").c_str(), 0600), 0);
    for (const auto& path : {directory.path(), directory / "pipe"}) {
        const auto file = File::open(path, OpenMode::read);
        ASSERT_FALSE(file) << path;
        EXPECT_EQ(file.error().code, "file.not_regular") << path;
    }
}

TEST(FileOpen, NameWithNulByteIsNotFound) {
    EXPECT_EQ(File::open(std::string("/tmp\0/x", 7), OpenMode::read).error().code, "file.not_found");
}

TEST(FileReadWrite, GivesBackWhatWasWrittenAtItsOffset) {
    TempDirectory directory;
    auto file = File::open(directory / "a", OpenMode::create_new);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write_at(5, bytes("world")));
    ASSERT_TRUE(file->write_at(0, bytes("hello")));
    ASSERT_TRUE(file->flush());
    std::string text(10, '?');
    ASSERT_TRUE(file->read_at(0, std::as_writable_bytes(std::span(text))));
    EXPECT_EQ(text, "helloworld");
    EXPECT_EQ(file->size().value(), 10u);
}

TEST(FileReadWrite, UncachedWritesAreSeenByOrdinaryReadsWhateverTheirAlignment) {
    TempDirectory directory;
    auto file = File::open(directory / "a", OpenMode::create_new);
    ASSERT_TRUE(file);
    constexpr std::size_t kPage = File::kUncachedAlignment;
    std::vector<std::byte> memory(5 * kPage);
    std::vector<std::byte> expected(5 * kPage);
    auto* aligned = reinterpret_cast<std::byte*>(align_up(reinterpret_cast<std::uintptr_t>(memory.data()), kPage));
    const struct {
        std::uint64_t offset;
        std::size_t skip, length;
    } writes[] = {{0, 0, 3 * kPage}, {kPage, 0, kPage}, {kPage + 7, 0, kPage}, {0, 1, kPage}, {4 * kPage, 0, 100}};
    for (std::size_t i = 0; i < std::size(writes); ++i) {
        const auto [offset, skip, length] = writes[i];
        ASSERT_TRUE(file->write_at(offset, std::vector(length, std::byte{0xee}))); // what a cache could keep
        std::fill_n(aligned + skip, length, std::byte(i + 1));
        std::fill_n(expected.begin() + static_cast<std::ptrdiff_t>(offset), length, std::byte(i + 1));
        ASSERT_TRUE(file->write_uncached_at(offset, {aligned + skip, length})) << i;
        std::vector<std::byte> found(static_cast<std::size_t>(file->size().value()));
        ASSERT_TRUE(file->read_at(0, found));
        EXPECT_TRUE(std::equal(found.begin(), found.end(), expected.begin())) << i;
    }
}

TEST(FileReadWrite, ReadingPastTheEndIsTruncated) {
    TempDirectory directory;
    auto file = File::open(directory / "a", OpenMode::create_new);
    ASSERT_TRUE(file && file->write_at(0, bytes("abc")));
    std::byte out[4];
    const auto result = file->read_at(0, out);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "file.truncated");
}

TEST(FileReadWrite, OffsetsThatOverflowAreRefused) {
    TempDirectory directory;
    auto file = File::open(directory / "a", OpenMode::create_new);
    ASSERT_TRUE(file);
    std::byte one[1]{};
    EXPECT_EQ(file->write_at(UINT64_MAX, one).error().code, "file.no_space");
    EXPECT_FALSE(file->read_at(UINT64_MAX, one));
    EXPECT_FALSE(file->resize(UINT64_MAX));
}

TEST(FileReadWrite, GrownPartReadsAsZeroes) {
    TempDirectory directory;
    auto file = File::open(directory / "a", OpenMode::create_new);
    ASSERT_TRUE(file && file->write_at(0, bytes("abcdef")) && file->resize(2) && file->resize(6));
    std::string text(6, '?');
    ASSERT_TRUE(file->read_at(0, std::as_writable_bytes(std::span(text))));
    EXPECT_EQ(text, std::string("ab\0\0\0\0", 6));
}

TEST(FileReadWrite, ReadOnlyFileRefusesWriting) {
    TempDirectory directory;
    ASSERT_TRUE(File::open(directory / "a", OpenMode::create_new));
    auto file = File::open(directory / "a", OpenMode::read);
    ASSERT_TRUE(file);
    EXPECT_FALSE(file->write_at(0, bytes("x")));
}

TEST(FileIdentity, IsTheSameUnderEveryNameAndDiffersBetweenFiles) {
    TempDirectory directory;
    auto a = File::open(directory / "a", OpenMode::create_new);
    auto b = File::open(directory / "b", OpenMode::create_new);
    std::filesystem::create_hard_link(directory / "a", directory / "c");
    auto c = File::open(directory / "c", OpenMode::read);
    ASSERT_TRUE(a && b && c);
    EXPECT_EQ(a->identity().value(), c->identity().value());
    EXPECT_NE(a->identity().value(), b->identity().value());
}

} // namespace
} // namespace exhyperv::platform
