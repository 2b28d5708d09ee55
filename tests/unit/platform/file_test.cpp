#include "platform/file.h"

#include "temp_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace exhyperv::platform {
namespace {

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
