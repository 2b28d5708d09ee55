// What the file layer promises on every operating system; the suites beside it look at what only POSIX has.
#include "platform/arguments.h"
#include "platform/file.h"
#include "platform/private_file.h"
#include "platform/process.h"
#include "platform/scratch_file.h"

#include <filesystem>
#include <gtest/gtest.h>

namespace exhyperv::platform {
namespace {

class FileContract : public ::testing::Test {
  protected:
    void SetUp() override {
        const auto base = std::filesystem::temp_directory_path().u8string();
        folder_ = std::string(base.begin(), base.end()) + "/exhyperv-contract-" + std::to_string(process_id());
        ASSERT_TRUE(make_directories(folder_));
    }
    void TearDown() override {
        std::error_code ignored;
        std::filesystem::remove_all(std::filesystem::path(std::u8string(folder_.begin(), folder_.end())), ignored);
    }

    [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ + "/" + name; }

    /// What somebody else gets who wants the file for writing, or for reading, alone.
    static std::string code_of_lock(const std::string& path, bool exclusive) {
        auto file = File::open(path, exclusive ? OpenMode::read_write : OpenMode::read);
        if (!file) return file.error().code;
        const auto locked = exclusive ? file->lock_exclusive() : file->lock_shared();
        return locked ? "" : locked.error().code;
    }

    std::string folder_;
};

TEST_F(FileContract, WithoutLocksAFileIsReadWhileItIsWritten) {
    const auto path = *this / "journal";
    auto writer = File::open(path, OpenMode::create_new);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write_at(0, std::as_bytes(std::span(std::string_view("line")))));
    EXPECT_EQ(read_text_file(path, 100).value_or("not read"), "line");
}

TEST_F(FileContract, AnExclusiveLockKeepsEverybodyOutUntilTheFileIsClosed) {
    const auto path = *this / "image";
    {
        auto holder = File::open(path, OpenMode::create_new);
        ASSERT_TRUE(holder && holder->lock_exclusive());
        EXPECT_EQ(code_of_lock(path, true), "file.busy");
        EXPECT_EQ(code_of_lock(path, false), "file.busy");
        ASSERT_TRUE(holder->write_at(0, std::as_bytes(std::span(std::string_view("x")))))
            << "the lock is not in its own way";
    }
    EXPECT_EQ(code_of_lock(path, true), "");
    EXPECT_EQ(code_of_lock(path, false), "");
}

TEST_F(FileContract, ASharedLockLetsReadersInAndWritersNot) {
    const auto path = *this / "image";
    ASSERT_TRUE(write_file_atomically(path, "content"));
    auto holder = File::open(path, OpenMode::read);
    ASSERT_TRUE(holder && holder->lock_shared());
    EXPECT_EQ(code_of_lock(path, false), "");
    EXPECT_EQ(code_of_lock(path, true), "file.busy");
}

TEST_F(FileContract, AFileIsReplacedAsAWhole) {
    const auto path = *this / "state";
    ASSERT_TRUE(write_file_atomically(path, "old"));
    ASSERT_TRUE(write_file_atomically(path, "new"));
    EXPECT_EQ(read_text_file(path, 100).value_or("not read"), "new");
    ASSERT_TRUE(write_private_file(path, "secret"));
    EXPECT_EQ(read_text_file(path, 100).value_or("not read"), "secret");
}

TEST_F(FileContract, NamesOfEveryScriptAndLongPathsWork) {
    std::string place = *this / "虚拟机 ä";
    for (int i = 0; i < 8; ++i)
        place += "/a folder with a name of fifty characters, about so " + std::to_string(i);
    ASSERT_GT(place.size(), 400u);
    ASSERT_TRUE(make_directories(place));
    const auto path = place + "/显卡.json";
    ASSERT_TRUE(write_file_atomically(path, "here"));
    EXPECT_TRUE(file_exists(path));
    EXPECT_EQ(read_text_file(path, 100).value_or("not read"), "here");
    const auto free = free_space(path);
    EXPECT_TRUE(free) << free.error().code << ' ' << free.error().detail;
    const auto real = real_path(*this / "虚拟机 ä"); // Wine cannot tell the path of a file whose path is long
    ASSERT_TRUE(real) << real.error().code << ' ' << real.error().detail;
    EXPECT_EQ(file_name_of(*real), "虚拟机 ä");
    EXPECT_TRUE(is_absolute(*real));
    EXPECT_TRUE(remove_file(path));
    EXPECT_FALSE(file_exists(path));
}

TEST_F(FileContract, ScratchFilesAreOpenedByNameAndGoWithTheObject) {
    std::string path;
    {
        const std::string_view text = "hive";
        auto scratch = ScratchFile::create(std::as_bytes(std::span(text)));
        ASSERT_TRUE(scratch);
        path = scratch->path();
        auto again = File::open(path, OpenMode::read_write);
        ASSERT_TRUE(again && again->write_at(0, std::as_bytes(std::span(std::string_view("H")))));
        const auto content = scratch->content(100);
        ASSERT_TRUE(content);
        EXPECT_EQ(content->size(), text.size());
        EXPECT_EQ(content->front(), std::byte{'H'});
    }
    EXPECT_FALSE(File::open(path, OpenMode::read));
}

TEST(Arguments, TheProgramsNameComesFirst) {
    char name[] = "exhyperv", word[] = "status";
    char* words[] = {name, word, nullptr};
    const auto line = command_line(2, words);
    ASSERT_FALSE(line.empty());
    EXPECT_FALSE(line.front().empty());
}

} // namespace
} // namespace exhyperv::platform
