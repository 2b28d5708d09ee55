#include "windows_image.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

TEST(GuestDisk, SaysWhatTheWindowsOnItIs) {
    ScratchDirectory scratch;
    auto path = scratch.file("win11.vhdx");
    make_image(path, {.control_sets = {1, 2}, .current = 1, .last_known_good = 2});
    auto disk = open_guest(path);
    ASSERT_TRUE(disk);
    const auto& windows = disk->windows();
    EXPECT_EQ(windows.partition, kWindowsPartition);
    EXPECT_EQ(windows.build, 26100u);
    EXPECT_EQ(windows.revision, 4202u);
    EXPECT_EQ(windows.product_name, "Windows 11 Pro") << "the registry says Windows 10 there";
    EXPECT_EQ(windows.edition_id, "Professional");
    EXPECT_FALSE(windows.server);
    EXPECT_EQ(windows.architecture, Architecture::x64);
    EXPECT_EQ(windows.current_control_set, 1u);
    EXPECT_EQ(windows.control_sets, (std::vector<std::uint32_t>{1, 2}));
}

TEST(GuestDisk, ServersAndOtherArchitecturesAreTold) {
    ScratchDirectory scratch;
    make_image(scratch.file("server.vhdx"), {.build = 20348,
                                             .product = "Windows Server 2022 Standard",
                                             .edition = "ServerStandard",
                                             .installation = "Server Core",
                                             .architecture = "ARM64",
                                             .last_known_good = 7});
    auto disk = open_guest(scratch.file("server.vhdx"));
    ASSERT_TRUE(disk);
    EXPECT_TRUE(disk->windows().server);
    EXPECT_EQ(disk->windows().product_name, "Windows Server 2022 Standard");
    EXPECT_EQ(disk->windows().architecture, Architecture::arm64);
    EXPECT_EQ(disk->windows().control_sets, std::vector<std::uint32_t>{1})
        << "a set that Select names but that is not there is left out";
}

TEST(GuestDisk, TheKernelsHeaderTellsTheArchitectureWhenTheRegistryDoesNot) {
    ScratchDirectory scratch;
    std::vector<std::byte> kernel(8192);
    auto put = [&kernel](std::size_t at, std::string_view text) {
        std::memcpy(kernel.data() + at, text.data(), text.size());
    };
    put(0, "MZ");
    kernel[0x3c] = std::byte{0xf0};
    put(0xf0, std::string_view("PE\0\0\x4c\x01", 6));
    make_image(scratch.file("x86.vhdx"), {.build = 19045, .architecture = "", .more = [&](GuestVolume& volume) {
                                              put_file(volume, "Windows/System32/ntoskrnl.exe", kernel);
                                          }});
    auto disk = open_guest(scratch.file("x86.vhdx"));
    ASSERT_TRUE(disk);
    EXPECT_EQ(disk->windows().architecture, Architecture::x86);
    EXPECT_EQ(disk->windows().product_name, "Windows 10 Pro");
}

TEST(GuestDisk, AHiveIsReadChangedAndPutBack) {
    NEED_TOOL("hivexget");
    NEED_TOOL("ntfscat");
    NEED_TOOL("qemu-img");
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path);
    {
        auto disk = open_guest(path);
        ASSERT_TRUE(disk);
        auto hive = disk->read_hive("SYSTEM");
        ASSERT_TRUE(hive);
        EXPECT_EQ(merge(*hive, {set_string("ControlSet001\\Services\\nvlddmkm", "ImagePath",
                                           "system32\\HostDriverStore\\x.sys", 2)}),
                  2u);
        ASSERT_TRUE(disk->write_hive("SYSTEM", *hive));
        ASSERT_TRUE(disk->commit());
        EXPECT_EQ(disk->read_hive("../SAM").error().code, "guest.unknown_hive");
        EXPECT_EQ(disk->read_hive("SECURITY").error().code, "guest.not_found");
    }
    EXPECT_EQ(run_tool("qemu-img check '" + path + "'").status, 0);
    auto volume = extract_volume(scratch, path, 256u << 20);
    expect_sound_volume(volume);
    auto file = scratch.file("SYSTEM");
    ASSERT_EQ(run_tool("ntfscat -f '" + volume + "' Windows/System32/config/SYSTEM > '" + file + "'").status, 0);
    EXPECT_EQ(run_tool("hivexget '" + file + "' 'ControlSet001\\Services\\nvlddmkm' ImagePath").output,
              "system32\\HostDriverStore\\x.sys\n");
}

TEST(GuestDisk, EveryImageFormatWorks) {
    ScratchDirectory scratch;
    for (auto format : {ImageFormat::raw, ImageFormat::vhdx_fixed, ImageFormat::vhdx_dynamic, ImageFormat::vhd_fixed,
                        ImageFormat::vhd_dynamic}) {
        auto path = scratch.file(std::string(format_name(format)));
        make_image(path, {.format = format});
        auto disk = open_guest(path);
        ASSERT_TRUE(disk) << format_name(format);
        put_file(disk->volume(), "Windows/new.bin", synthetic_bytes(1, 300'000));
        ASSERT_TRUE(disk->commit());
        disk.reset();
        auto again = open_guest(path, {.writable = false});
        ASSERT_TRUE(again);
        EXPECT_EQ(*again->volume().read_file("Windows/new.bin", 1u << 20), synthetic_bytes(1, 300'000));
        EXPECT_EQ(again->volume().remove("Windows/new.bin").error().code, "guest.read_only");
    }
}

TEST(GuestDisk, ACheckpointsLeafTakesTheChangeAndItsParentStays) {
    ScratchDirectory scratch;
    auto base = scratch.file("base.vhdx"), leaf = scratch.file("leaf.avhdx");
    make_image(base);
    auto before = whole_file(base);
    ASSERT_TRUE(create_image(leaf, {.format = ImageFormat::vhdx_differencing, .parent = base}));
    {
        auto disk = open_guest(leaf);
        ASSERT_TRUE(disk);
        put_file(disk->volume(), "Windows/new.bin", synthetic_bytes(1, 300'000));
        ASSERT_TRUE(disk->commit());
    }
    EXPECT_TRUE(whole_file(base) == before);
    auto disk = open_guest(leaf, {.writable = false});
    ASSERT_TRUE(disk);
    EXPECT_EQ(*disk->volume().read_file("Windows/new.bin", 1u << 20), synthetic_bytes(1, 300'000));
}

TEST(GuestDisk, AVolumeWithoutAPartitionTableIsAccepted) {
    ScratchDirectory scratch;
    auto path = scratch.file("volume.img");
    auto size = ntfs_template_sizes().front();
    {
        auto image = create_image(path, {.format = ImageFormat::raw, .size = size});
        ASSERT_TRUE(image) << describe(image.error());
        fill_windows(**image, 0, size, {});
    }
    auto disk = open_guest(path);
    ASSERT_TRUE(disk);
    EXPECT_EQ(disk->windows().partition, 1u);
    EXPECT_EQ(disk->windows().build, 26100u);
}

TEST(GuestDisk, TwoWindowsAreAmbiguousUntilOneIsNamed) {
    ScratchDirectory scratch;
    auto path = scratch.file("two.img");
    auto size = ntfs_template_sizes().front();
    {
        auto image = create_image(path, {.format = ImageFormat::raw, .size = 2 * size + (8u << 20)});
        ASSERT_TRUE(image);
        ASSERT_TRUE(write_gpt(**image, test_guid("t"),
                              {{partition_type::basic_data(), test_guid("a"), "a", 1u << 20, size},
                               {partition_type::basic_data(), test_guid("b"), "b", (2u << 20) + size, size}}));
        fill_windows(**image, 1u << 20, size, {.build = 19045});
        fill_windows(**image, (2u << 20) + size, size, {.build = 22631});
    }
    auto error = GuestDisk::open(path, {}).error();
    EXPECT_EQ(error.code, "guest.ambiguous_windows");
    EXPECT_EQ(*error.arg("partitions"), "1, 2");
    EXPECT_EQ(open_guest(path, {.partition = 2})->windows().build, 22631u);
    EXPECT_EQ(GuestDisk::open(path, {.partition = 3}).error().code, "guest.no_partition");
}

TEST(GuestDisk, ADiskWithoutWindowsSaysWhatIsThereInstead) {
    ScratchDirectory scratch;
    make_image(scratch.file("data.vhdx"), {.windows = false});
    auto error = GuestDisk::open(scratch.file("data.vhdx"), {}).error();
    EXPECT_EQ(error.code, "guest.no_windows");
    EXPECT_NE(error.arg("found")->find("3: NTFS"), std::string::npos) << *error.arg("found");
    ASSERT_TRUE(create_image(scratch.file("empty.vhdx"), {.size = 64u << 20}));
    EXPECT_EQ(GuestDisk::open(scratch.file("empty.vhdx"), {}).error().code, "guest.no_windows");
}

TEST(GuestDisk, ADiskInUseOrMissingIsRefused) {
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path);
    auto holder = open_guest(path);
    EXPECT_EQ(GuestDisk::open(path, {}).error().code, "disk.in_use");
    holder.reset();
    EXPECT_TRUE(GuestDisk::open(path, {}));
    EXPECT_EQ(GuestDisk::open(scratch.file("none.vhdx"), {}).error().code, "disk.not_found");
}

TEST(GuestDisk, ClosingWithoutACommitLeavesTheDiskAsItWas) {
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path);
    {
        auto disk = open_guest(path); // the first opening for writing may write headers
        ASSERT_TRUE(disk);
    }
    auto listing = [&] {
        auto disk = open_guest(path, {.writable = false});
        std::string names;
        auto entries = disk->volume().list("Windows");
        for (const auto& each : *entries)
            names += each.name + " ";
        return names;
    };
    auto before = listing();
    auto length = std::filesystem::file_size(path);
    {
        auto disk = open_guest(path);
        ASSERT_TRUE(disk);
        put_file(disk->volume(), "Windows/gone.bin", synthetic_bytes(1, 40u << 20));
        ASSERT_TRUE(disk->volume().remove("Windows/System32/config/SYSTEM"));
    }
    EXPECT_EQ(listing(), before);
    EXPECT_LE(std::filesystem::file_size(path), length) << "what was appended is cut off";
}

TEST(GuestDisk, SevenZipReadsWhatWasWrittenThroughVhdxAndGpt) {
    NEED_TOOL("7zz");
    NEED_TOOL("ntfscat");
    ScratchDirectory scratch;
    auto path = scratch.file("win.vhdx");
    make_image(path, {.more = [](GuestVolume& volume) {
                   put_file(volume, "Windows/big.bin", synthetic_bytes(9, 3'000'000));
               }});
    auto names = run_tool("7zz l -ba '" + path + "'");
    ASSERT_EQ(names.status, 0) << names.output;
    auto volume = scratch.file("volume.7z.raw");
    auto extracted =
        run_tool("7zz e -so -tVHDX '" + path + "' > '" + scratch.file("disk.raw") + "' 2>/dev/null && dd if='" +
                 scratch.file("disk.raw") + "' of='" + volume + "' bs=1M skip=117 status=none");
    ASSERT_EQ(extracted.status, 0) << extracted.output;
    auto file = scratch.file("big.bin");
    ASSERT_EQ(run_tool("ntfscat -f '" + volume + "' Windows/big.bin > '" + file + "'").status, 0);
    auto content = whole_file(file);
    auto wanted = synthetic_bytes(9, 3'000'000);
    ASSERT_EQ(content.size(), wanted.size());
    EXPECT_EQ(std::memcmp(content.data(), wanted.data(), wanted.size()), 0);
}

} // namespace
} // namespace exhyperv::guest
