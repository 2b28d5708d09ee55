#include "ntfs_patch.h"
#include "windows_image.h"

#include "guest/ntfs/volume_device.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

/// A Windows disk in a state that must not be written.
class Refusal : public ::testing::Test {
  protected:
    void make(const ImageRecipe& recipe = {}) { make_image(path_, recipe); }
    void patch(const std::function<void(NtfsPatch&)>& change) {
        auto image = open_image(path_, {.writable = true});
        ASSERT_TRUE(image) << describe(image.error());
        NtfsPatch tool(**image, kWindowsOffset);
        change(tool);
        ASSERT_TRUE((*image)->flush());
    }
    /// Opening is refused with this code, and refusing changes no byte; inspect says the same.
    void expect_refused(const std::string& code) {
        auto before = whole_file(path_);
        auto opened = GuestDisk::open(path_, {.writable = false});
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, code) << describe(opened.error());
        ASSERT_NE(opened.error().arg("disk"), nullptr);
        EXPECT_EQ(*opened.error().arg("disk"), path_);
        EXPECT_EQ(*opened.error().arg("partition"), std::to_string(kWindowsPartition));
        EXPECT_EQ(GuestDisk::open(path_, {.writable = true}).error().code, code);
        auto findings = inspect_disk(path_);
        ASSERT_TRUE(findings);
        ASSERT_EQ(findings->partitions.size(), 3u);
        ASSERT_TRUE(findings->partitions[2].refusal);
        EXPECT_EQ(findings->partitions[2].refusal->code, code);
        EXPECT_TRUE(whole_file(path_) == before);
    }

    ScratchDirectory scratch_;
    std::string path_ = scratch_.file("win.vhdx");
    ImageRecipe recipe_;
    void make_with_file(const std::string& name, std::vector<std::byte> content) {
        recipe_.more = [=](GuestVolume& volume) { put_file(volume, name, content); };
        make(recipe_);
    }
    static std::vector<std::byte> hiberfile(const std::string& magic) {
        std::vector<std::byte> out(1u << 20);
        std::memcpy(out.data(), magic.data(), magic.size());
        return out;
    }
};

TEST_F(Refusal, HibernatedWindowsInEitherSpelling) {
    for (const std::string magic : {"HIBR", "hibr"}) {
        make_with_file("hiberfil.sys", hiberfile(magic));
        expect_refused("guest.hibernated");
        std::filesystem::remove(path_);
    }
}

TEST_F(Refusal, AHibernationFileTooShortToTell) {
    make_with_file("hiberfil.sys", {});
    expect_refused("guest.hibernated");
}

TEST_F(Refusal, AHibernationFileOfAWindowsThatIsAwakeIsFine) {
    for (const std::string magic : {"WAKE", "wake", "RSTR", ""}) {
        make_with_file("hiberfil.sys", hiberfile(magic));
        EXPECT_TRUE(GuestDisk::open(path_, {})) << magic;
        std::filesystem::remove(path_);
    }
}

TEST_F(Refusal, DirtyVolume) {
    make(recipe_);
    patch([](NtfsPatch& tool) { tool.set_volume_flags(1); });
    expect_refused("guest.dirty_volume");
}

TEST_F(Refusal, LogThatIsNotClosed) {
    make(recipe_);
    patch([](NtfsPatch& tool) { tool.write_log(1, 1, false); });
    expect_refused("guest.unclean_log");
}

TEST_F(Refusal, LogOfAWindowsThatKeepsMetadataInMemory) {
    make(recipe_);
    for (bool clean : {false, true}) {
        patch([clean](NtfsPatch& tool) { tool.write_log(2, 0, clean); });
        expect_refused("guest.fast_startup");
    }
}

TEST_F(Refusal, AClosedLogIsFineAndStaysAsItIs) {
    NEED_TOOL("ntfscat");
    NEED_TOOL("dd");
    recipe_.format = ImageFormat::raw; // so that dd finds the volume in it
    make(recipe_);
    patch([](NtfsPatch& tool) { tool.write_log(1, 1, true); });
    auto log = [&] {
        auto volume = scratch_.file("volume");
        EXPECT_EQ(run_tool("dd if='" + path_ + "' of='" + volume + "' bs=1M skip=117 status=none").status, 0);
        return run_tool("ntfscat -f -i 2 '" + volume + "' | cksum").output;
    };
    auto before = log();
    auto disk = open_guest(path_);
    ASSERT_TRUE(disk);
    put_file(disk->volume(), "new", synthetic_bytes(1, 10'000));
    ASSERT_TRUE(disk->commit());
    disk.reset();
    EXPECT_EQ(log(), before);
}

TEST_F(Refusal, BitLockerOfEveryKind) {
    make(recipe_);
    patch([](NtfsPatch& tool) { tool.write(3, "-FVE-FS-"); });
    expect_refused("guest.bitlocker");
    const std::string id = "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01";
    patch([&](NtfsPatch& tool) {
        tool.write(3, "MSWIN4.1"); // BitLocker To Go looks like FAT32
        tool.write(0x52, "FAT32   ");
        tool.write(0x1a8, id);
    });
    expect_refused("guest.bitlocker");
}

TEST_F(Refusal, DirtyHive) {
    auto hive = synthetic_system({});
    hive[4] = std::byte{99};
    recipe_.more = [&hive](GuestVolume& volume) {
        ASSERT_TRUE(volume.replace("Windows/System32/config/SYSTEM", {.size = hive.size()}, source_of(hive)));
    };
    make(recipe_);
    expect_refused("hive.dirty");
}

TEST_F(Refusal, AVolumeWhoseRecordsAreDamaged) {
    make(recipe_);
    patch([](NtfsPatch& tool) { tool.write(tool.number(0x30, 8) * 4096, "XXXX"); });
    expect_refused("guest.corrupt_volume");
}

TEST_F(Refusal, AVolumeThatClaimsMoreThanItsPartition) {
    make(recipe_);
    patch([](NtfsPatch& tool) {
        tool.write(0x28, std::vector<std::byte>{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}});
    });
    expect_refused("guest.corrupt_volume");
}

TEST_F(Refusal, SpecialFilesAreNotReadAsPlain) {
    recipe_.more = [](GuestVolume& volume) {
        put_file(volume, "compact.dll", synthetic_bytes(1, 10));
        put_file(volume, "dedup.dat", synthetic_bytes(1, 10));
    };
    make(recipe_);
    patch([](NtfsPatch&) {});
    {
        auto image = open_image(path_, {.writable = true});
        ASSERT_TRUE(image);
        VolumeDevice device(**image, kWindowsOffset, ntfs_template_sizes().front(), true);
        auto mounted = MountedNtfs::mount(device);
        ASSERT_TRUE(mounted);
        for (auto [name, tag] : {std::pair{u"compact.dll", 0x80000017u}, std::pair{u"dedup.dat", 0x80000013u}}) {
            std::u16string text(name);
            std::uint64_t file = 0;
            ASSERT_EQ(exh_lookup(mounted->get(), EXH_ROOT, reinterpret_cast<const std::uint16_t*>(text.data()),
                                 text.size(), &file),
                      0);
            std::vector<std::byte> data(8 + 16);
            for (std::size_t i = 0; i < 4; ++i)
                data[i] = static_cast<std::byte>(tag >> (8 * i));
            data[4] = std::byte{16};
            ASSERT_EQ(exh_set_reparse(mounted->get(), file, data.data(), data.size()), 0);
        }
        ASSERT_EQ(mounted->unmount(), 0);
    }
    auto disk = open_guest(path_);
    ASSERT_TRUE(disk);
    auto error = disk->volume().read_file("compact.dll", 1000).error();
    EXPECT_EQ(error.code, "guest.special_file");
    EXPECT_EQ(*error.arg("kind"), "CompactOS");
    EXPECT_EQ(disk->volume().read_file("dedup.dat", 1000).error().code, "guest.special_file");
    EXPECT_EQ((*disk->volume().stat("compact.dll"))->reparse_tag, 0x80000017u);
    ASSERT_TRUE(disk->volume().replace("compact.dll", {.size = 5000}, source_of(synthetic_bytes(2, 5000))))
        << "delete and create";
    ASSERT_TRUE(disk->commit());
    EXPECT_EQ(*disk->volume().read_file("compact.dll", 10'000), synthetic_bytes(2, 5000));
    EXPECT_EQ((*disk->volume().stat("compact.dll"))->reparse_tag, 0u);
}

} // namespace
} // namespace exhyperv::guest
