#include "guest/guest_disk.h"
#include "guest/image.h"
#include "guest/ntfs/ntfs_volume.h"
#include "guest/partition_table.h"
#include "scratch.h"
#include "transport/sim/material/guest_image.h"

#include <algorithm>
#include <cstring>
#include <gmock/gmock.h>

namespace exhyperv::sim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

GuestSpec small_spec() { // the smallest disk Windows content fits on: quick to convert and to compare
    GuestSpec spec;
    spec.size_gib = 1;
    spec.files = 40;
    return spec;
}

std::string make(const Scratch& scratch, const GuestSpec& spec, const std::string& name = "disk.vhdx") {
    std::string path = scratch / name;
    auto made = make_guest_image(path, spec);
    EXPECT_TRUE(made) << describe(made.error());
    return path;
}

guest::Partition windows_partition(const std::string& path) {
    auto image = guest::open_image(path, {});
    EXPECT_TRUE(image) << describe(image.error());
    auto table = guest::read_partition_table(**image);
    EXPECT_TRUE(table) << describe(table.error());
    for (const auto& partition : table->partitions) {
        if (partition.gpt_type == guest::partition_type::basic_data() || partition.mbr_type == 0x07) return partition;
    }
    ADD_FAILURE() << "no Windows partition";
    return {};
}

/// The Windows volume as a file of its own, converted by QEMU: no code of ours reads it.
std::string extract_volume(const Scratch& scratch, const std::string& path) {
    std::string raw = scratch / "all.raw", part = scratch / "part.raw";
    Output converted = run("qemu-img convert -O raw '" + path + "' '" + raw + "'");
    EXPECT_EQ(converted.status, 0) << converted.text;
    Output list = run("partx --raw --noheadings --bytes --output NR,START,SIZE,TYPE '" + raw + "'");
    std::istringstream lines(list.text);
    std::string number, type;
    std::uint64_t start = 0, size = 0;
    while (lines >> number >> start >> size >> type) {
        if (type != "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7" && type != "0x7") continue;
        EXPECT_EQ(start % 2048, 0u);
        Output copied = run("dd if='" + raw + "' of='" + part + "' bs=1M conv=sparse status=none skip=" +
                            std::to_string(start / 2048) + " count=" + std::to_string(size >> 20));
        EXPECT_EQ(copied.status, 0) << copied.text;
        fs::remove(raw);
        return part;
    }
    ADD_FAILURE() << "partx sees no Windows partition:\n" << list.text;
    return part;
}

TEST(GuestImage, IsAValidVhdxForQemu) {
    NEED_PROGRAM("qemu-img");
    Scratch scratch;
    GuestSpec spec;
    std::string path = make(scratch, spec);
    Output check = run("qemu-img check '" + path + "'");
    EXPECT_EQ(check.status, 0) << check.text;
    EXPECT_THAT(check.text, HasSubstr("No errors were found"));
    EXPECT_THAT(run("qemu-img info '" + path + "'").text, HasSubstr("virtual size: 20 GiB"));
    EXPECT_LT(fs::file_size(path), 1'000'000'000u);
}

TEST(GuestImage, FixedImagesAreValidToo) {
    NEED_PROGRAM("qemu-img");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.format = guest::ImageFormat::vhdx_fixed;
    std::string path = make(scratch, spec);
    EXPECT_EQ(run("qemu-img check '" + path + "'").status, 0);
    EXPECT_GE(fs::file_size(path), 1ull << 30);
}

TEST(GuestImage, PartitionTableIsRightForOtherPrograms) {
    NEED_PROGRAM("sgdisk");
    NEED_PROGRAM("sfdisk");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.format = guest::ImageFormat::raw;
    spec.recovery = true;
    std::string path = make(scratch, spec, "disk.raw");
    Output verify = run("sgdisk --verify '" + path + "'");
    EXPECT_THAT(verify.text, HasSubstr("No problems found")) << verify.text;
    std::string list = run("sfdisk --dump '" + path + "'").text;
    for (const char* type : {"C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "E3C9E316-0B5C-4DB8-817D-F92DF00215AE",
                             "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7", "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC"}) {
        EXPECT_THAT(list, HasSubstr(type));
    }
    spec.mbr = true;
    std::string mbr = run("sfdisk --dump '" + make(scratch, spec, "mbr.raw") + "'").text;
    EXPECT_THAT(mbr, HasSubstr("label: dos"));
    EXPECT_THAT(mbr, HasSubstr("type=7, bootable"));
    EXPECT_THAT(mbr, HasSubstr("type=27"));
}

TEST(GuestImage, EfiPartitionIsFat32) {
    NEED_PROGRAM("7zz");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.format = guest::ImageFormat::raw;
    std::string path = make(scratch, spec, "disk.raw"), efi = scratch / "efi.raw";
    ASSERT_EQ(run("dd if='" + path + "' of='" + efi + "' bs=1M skip=1 count=64 status=none").status, 0);
    Output list = run("7zz l -tFAT -slt '" + efi + "'");
    EXPECT_EQ(list.status, 0) << list.text;
    EXPECT_THAT(list.text, HasSubstr("File System = FAT32"));
}

TEST(GuestImage, NtfsToolsFindTheInstallation) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("ntfsls");
    NEED_PROGRAM("partx");
    Scratch scratch;
    std::string volume = extract_volume(scratch, make(scratch, small_spec()));
    Output info = run("ntfsinfo -m '" + volume + "'");
    EXPECT_EQ(info.status, 0) << info.text;
    Output check =
        run("ntfsresize --info --no-progress-bar '" + volume + "'"); // checks that every cluster is accounted for
    EXPECT_EQ(check.status, 0) << check.text;
    EXPECT_THAT(check.text, Not(HasSubstr("ERROR")));
    std::string system32 = run("ntfsls -p Windows/System32 '" + volume + "'").text;
    for (const char* name : {"ntoskrnl.exe", "config", "drivers", "DriverStore"})
        EXPECT_THAT(system32, HasSubstr(name));
    EXPECT_THAT(run("ntfsls -p Windows/System32/config '" + volume + "'").text, HasSubstr("SYSTEM.LOG1"));
    EXPECT_THAT(run("ntfscat '" + volume + "' Windows/System32/drivers/etc/hosts").text, HasSubstr("127.0.0.1"));
}

TEST(GuestImage, WindowsDirectoriesBelongToTheInstaller) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("ntfssecaudit");
    NEED_PROGRAM("partx");
    Scratch scratch;
    std::string volume = extract_volume(scratch, make(scratch, small_spec()));
    auto audit = [&](const char* path) { return run("ntfssecaudit -v '" + volume + "' " + path).text; };
    const char* installer = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
    EXPECT_THAT(audit("Windows/System32"), HasSubstr(installer));
    EXPECT_THAT(audit("Windows/System32/ntoskrnl.exe"), HasSubstr(std::string("owner ") + installer));
    EXPECT_THAT(audit("Windows/System32/drivers/etc/hosts"), HasSubstr("owner S-1-5-32-544"));
}

TEST(GuestImage, HivesAreReadByTwoOtherParsers) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("hivexget");
    NEED_PROGRAM("regfexport");
    NEED_PROGRAM("partx");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.build = 20348;
    spec.revision = 2322;
    spec.server = true;
    std::string volume = extract_volume(scratch, make(scratch, spec));
    for (const char* name : {"SYSTEM", "SOFTWARE", "SAM"}) {
        ASSERT_EQ(
            run("ntfscat '" + volume + "' Windows/System32/config/" + name + " > '" + (scratch / name) + "'").status,
            0);
        Output exported = run("regfexport '" + (scratch / name) + "' > '" + (scratch / "export.txt") + "'");
        EXPECT_EQ(exported.status, 0) << name << exported.text;
        EXPECT_EQ(run("hivexml '" + (scratch / name) + "' > /dev/null").status, 0) << name;
    }
    std::string software =
        run("hivexget '" + (scratch / "SOFTWARE") + "' '\\Microsoft\\Windows NT\\CurrentVersion'").text;
    EXPECT_THAT(software, HasSubstr("\"CurrentBuildNumber\"=\"20348\""));
    EXPECT_THAT(software, HasSubstr("\"ProductName\"=\"Windows Server 2022 Datacenter\""));
    EXPECT_THAT(software, HasSubstr("\"UBR\"=dword:00000912"));
    EXPECT_THAT(software, HasSubstr("\"InstallationType\"=\"Server\""));
    std::string system = scratch / "SYSTEM";
    EXPECT_THAT(run("hivexget '" + system + "' '\\Select' LastKnownGood").text, HasSubstr("2"));
    for (const char* set : {"ControlSet001", "ControlSet002"}) {
        std::string key = std::string("'\\") + set + "\\Control\\Session Manager\\Environment' PROCESSOR_ARCHITECTURE";
        EXPECT_THAT(run("hivexget '" + system + "' " + key).text, HasSubstr("AMD64"));
        key = std::string("'\\") + set + "\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000' DriverDesc";
        EXPECT_THAT(run("hivexget '" + system + "' " + key).text, HasSubstr("Microsoft Hyper-V Video"));
        EXPECT_NE(run("hivexget '" + system + "' '\\" + set + "\\Services\\nvlddmkm'").status, 0);
    }
}

TEST(GuestImage, IsTheSameEveryTime) {
    Scratch scratch;
    GuestSpec spec = small_spec();
    for (auto format : {guest::ImageFormat::vhdx_dynamic, guest::ImageFormat::raw}) {
        spec.format = format;
        std::string a = make(scratch, spec, "a"), b = make(scratch, spec, "b");
        EXPECT_EQ(run("cmp '" + a + "' '" + b + "'").text, "");
        spec.seed = 2;
        EXPECT_NE(run("cmp -s '" + a + "' '" + make(scratch, spec, "c") + "'").status, 0);
        spec.seed = 1;
        for (const char* name : {"a", "b", "c"})
            fs::remove(scratch / name);
    }
}

TEST(GuestImage, KernelHasTheMachineOfItsArchitecture) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("7zz");
    NEED_PROGRAM("partx");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.architecture = guest::Architecture::arm64;
    std::string volume = extract_volume(scratch, make(scratch, spec)), kernel = scratch / "ntoskrnl.exe";
    ASSERT_EQ(run("ntfscat '" + volume + "' Windows/System32/ntoskrnl.exe > '" + kernel + "'").status, 0);
    std::string listing = run("7zz l -slt '" + kernel + "'").text;
    EXPECT_THAT(listing, HasSubstr("CPU = ARM64"));
    EXPECT_THAT(listing, HasSubstr("FileVersion: 10.0.26100.2033"));
    EXPECT_THAT(run("ntfsls -p Windows '" + volume + "'").text, HasSubstr("SyChpe32"));
}

// ---- conditions, as the engine below our own checks sees them ----

guest::NtfsState state_of(const std::string& path) {
    guest::Partition partition = windows_partition(path);
    auto image = guest::open_image(path, {});
    auto volume = guest::NtfsVolume::open_read_only(**image, partition.offset, partition.size);
    EXPECT_TRUE(volume) << describe(volume.error());
    auto state = (*volume)->state();
    EXPECT_TRUE(state) << describe(state.error());
    return *state;
}

TEST(GuestCondition, NoneLeavesACleanVolume) {
    Scratch scratch;
    auto state = state_of(make(scratch, small_spec()));
    EXPECT_FALSE(state.dirty);
    EXPECT_FALSE(state.hibernated);
    EXPECT_EQ(state.log, guest::LogState::clean);
}

TEST(GuestCondition, DirtyVolumeHasTheFlag) {
    NEED_PROGRAM("ntfsinfo");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.conditions = {GuestCondition::dirty_volume};
    std::string path = make(scratch, spec);
    EXPECT_TRUE(state_of(path).dirty);
    EXPECT_THAT(run("ntfsinfo -m --force '" + extract_volume(scratch, path) + "'").text, HasSubstr("DIRTY"));
}

TEST(GuestCondition, HibernatedHasALiveImage) {
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.conditions = {GuestCondition::hibernated};
    auto state = state_of(make(scratch, spec));
    EXPECT_TRUE(state.hibernated);
    EXPECT_EQ(state.log, guest::LogState::clean);
}

TEST(GuestCondition, FastStartupKeepsMetadataInItsLog) {
    NEED_PROGRAM("ntfs-3g.probe");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.conditions = {GuestCondition::fast_startup};
    std::string path = make(scratch, spec);
    auto state = state_of(path);
    EXPECT_FALSE(state.hibernated);
    EXPECT_EQ(state.log, guest::LogState::cached);
    Output probe = run("ntfs-3g.probe --readwrite '" + extract_volume(scratch, path) + "'");
    EXPECT_EQ(WEXITSTATUS(probe.status), 14) << probe.text; // its "hibernated or fast restarting"
}

TEST(GuestCondition, BitLockerVolumeIsRecognised) {
    NEED_PROGRAM("blkid");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.format = guest::ImageFormat::raw;
    spec.conditions = {GuestCondition::bitlocker};
    std::string path = make(scratch, spec, "disk.raw");
    auto partition = windows_partition(path);
    EXPECT_THAT(run("blkid -p -O " + std::to_string(partition.offset) + " '" + path + "'").text,
                HasSubstr("TYPE=\"BitLocker\""));
}

TEST(GuestCondition, DirtyHiveHasDifferentSequenceNumbersAndAValidChecksum) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("partx");
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.conditions = {GuestCondition::dirty_hive};
    std::string volume = extract_volume(scratch, make(scratch, spec));
    ASSERT_EQ(run("ntfscat '" + volume + "' Windows/System32/config/SYSTEM > '" + (scratch / "SYSTEM") + "'").status,
              0);
    std::string hive = read_all(scratch / "SYSTEM");
    std::uint32_t words[128];
    std::memcpy(words, hive.data(), sizeof words);
    EXPECT_EQ(words[1], words[2] + 1);
    std::uint32_t sum = 0;
    for (int i = 0; i < 127; ++i)
        sum ^= words[i];
    EXPECT_EQ(words[127], sum);
}

TEST(GuestCondition, UncleanVhdxWaitsForItsLog) {
    NEED_PROGRAM("qemu-img");
    Scratch scratch;
    GuestSpec spec = small_spec();
    std::string clean = make(scratch, spec, "clean.vhdx");
    spec.conditions = {GuestCondition::unclean_vhdx};
    std::string path = make(scratch, spec);
    Output refused = run("qemu-img info '" + path + "'");
    EXPECT_NE(refused.status, 0);
    EXPECT_THAT(refused.text, HasSubstr("log that needs to be replayed"));
    Output repaired = run("qemu-img check -r all '" + path + "'");
    EXPECT_EQ(repaired.status, 0) << repaired.text;
    Output same = run("qemu-img compare '" + path + "' '" + clean + "'");
    EXPECT_EQ(same.status, 0) << same.text;
}

TEST(GuestCondition, TruncatedImageCannotBeOpened) {
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.conditions = {GuestCondition::truncated};
    auto image = guest::open_image(make(scratch, spec), {});
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, "disk.truncated");
}

// ---- what `guest inspect` says of it ----

struct Verdict {
    const char* name;
    GuestSpec spec;
    const char* refusal; ///< "" when the disk can be opened
};

std::vector<Verdict> verdicts() {
    std::vector<Verdict> all;
    auto add = [&](const char* name, const char* refusal, auto change) {
        Verdict verdict{name, small_spec(), refusal};
        verdict.spec.files = 5;
        change(verdict.spec);
        all.push_back(verdict);
    };
    auto with = [](GuestCondition condition) { return [condition](GuestSpec& s) { s.conditions = {condition}; }; };
    add("plain", "", [](GuestSpec&) {});
    add("raw", "", [](GuestSpec& s) { s.format = guest::ImageFormat::raw; });
    add("mbr", "", [](GuestSpec& s) { s.mbr = true; });
    add("bitlocker", "guest.bitlocker", with(GuestCondition::bitlocker));
    add("hibernated", "guest.hibernated", with(GuestCondition::hibernated));
    add("fast startup", "guest.fast_startup", with(GuestCondition::fast_startup));
    add("dirty volume", "guest.dirty_volume", with(GuestCondition::dirty_volume));
    add("dirty hive", "hive.dirty", with(GuestCondition::dirty_hive));
    add("hive with its changes in its logs", "", with(GuestCondition::logged_hive));
    add("unclean log", "disk.unclean_log", with(GuestCondition::unclean_vhdx));
    add("truncated", "disk.truncated", with(GuestCondition::truncated));
    add("data", "guest.no_windows", [](GuestSpec& s) { s.content = GuestContent::data; });
    add("empty", "guest.no_windows", [](GuestSpec& s) { s.content = GuestContent::empty; });
    add("two Windows", "guest.ambiguous_windows", [](GuestSpec& s) { s.content = GuestContent::two_windows; });
    return all;
}

TEST(GuestImage, EachStateIsOpenedOrRefusedByItsOwnReason) {
    for (const Verdict& verdict : verdicts()) {
        Scratch scratch;
        auto disk = guest::GuestDisk::open(make(scratch, verdict.spec), {.writable = false});
        EXPECT_EQ(disk ? "" : disk.error().code, verdict.refusal) << verdict.name;
    }
}

TEST(GuestImage, InspectionTellsWhatTheSpecAskedFor) {
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.build = 20348;
    spec.revision = 1129;
    spec.server = true;
    spec.edition = "ServerStandard";
    auto found = guest::inspect_disk(make(scratch, spec));
    ASSERT_TRUE(found) << describe(found.error());
    EXPECT_EQ(found->format, guest::ImageFormat::vhdx_dynamic);
    EXPECT_EQ(found->size, 1ull << 30);
    EXPECT_EQ(found->table, guest::TableKind::gpt);
    ASSERT_EQ(found->partitions.size(), 3u);
    EXPECT_EQ(found->partitions[0].file_system, "FAT32");
    const auto& windows = found->partitions[2].windows;
    ASSERT_TRUE(windows);
    EXPECT_EQ(windows->product_name, "Windows Server 2022 Standard");
    EXPECT_EQ(windows->edition_id, "ServerStandard");
    EXPECT_EQ(windows->build, 20348u);
    EXPECT_EQ(windows->revision, 1129u);
    EXPECT_TRUE(windows->server);
    EXPECT_EQ(windows->architecture, guest::Architecture::x64);
    EXPECT_EQ(windows->current_control_set, 1u);
    EXPECT_EQ(windows->control_sets, (std::vector<std::uint32_t>{1, 2}));
}

TEST(GuestImage, NearlyFullVolumesDoNotGrowTheFile) {
    NEED_PROGRAM("ntfsresize");
    Scratch scratch;
    GuestSpec spec = small_spec();
    std::string plain = make(scratch, spec, "plain.vhdx");
    spec.free_mib = 25;
    std::string path = make(scratch, spec);
    EXPECT_LT(fs::file_size(path), fs::file_size(plain) + (64u << 20));
    guest::Partition partition = windows_partition(path);
    auto image = guest::open_image(path, {});
    auto volume = guest::NtfsVolume::open_read_only(**image, partition.offset, partition.size);
    ASSERT_TRUE(volume) << describe(volume.error());
    auto free = (*volume)->free_bytes();
    ASSERT_TRUE(free);
    EXPECT_GT(*free, 23u << 20);
    EXPECT_LE(*free, 25u << 20);
    volume->reset();
    image->reset();
    Output check = run("ntfsresize --info --no-progress-bar '" + extract_volume(scratch, path) + "'");
    EXPECT_THAT(check.text, Not(HasSubstr("ERROR"))) << check.text;
}

TEST(GuestImage, TwoWindowsStandOnTwoPartitions) {
    Scratch scratch;
    GuestSpec spec;
    spec.content = GuestContent::two_windows;
    spec.files = 10;
    auto image = guest::open_image(make(scratch, spec), {});
    auto table = guest::read_partition_table(**image);
    ASSERT_TRUE(table);
    EXPECT_EQ(std::count_if(table->partitions.begin(), table->partitions.end(),
                            [](const auto& p) { return p.gpt_type == guest::partition_type::basic_data(); }),
              2);
}

TEST(GuestImage, DifferencingChildrenShowTheirParent) {
    Scratch scratch;
    GuestSpec spec = small_spec();
    std::string parent = make(scratch, spec, "parent.vhdx");
    fs::copy_file(parent, scratch / "before.vhdx");
    GuestSpec child_spec;
    child_spec.format = guest::ImageFormat::vhdx_differencing;
    child_spec.parent = parent;
    std::string child = make(scratch, child_spec, "child.avhdx");
    EXPECT_EQ(windows_partition(child).offset, windows_partition(parent).offset);
    EXPECT_FALSE(state_of(child).dirty);
    EXPECT_EQ(run("cmp '" + parent + "' '" + (scratch / "before.vhdx") + "'").text, "");
}

TEST(GuestImage, EmptyDisksHaveNoTable) {
    Scratch scratch;
    GuestSpec spec = small_spec();
    spec.content = GuestContent::empty;
    auto image = guest::open_image(make(scratch, spec), {});
    auto table = guest::read_partition_table(**image);
    ASSERT_TRUE(table);
    EXPECT_EQ(table->kind, guest::TableKind::none);
}

TEST(GuestImage, RefusesWhatCannotBeMadeAndLeavesNoFile) {
    Scratch scratch;
    auto refused = [&](auto change, const char* field) {
        GuestSpec spec = small_spec();
        change(spec);
        auto result = make_guest_image(scratch / "x.vhdx", spec);
        ASSERT_FALSE(result) << field;
        EXPECT_EQ(result.error().code, "material.bad_value") << describe(result.error());
        EXPECT_EQ(*result.error().arg("field"), field);
    };
    refused([](GuestSpec& s) { s.size_gib = 0; }, "size_gib");
    refused([](GuestSpec& s) { s.files = 20'001; }, "files");
    refused([](GuestSpec& s) { s.parent = "p"; }, "parent");
    refused([](GuestSpec& s) { s.format = guest::ImageFormat::vhd_fixed; }, "format");
    refused(
        [](GuestSpec& s) {
            s.format = guest::ImageFormat::raw;
            s.conditions = {GuestCondition::unclean_vhdx};
        },
        "conditions");
    refused(
        [](GuestSpec& s) {
            s.content = GuestContent::data;
            s.conditions = {GuestCondition::dirty_hive};
        },
        "conditions");
    EXPECT_TRUE(fs::is_empty(scratch.path()));

    std::string path = make(scratch, small_spec());
    auto again = make_guest_image(path, small_spec());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "disk.exists");
    EXPECT_TRUE(fs::exists(path));
}

} // namespace
} // namespace exhyperv::sim
