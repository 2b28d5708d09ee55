#include "platform/file.h"

#include "temp_directory.h"

#include <cstdio>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

// QEMU is the independent witness: what it refuses while we hold a lock, and what we refuse while it holds one.

namespace exhyperv::platform {
namespace {

struct Ran {
    int status = -1;
    std::string output;
};

Ran run(const std::string& command) {
    Ran ran;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (!pipe) return ran;
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, pipe))
        ran.output += buffer;
    const int status = ::pclose(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

bool have_qemu() {
    return run("qemu-io --version").status == 0;
}

/// qemu-io that holds the image open until this object goes.
class QemuHolder {
  public:
    QemuHolder(const std::string& path, bool read_only) {
        int commands[2], answers[2];
        if (::pipe2(commands, O_CLOEXEC) != 0 || ::pipe2(answers, O_CLOEXEC) != 0) return;
        child_ = ::fork();
        if (child_ == 0) {
            ::dup2(commands[0], 0);
            ::dup2(answers[1], 1);
            if (read_only) ::execlp("qemu-io", "qemu-io", "-r", "-f", "raw", path.c_str(), nullptr);
            ::execlp("qemu-io", "qemu-io", "-f", "raw", path.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(commands[0]);
        ::close(answers[1]);
        commands_ = commands[1];
        answers_ = answers[0];
        const std::string_view read = "read 0 512\n"; // answered only once the image is open
        if (::write(commands_, read.data(), read.size()) < 0) return;
        std::string text;
        char c = 0;
        while (text.find("read 512/512") == std::string::npos && ::read(answers_, &c, 1) == 1)
            text += c;
        ready = text.find("read 512/512") != std::string::npos;
    }
    ~QemuHolder() {
        ::close(commands_);
        int status = 0;
        if (child_ > 0) ::waitpid(child_, &status, 0);
        ::close(answers_);
    }
    bool ready = false;

  private:
    pid_t child_ = -1;
    int commands_ = -1, answers_ = -1;
};

class FileLock : public ::testing::Test {
  protected:
    void SetUp() override {
        auto file = File::open(path, OpenMode::create_new);
        ASSERT_TRUE(file && file->resize(1 << 20));
    }
    File open(OpenMode mode) const { return std::move(File::open(path, mode).value()); }

    TempDirectory directory;
    const std::string path = directory / "disk.raw";
};

TEST_F(FileLock, TwoWritersCollide) {
    auto first = open(OpenMode::read_write), second = open(OpenMode::read_write);
    ASSERT_TRUE(first.lock_exclusive());
    const auto refused = second.lock_exclusive();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "file.busy");
}

TEST_F(FileLock, ReaderAndWriterCollideInBothOrders) {
    auto reader = open(OpenMode::read), writer = open(OpenMode::read_write);
    ASSERT_TRUE(reader.lock_shared());
    EXPECT_EQ(writer.lock_exclusive().error().code, "file.busy");
    auto other = std::move(reader); // move-assignment below closes the reader's file
    other = open(OpenMode::read);
    ASSERT_TRUE(writer.lock_exclusive());
    EXPECT_EQ(other.lock_shared().error().code, "file.busy");
}

TEST_F(FileLock, ReadersShare) {
    auto first = open(OpenMode::read), second = open(OpenMode::read);
    EXPECT_TRUE(first.lock_shared());
    EXPECT_TRUE(second.lock_shared());
}

TEST_F(FileLock, RefusedReaderLeavesNothingLocked) {
    auto writer = open(OpenMode::read_write), reader = open(OpenMode::read);
    ASSERT_TRUE(writer.lock_exclusive());
    ASSERT_FALSE(reader.lock_shared());
    { auto closed = std::move(writer); }
    EXPECT_TRUE(open(OpenMode::read_write).lock_exclusive());
}

TEST_F(FileLock, QemuRefusesAnExclusivelyLockedImage) {
    if (!have_qemu()) GTEST_SKIP() << "qemu-io is not installed";
    auto file = open(OpenMode::read_write);
    ASSERT_TRUE(file.lock_exclusive());
    for (const std::string command : {"qemu-io -f raw -c 'write 0 512' ", "qemu-io -r -f raw -c 'read 0 512' ",
                                      "qemu-img compare -f raw -F raw /dev/null "}) {
        const auto ran = run(command + path);
        EXPECT_NE(ran.output.find("lock"), std::string::npos) << command << ran.output;
    }
}

TEST_F(FileLock, QemuMayReadButNotWriteWhatWeRead) {
    if (!have_qemu()) GTEST_SKIP() << "qemu-io is not installed";
    auto file = open(OpenMode::read);
    ASSERT_TRUE(file.lock_shared());
    EXPECT_NE(run("qemu-io -f raw -c 'write 0 512' " + path).output.find("lock"), std::string::npos);
    const auto reading = run("qemu-io -r -f raw -c 'read 0 512' " + path);
    EXPECT_EQ(reading.status, 0) << reading.output;
}

TEST_F(FileLock, WeRefuseWhatQemuWrites) {
    if (!have_qemu()) GTEST_SKIP() << "qemu-io is not installed";
    QemuHolder qemu(path, false);
    ASSERT_TRUE(qemu.ready);
    EXPECT_EQ(open(OpenMode::read_write).lock_exclusive().error().code, "file.busy");
    EXPECT_EQ(open(OpenMode::read).lock_shared().error().code, "file.busy");
}

TEST_F(FileLock, WeMayReadWhatQemuReads) {
    if (!have_qemu()) GTEST_SKIP() << "qemu-io is not installed";
    QemuHolder qemu(path, true);
    ASSERT_TRUE(qemu.ready);
    EXPECT_EQ(open(OpenMode::read_write).lock_exclusive().error().code, "file.busy");
    const auto shared = open(OpenMode::read).lock_shared();
    EXPECT_TRUE(shared) << (shared ? "" : describe(shared.error()));
}

} // namespace
} // namespace exhyperv::platform
