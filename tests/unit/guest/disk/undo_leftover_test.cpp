#include "ntfs_patch.h"
#include "windows_image.h"

#include "guest/block/undo_marker.h"
#include "guest/ntfs/ntfs_volume.h"
#include "guest/undo/undo_volume.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

constexpr const char* kFile = "Windows/notepad.exe";

/// Our own NTFS in the place of Windows': what is flushed is in the image at once.
class Immediate final : public PlainVolume {
  public:
    Immediate(GuestVolume& volume, const bool& killed) : volume_(volume), killed_(killed) {}
    Result<std::optional<FileInfo>> stat(const std::string& path) override {
        if (killed_) return fail("test.killed");
        return volume_.stat(path);
    }
    Result<std::vector<FileInfo>> list(const std::string& path) override { return volume_.list(path); }
    Result<std::vector<std::byte>> read_file(const std::string& path, std::uint64_t limit) override {
        return volume_.read_file(path, limit);
    }
    Result<> read_file(const std::string& path,
                       const std::function<Result<>(std::span<const std::byte>)>& sink) override {
        return volume_.read_file(path, sink);
    }
    Result<> write_new(const std::string& path, const NewFile& file, const ByteSource& source) override {
        return volume_.write_new(path, file, source);
    }
    Result<> replace(const std::string& path, const NewFile& file, const ByteSource& source) override {
        return volume_.replace(path, file, source);
    }
    Result<> make_directories(const std::string& path) override { return volume_.make_directories(path); }
    Result<> set_attributes(const std::string& path, std::uint32_t attributes) override {
        return volume_.set_attributes(path, attributes);
    }
    Result<> set_modified(const std::string& path, std::uint64_t time) override {
        return volume_.set_modified(path, time);
    }
    Result<> make_symlink(const std::string& path, const std::string& target, bool directory) override {
        return volume_.make_symlink(path, target, directory);
    }
    Result<> make_junction(const std::string& path, const std::string& target) override {
        return volume_.make_junction(path, target);
    }
    Result<> rename(const std::string& from, const std::string& to) override { return volume_.rename(from, to); }
    Result<> remove(const std::string& path) override { return volume_.remove(path); }
    Result<> remove_tree(const std::string& path) override { return volume_.remove_tree(path); }
    Result<std::uint64_t> free_bytes() override { return volume_.free_bytes(); }
    Result<std::uint64_t> total_bytes() override { return volume_.total_bytes(); }
    Result<> copy_security(const std::string&, const std::string&) override { return {}; }
    Result<> commit() override { return volume_.commit(); }
    Result<> abort() override { return {}; }

  private:
    GuestVolume& volume_;
    const bool& killed_;
};

/// Begins a change of the image under an undo log and never ends it, as a process that is killed.
void leave_half_changed(const std::string& path, std::uint32_t marked_partition = kWindowsPartition) {
    auto image = open_image(path, {.writable = true});
    ASSERT_TRUE(image) << describe(image.error());
    auto transaction = TransactionBlock::begin(**image);
    ASSERT_TRUE(transaction) << describe(transaction.error());
    auto volume = NtfsVolume::open(**transaction, kWindowsOffset, ntfs_template_for_disk(ImageRecipe().disk_size));
    ASSERT_TRUE(volume) << describe(volume.error());
    bool killed = false;
    UndoVolume undo(std::make_unique<Immediate>(**volume, killed),
                    {[&](const Guid& id) {
                         return write_undo_marker(path, {id, marked_partition});
                     },
                     []() -> Result<> { return {}; }});
    ASSERT_TRUE(undo.make_directories("Windows/System32/HostDriverStore/nv"));
    ASSERT_TRUE(undo.write_new("Windows/System32/HostDriverStore/nv/a.sys", {.size = 5000},
                               source_of(synthetic_bytes(1, 5000))));
    ASSERT_TRUE(undo.replace(kFile, {.size = 300}, source_of(synthetic_bytes(2, 300))));
    ASSERT_TRUE((*volume)->commit());
    killed = true;
}

class UndoLeftover : public ::testing::Test {
  protected:
    void SetUp() override {
        ImageRecipe recipe;
        recipe.more = [](GuestVolume& volume) { put_file(volume, kFile, synthetic_bytes(7, 40000)); };
        make_image(path, recipe);
        before = read(kFile);
    }
    std::vector<std::byte> read(const std::string& file) const {
        auto disk = open_guest(path, {.writable = false});
        return disk ? disk->volume().read_file(file, 16u << 20).value_or(std::vector<std::byte>{})
                    : std::vector<std::byte>{};
    }
    ScratchDirectory scratch;
    const std::string path = scratch.file("guest.vhdx");
    std::vector<std::byte> before;
};

TEST_F(UndoLeftover, is_seen_from_outside_and_keeps_readers_away) {
    leave_half_changed(path);
    EXPECT_TRUE(has_leftover_journal(path));
    EXPECT_TRUE(inspect_disk(path)->leftover_journal);
    const auto refused = GuestDisk::open(path, {.writable = false});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "disk.leftover_journal");
    EXPECT_EQ(*refused.error().arg("journal"), undo_marker_path(path));
}

TEST_F(UndoLeftover, is_rolled_back_by_the_direct_engine_before_it_writes) {
    leave_half_changed(path);
    ASSERT_TRUE(open_guest(path));
    EXPECT_FALSE(has_leftover_journal(path));
    EXPECT_EQ(read(kFile), before);
    auto disk = open_guest(path, {.writable = false});
    ASSERT_TRUE(disk);
    EXPECT_FALSE(*disk->volume().stat("Windows/System32/HostDriverStore"));
    EXPECT_FALSE(*disk->volume().stat("ExHyperV.undo"));
    disk.reset();
    expect_sound_volume(extract_volume(scratch, path, ImageRecipe().disk_size));
}

TEST_F(UndoLeftover, is_found_on_the_partition_of_the_marker_and_nowhere_else) {
    leave_half_changed(path, 9);
    const auto refused = GuestDisk::open(path, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "guest.no_partition");
    EXPECT_TRUE(has_leftover_journal(path));
}

TEST_F(UndoLeftover, of_a_volume_that_windows_did_not_close_is_left_to_windows) {
    leave_half_changed(path);
    {
        auto image = open_image(path, {.writable = true});
        ASSERT_TRUE(image);
        NtfsPatch(**image, kWindowsOffset).set_volume_flags(1);
        ASSERT_TRUE((*image)->flush());
    }
    const auto refused = GuestDisk::open(path, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "guest.undo_needs_windows");
    EXPECT_TRUE(has_leftover_journal(path));
}

TEST_F(UndoLeftover, a_marker_without_a_log_goes) {
    ASSERT_TRUE(write_undo_marker(path, {Guid::random(), kWindowsPartition}));
    ASSERT_TRUE(open_guest(path));
    EXPECT_FALSE(has_leftover_journal(path));
    EXPECT_EQ(read(kFile), before);
}

TEST_F(UndoLeftover, a_marker_that_says_nothing_names_no_log) {
    for (const auto* text : {"", "exhyperv-undo 1 ", "exhyperv-undo 1 x 3", "exhyperv-undo 2 A 3",
                             "exhyperv-undo 1 3F2504E0-4F89-11D3-9A0C-0305E82C3301 0",
                             "exhyperv-undo 1 3F2504E0-4F89-11D3-9A0C-0305E82C3301 3 4"}) {
        std::ofstream(undo_marker_path(path), std::ios::binary | std::ios::trunc) << text;
        const auto read = read_undo_marker(path);
        ASSERT_TRUE(read) << text;
        EXPECT_FALSE(*read) << text;
    }
    const UndoMarker marker{Guid::random(), 3};
    ASSERT_TRUE(write_undo_marker(path, marker));
    EXPECT_EQ(*read_undo_marker(path), marker);
}

TEST_F(UndoLeftover, the_engine_of_windows_is_refused_where_it_is_not) {
    EXPECT_TRUE(has_engine(Engine::direct));
    EXPECT_EQ(default_engine(), has_engine(Engine::windows) ? Engine::windows : Engine::direct);
    if (has_engine(Engine::windows)) return; // what it does is judged in tests/wine
    const auto refused = GuestDisk::open(path, {.engine = Engine::windows});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "guest.engine_not_here");
}

} // namespace
} // namespace exhyperv::guest
