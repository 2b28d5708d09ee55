#include "platform/file.h"

#include "temp_directory.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace exhyperv::platform {
namespace {

TEST(ReadTextFile, StopsAtTheLimit) {
    TempDirectory directory;
    ASSERT_TRUE(write_file_atomically(directory / "a", "12345"));
    EXPECT_EQ(read_text_file(directory / "a", 5).value(), "12345");
    const auto refused = read_text_file(directory / "a", 4);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "file.too_large");
}

TEST(WriteFileAtomically, ReplacesContentKeepsTheModeAndLeavesNothingElse) {
    TempDirectory directory;
    ASSERT_TRUE(write_file_atomically(directory / "a", "old"));
    ASSERT_EQ(::chmod((directory / "a").c_str(), 0600), 0);
    ASSERT_TRUE(write_file_atomically(directory / "a", "new"));
    EXPECT_EQ(read_text_file(directory / "a", 100).value(), "new");
    struct stat info {};
    ASSERT_EQ(::stat((directory / "a").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(WriteFileAtomically, FailureLeavesTheOldFileAndNoTemporary) {
    TempDirectory directory;
    ASSERT_TRUE(make_directories(directory / "target/inner")); // a directory cannot be replaced by a file
    EXPECT_FALSE(write_file_atomically(directory / "target", "x"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
    EXPECT_EQ(write_file_atomically(directory / "missing/file", "x").error().code, "file.not_found");
}

TEST(MakeDirectories, MakesParentsAndAcceptsExistingOnes) {
    TempDirectory directory;
    EXPECT_TRUE(make_directories(directory / "a/b/c"));
    EXPECT_TRUE(make_directories(directory / "a/b/c"));
    EXPECT_TRUE(file_exists(directory / "a/b/c"));
    ASSERT_TRUE(write_file_atomically(directory / "file", ""));
    EXPECT_FALSE(make_directories(directory / "file"));
    EXPECT_FALSE(make_directories(directory / "file/below"));
}

TEST(FileAddress, IsWhatBrowsersTake) {
    EXPECT_EQ(file_address("/home/a b/50%#1.html"), "file:///home/a%20b/50%25%231.html");
    EXPECT_EQ(file_address("/虚/x-1_2.~"), "file:///%E8%99%9A/x-1_2.~");
}

TEST(RemoveFile, MissingFileIsSuccess) {
    TempDirectory directory;
    ASSERT_TRUE(write_file_atomically(directory / "a", ""));
    EXPECT_TRUE(remove_file(directory / "a"));
    EXPECT_FALSE(file_exists(directory / "a"));
    EXPECT_TRUE(remove_file(directory / "a"));
    EXPECT_FALSE(remove_file(directory.path()));
}

TEST(FreeSpace, CountsTheNearestExistingParent) {
    TempDirectory directory;
    const auto here = free_space(directory.path());
    ASSERT_TRUE(here);
    EXPECT_GT(*here, 0u);
    EXPECT_TRUE(free_space(directory / "not/yet/there.vhdx"));
}

TEST(Paths, SplitAtTheLastSeparator) {
    EXPECT_EQ(directory_of("/a/b"), "/a");
    EXPECT_EQ(directory_of("/a"), "/");
    EXPECT_EQ(directory_of("a"), ".");
    EXPECT_EQ(directory_of("a//b"), "a");
    EXPECT_EQ(file_name_of("/a/b.vhdx"), "b.vhdx");
    EXPECT_EQ(file_name_of("b.vhdx"), "b.vhdx");
}

TEST(Paths, AbsolutePathHasNoDotsAndStartsAtTheRoot) {
    EXPECT_EQ(absolute_path("/a/./b/../c/").value(), "/a/c");
    EXPECT_EQ(absolute_path("/").value(), "/");
    EXPECT_TRUE(is_absolute(absolute_path("x").value()));
    EXPECT_FALSE(is_absolute("x/y"));
}

} // namespace
} // namespace exhyperv::platform
