#pragma once

#include "plain_disk.h"

#include "guest/format.h"
#include "guest/ntfs/ntfs_volume.h"

#include <memory>

namespace exhyperv::guest::testing {

/// A formatted volume in a scratch file, and an open NtfsVolume on it.
class FreshVolume : public ::testing::Test {
  protected:
    void SetUp() override {
        size_ = ntfs_template_sizes().front();
        path_ = scratch_.file("volume");
        disk_ = std::make_unique<PlainDisk>(path_, size_);
        auto formatted = format_ntfs(*disk_, 0, size_, {.label = "Guest"});
        ASSERT_TRUE(formatted) << describe(formatted.error());
        reopen();
    }
    void reopen() {
        volume_.reset();
        held_ = std::make_unique<HeldBackDisk>(*disk_);
        auto opened = NtfsVolume::open(*held_, 0, size_);
        ASSERT_TRUE(opened) << describe(opened.error());
        volume_ = std::move(*opened);
    }
    void commit() {
        auto done = volume_->commit();
        ASSERT_TRUE(done) << describe(done.error());
    }
    void write(const std::string& name, std::vector<std::byte> data, std::uint32_t attributes = kArchive) {
        NewFile file{.size = data.size(), .attributes = attributes, .modified = 133'000'000'000'000'000ull};
        auto done = volume_->write_new(name, file, source_of(std::move(data)));
        ASSERT_TRUE(done) << name << ": " << describe(done.error());
    }
    void make(const std::string& directory) {
        auto done = volume_->make_directories(directory);
        ASSERT_TRUE(done) << describe(done.error());
    }
    std::vector<std::byte> content(const std::string& name) {
        auto data = volume_->read_file(name, 64u << 20);
        if (data) return *data;
        ADD_FAILURE() << name << ": " << describe(data.error());
        return {};
    }
    /// ntfsresize's cluster accounting and ntfsfix's checks: two programs that walk the whole volume.
    void expect_sound() {
        if (!have_tool("ntfsresize")) return;
        auto check = run_tool("ntfsresize -i -f " + path_);
        EXPECT_EQ(check.status, 0) << check.output;
        EXPECT_EQ(check.output.find("ERROR"), std::string::npos) << check.output;
        auto fix = run_tool("ntfsfix -n " + path_);
        EXPECT_EQ(fix.status, 0) << fix.output;
    }

    ScratchDirectory scratch_;
    std::uint64_t size_ = 0;
    std::string path_;
    std::unique_ptr<PlainDisk> disk_;
    std::unique_ptr<HeldBackDisk> held_;
    std::unique_ptr<NtfsVolume> volume_;
};

/// What ntfscat, an independent reader, finds in a file.
inline std::vector<std::byte> ntfscat(const std::string& volume, const std::string& file) {
    auto result = run_tool("ntfscat -f " + volume + " '" + file + "'");
    EXPECT_EQ(result.status, 0) << file << ": " << result.output.substr(0, 200);
    std::vector<std::byte> out(result.output.size());
    std::transform(result.output.begin(), result.output.end(), out.begin(),
                   [](char c) { return static_cast<std::byte>(c); });
    return out;
}

} // namespace exhyperv::guest::testing
