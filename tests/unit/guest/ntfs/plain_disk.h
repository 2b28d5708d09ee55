#pragma once

#include "guest/transaction.h"
#include "guest/volume.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace exhyperv::guest::testing {

/// A fresh directory, gone with the object.
class ScratchDirectory {
  public:
    ScratchDirectory() {
        auto pattern = (fast_place() / "exhyperv-ntfs-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "mkdtemp";
        path_ = pattern;
    }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

  private:
    /// In memory where there is plenty: these tests flush often, and it is not the host's disk that is tested.
    static std::filesystem::path fast_place() {
        std::error_code error;
        auto room = std::filesystem::space("/dev/shm", error);
        if (!error && room.available > 4ull << 30) return "/dev/shm";
        return std::filesystem::temp_directory_path();
    }
    std::string path_;
};

/// A disk that is a sparse file, without a format: what the file-system tests need of a disk and no more.
class PlainDisk : public Block {
  public:
    PlainDisk(const std::string& path, std::uint64_t size)
        : handle_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)), size_(size) {
        if (handle_ < 0 || ftruncate(handle_, static_cast<off_t>(size)) != 0) ADD_FAILURE() << path;
    }
    PlainDisk(const PlainDisk&) = delete;
    PlainDisk& operator=(const PlainDisk&) = delete;
    ~PlainDisk() override { close(handle_); }
    std::uint64_t size() const override { return size_; }
    std::uint32_t sector_size() const override { return 512; }
    bool writable() const override { return true; }
    Result<> read(std::uint64_t offset, std::span<std::byte> out) override {
        if (offset > size_ || out.size() > size_ - offset) return fail("disk.out_of_range");
        return pread(handle_, out.data(), out.size(), static_cast<off_t>(offset)) == static_cast<ssize_t>(out.size())
                   ? Result<>{}
                   : fail("disk.io");
    }
    Result<> write(std::uint64_t offset, std::span<const std::byte> data) override {
        if (offset > size_ || data.size() > size_ - offset) return fail("disk.out_of_range");
        return pwrite(handle_, data.data(), data.size(), static_cast<off_t>(offset)) ==
                       static_cast<ssize_t>(data.size())
                   ? Result<>{}
                   : fail("disk.io");
    }
    Result<> flush() override { return {}; }

  private:
    int handle_;
    std::uint64_t size_;
};

/// Holds back writes in 4 KiB pages until commit(), like the real transaction, without its journal. Fails the test when
/// file data goes where the transaction has pages: those would overwrite it at the commit.
class HeldBackDisk : public TransactionBlock {
  public:
    explicit HeldBackDisk(Block& disk) : disk_(disk) {}
    std::uint64_t size() const override { return disk_.size(); }
    std::uint32_t sector_size() const override { return disk_.sector_size(); }
    bool writable() const override { return true; }
    Result<> read(std::uint64_t offset, std::span<std::byte> out) override {
        TRY(disk_.read(offset, out));
        return each_page(
            offset, out.size(),
            [&](std::uint64_t page, std::size_t in_page, std::size_t in_data, std::size_t length) -> Result<> {
                if (auto held = pages_.find(page); held != pages_.end())
                    std::copy_n(held->second.begin() + static_cast<std::ptrdiff_t>(in_page), length,
                                out.begin() + static_cast<std::ptrdiff_t>(in_data));
                return Result<>{};
            });
    }
    Result<> write(std::uint64_t offset, std::span<const std::byte> data) override {
        if (fail_writes_after == 0) return fail("disk.io", {{"reason", "synthetic"}});
        if (fail_writes_after > 0) --fail_writes_after;
        return each_page(
            offset, data.size(),
            [&](std::uint64_t page, std::size_t in_page, std::size_t in_data, std::size_t length) -> Result<> {
                auto [held, fresh] = pages_.try_emplace(page, kPage);
                if (fresh) TRY(disk_.read(page * kPage, held->second));
                std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(in_data), length,
                            held->second.begin() + static_cast<std::ptrdiff_t>(in_page));
                return Result<>{};
            });
    }
    Result<> flush() override { return {}; }
    Result<> write_data(std::uint64_t offset, std::span<const std::byte> data) override {
        for (auto page = offset / kPage; page <= (offset + data.size() - 1) / kPage; ++page)
            EXPECT_EQ(pages_.count(page), 0u) << "file data over a held back page at " << page * kPage;
        ++data_writes;
        data_bytes += data.size();
        data_extents.emplace_back(offset, data.size());
        return disk_.write(offset, data);
    }
    Result<> commit() override {
        for (const auto& [page, content] : pages_)
            TRY(disk_.write(page * kPage, content));
        pages_.clear();
        return {};
    }
    Result<> abort() override {
        pages_.clear();
        return {};
    }
    std::size_t dirty_bytes() const override { return pages_.size() * kPage; }

    int fail_writes_after = -1; ///< metadata writes until the disk "breaks"; -1: never
    std::uint64_t data_writes = 0, data_bytes = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> data_extents;

  private:
    static constexpr std::size_t kPage = 4096;
    template <class Function>
    Result<> each_page(std::uint64_t offset, std::size_t size, Function&& function) {
        for (std::size_t done = 0; done < size;) {
            auto at = offset + done;
            auto length = std::min<std::size_t>(size - done, kPage - at % kPage);
            TRY(function(at / kPage, at % kPage, done, length));
            done += length;
        }
        return {};
    }
    Block& disk_;
    std::map<std::uint64_t, std::vector<std::byte>> pages_;
};

/// Bytes that look random and are the same in each run.
inline std::vector<std::byte> synthetic_bytes(std::uint64_t seed, std::size_t size) {
    std::vector<std::byte> out(size);
    std::uint64_t state = seed * 2654435761u + 88172645463325252ull;
    for (auto& byte : out) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        byte = static_cast<std::byte>(state >> 24);
    }
    return out;
}

inline ByteSource source_of(std::vector<std::byte> data) {
    return [data = std::move(data), at = std::size_t{0}](std::span<std::byte> out) mutable -> Result<std::size_t> {
        auto length = std::min(out.size(), data.size() - at);
        std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(at), length, out.begin());
        at += length;
        return length;
    };
}

/// Output of an independent program; the test is skipped where it is not installed.
struct ToolResult {
    int status = -1;
    std::string output;
};
inline ToolResult run_tool(const std::string& command) {
    ToolResult result;
    FILE* pipe =
        popen(("LC_ALL=C.UTF-8 PATH=$PATH:/usr/sbin:/sbin; export LC_ALL PATH; " + command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return result;
    char piece[4096];
    while (auto got = fread(piece, 1, sizeof piece, pipe))
        result.output.append(piece, got);
    int status = pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}
inline bool have_tool(const std::string& name) {
    return run_tool("command -v " + name).status == 0;
}

} // namespace exhyperv::guest::testing

#define NEED_TOOL(name)                                                                                                \
    do {                                                                                                               \
        if (!::exhyperv::guest::testing::have_tool(name))                                                              \
            GTEST_SKIP() << name << " is not installed (an independent reader)";                                       \
    } while (false)
