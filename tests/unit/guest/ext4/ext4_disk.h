#pragma once

#include "../ntfs/plain_disk.h"

#include "guest/ext4.h"

#include <memory>
#include <string>

namespace exhyperv::guest::testing {

inline constexpr std::uint64_t kExt4Size = 256ull << 20;

/// A volume in a scratch file: made by ourselves, or by mke2fs with these options.
class Ext4Disk {
  public:
    explicit Ext4Disk(const std::string& mke2fs_options = {}, std::uint64_t size = kExt4Size)
        : path_(scratch_.file("volume")), size_(size) {
        disk_ = std::make_unique<PlainDisk>(path_, size);
        if (mke2fs_options.empty()) {
            const auto made = format_ext4(*disk_, 0, size, {.label = "guest", .seed = 7});
            EXPECT_TRUE(made) << describe(made.error());
        } else {
            const auto made = run_tool("mke2fs -q -F -t ext4 -b 4096 " + mke2fs_options + " " + path_);
            EXPECT_EQ(made.status, 0) << made.output;
        }
        reopen();
    }
    void reopen() {
        volume_.reset();
        held_ = std::make_unique<HeldBackDisk>(*disk_);
        auto opened = open_ext4(*held_, 0, size_);
        ASSERT_TRUE(opened) << describe(opened.error());
        volume_ = std::move(*opened);
    }
    [[nodiscard]] GuestVolume& volume() { return *volume_; }
    [[nodiscard]] HeldBackDisk& held() { return *held_; }
    [[nodiscard]] PlainDisk& disk() { return *disk_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const ScratchDirectory& scratch() const { return scratch_; }
    void close() { volume_.reset(); }

    void write(const std::string& name, std::vector<std::byte> data, std::uint32_t attributes = kArchive,
               bool executable = false) {
        const NewFile file{data.size(), attributes, 133'000'000'012'345'678ull, executable};
        const auto done = volume_->write_new(name, file, source_of(std::move(data)));
        ASSERT_TRUE(done) << name << ": " << describe(done.error());
    }
    void commit() {
        const auto done = volume_->commit();
        ASSERT_TRUE(done) << describe(done.error());
    }
    /// e2fsck walks the whole file system and finds nothing to say.
    void expect_sound() const {
        const auto check = run_tool("e2fsck -fn " + path_);
        EXPECT_EQ(check.status, 0) << check.output;
    }
    /// What debugfs, an independent reader, says.
    [[nodiscard]] std::string debugfs(const std::string& request) const {
        return run_tool("debugfs -R '" + request + "' " + path_ + " 2>/dev/null | grep -v '^debugfs '").output;
    }
    /// A file's content as debugfs takes it out.
    [[nodiscard]] std::vector<std::byte> content(const std::string& name) const {
        const auto out = scratch_.file("taken");
        const auto done = run_tool("debugfs -R 'dump \"" + name + "\" " + out + "' " + path_);
        std::ifstream file(out, std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), {});
        std::error_code ignored;
        std::filesystem::remove(out, ignored);
        std::vector<std::byte> bytes(text.size());
        std::memcpy(bytes.data(), text.data(), text.size());
        return bytes;
    }

  private:
    ScratchDirectory scratch_;
    std::string path_;
    std::uint64_t size_;
    std::unique_ptr<PlainDisk> disk_;
    std::unique_ptr<HeldBackDisk> held_;
    std::unique_ptr<GuestVolume> volume_;
};

} // namespace exhyperv::guest::testing
