#include "drivers/drift.h"
#include "drivers/guest_paths.h"
#include "drivers/import.h"
#include "drivers/purge.h"
#include "fake_host.h"
#include "memory_volume.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace exhyperv;
using namespace exhyperv::drivers;
using namespace exhyperv::drivers::test;
using host::RegistryValue;

namespace {

struct World {
    FakeHost host{"nvidia"};
    MemoryDisk disk;
    ImportOptions options;
    World() {
        options.program = "exhyperv test";
        options.now = "2026-01-02T03:04:05Z";
    }
    ResolvedDrivers drivers() { return resolve(host.registry, host.files, host.card, soon()).value(); }
    ImportPlan plan() { return plan_import(drivers(), disk, options, soon()).value(); }
    ImportReport import() {
        auto report = run_import(disk, plan(), host.files, {}, soon());
        EXPECT_TRUE(report) << describe(report.error());
        return report ? *report : ImportReport{};
    }
    PurgeReport purge(const PurgeRequest& request = {}) {
        auto report = run_purge(disk, plan_purge(disk, request, soon()).value(), {}, soon());
        EXPECT_TRUE(report) << describe(report.error());
        return report ? *report : PurgeReport{};
    }
    std::string in_store(const std::string& path) const { return package_root(host.folder) + "\\" + path; }
    /// Everything but the hive's bytes, plus the hive's values: hives may be rearranged inside.
    std::vector<std::string> state() {
        auto out = disk.memory.listing();
        std::erase_if(out, [](const auto& line) { return icontains(line, "config\\SYSTEM"); });
        for (auto& line : disk.system_values(""))
            out.push_back(std::move(line));
        return out;
    }
};

bool warned(const std::vector<Message>& warnings, std::string_view key) {
    return std::ranges::any_of(warnings, [&](const auto& message) { return message.key == key; });
}

} // namespace

TEST(Import, WritesThePackageReadOnlyWithTheSourcesTimes) {
    World world;
    const auto plan = world.plan();
    EXPECT_EQ(plan.count(FileAction::add), 8u);
    EXPECT_EQ(plan.bytes_to_write, world.drivers().total_bytes());
    const auto report = world.import();
    EXPECT_EQ(report.files_written, 8u);
    EXPECT_EQ(report.bytes_written, plan.bytes_to_write);
    const auto info = world.disk.memory.stat(world.in_store("nvapi64.dll")).value();
    ASSERT_TRUE(info);
    EXPECT_EQ(info->attributes, guest::kReadOnly | guest::kArchive);
    EXPECT_EQ(info->modified, 133000000000000001u);
    EXPECT_EQ(world.disk.memory.text(world.in_store("nvapi64.dll")), "nvapi for x64");
    EXPECT_EQ(world.disk.memory.text(world.in_store("Display.NvContainer\\container.cfg")), "nested");
    for (const char* directory : {"", "\\FileRepository"})
        EXPECT_NE(world.disk.memory.stat(std::string(kHostDriverStore) + directory).value()->attributes &
                      guest::kReadOnly,
                  0u);
    EXPECT_NE(world.disk.memory.stat(world.in_store("Display.NvContainer")).value()->attributes & guest::kReadOnly, 0u);
}

TEST(Import, MakesRelativeLinksInSystem32) {
    World world;
    world.import();
    const auto link = world.disk.memory.stat("Windows\\System32\\OpenCL.dll").value();
    ASSERT_TRUE(link);
    EXPECT_EQ(link->reparse_tag, 0xA000000Cu);
    EXPECT_EQ(link->link_target, "HostDriverStore\\FileRepository\\" + world.host.folder + "\\OpenCL64.dll");
    EXPECT_EQ(world.disk.memory.stat("Windows\\SysWOW64\\nvapi.dll").value()->link_target,
              "..\\System32\\HostDriverStore\\FileRepository\\" + world.host.folder + "\\nvapi.dll");
}

TEST(Import, HasNothingToDoTheSecondTime) {
    World world;
    world.import();
    world.disk.memory.changes = 0;
    EXPECT_TRUE(world.plan().nothing_to_do());
    EXPECT_EQ(world.plan().space_needed, 0u);
    const auto again = world.import();
    EXPECT_FALSE(again.changed());
    EXPECT_EQ(again.files_kept, 8u);
    EXPECT_EQ(world.disk.memory.changes, 0u);
}

TEST(Import, ListsEverythingInTheManifest) {
    World world;
    const auto report = world.import();
    const auto manifest = *read_manifest(world.disk.memory).value();
    EXPECT_EQ(to_json_text(manifest), to_json_text(report.manifest));
    ASSERT_EQ(manifest.cards.size(), 1u);
    EXPECT_EQ(manifest.cards[0].driver_version, "32.0.15.7283");
    EXPECT_EQ(manifest.cards[0].imported_at, "2026-01-02T03:04:05Z");
    ASSERT_EQ(manifest.packages.size(), 1u);
    EXPECT_EQ(manifest.packages[0].files.size(), 8u);
    for (const auto& file : manifest.packages[0].files)
        EXPECT_EQ(file.hash.size(), 32u) << file.path;
    // XXH3-128 of nothing: a fixed vector, not our own word for it.
    const auto empty =
        std::ranges::find_if(manifest.packages[0].files, [](const auto& file) { return file.path == "empty.dat"; });
    EXPECT_EQ(empty->hash, "99aa06d3014798d86001c324468d497f");
    EXPECT_EQ(manifest.values.size(), 10u); // five values in two control sets
    EXPECT_EQ(compare(manifest, world.drivers()).state, DriftState::same);
}

TEST(Import, PurgeLeavesTheGuestAsItWas) {
    World world;
    world.disk.memory.add("Windows\\System32\\ntdll.dll", "system");
    const auto before = world.state();
    world.import();
    EXPECT_NE(world.state(), before);
    const auto report = world.purge();
    EXPECT_TRUE(report.warnings.empty());
    EXPECT_TRUE(report.manifest.empty());
    EXPECT_EQ(report.files_removed, 8u);
    EXPECT_EQ(world.state(), before);
    EXPECT_TRUE(plan_purge(world.disk, {}, soon()).value().nothing_to_do());
}

TEST(Import, PurgeByCardFindsItsCard) {
    World world;
    const auto before = world.state();
    world.import();
    EXPECT_TRUE(plan_purge(world.disk, {"PCI\\VEN_0000&DEV_0000\\1", {}}, soon()).value().nothing_to_do());
    world.purge({world.host.card, {}});
    EXPECT_EQ(world.state(), before);
}

TEST(Import, KeepsTheGuestsOwnFilesUnlessTold) {
    World world;
    world.disk.memory.add("Windows\\System32\\OpenCL.dll", "the guest's own");
    const auto plan = world.plan();
    EXPECT_TRUE(warned(plan.warnings, "drivers.warn.files_preserved"));
    world.import();
    EXPECT_EQ(world.disk.memory.text("Windows\\System32\\OpenCL.dll"), "the guest's own");
    EXPECT_TRUE(world.plan().nothing_to_do());
}

TEST(Import, OverwritesByRenameAndBringsTheFileBack) {
    World world;
    world.host.registry.keys[world.host.class_key() + "\\CopyToVmOverwrite"] = {
        RegistryValue::multi("1", {"OpenCL64.dll", "OpenCL.dll"})};
    world.disk.memory.add("Windows\\System32\\OpenCL.dll", "the guest's own", guest::kHidden);
    world.disk.memory.add("Windows\\System32\\OpenCL.dll.exhyperv-backup", "not ours");
    const auto before = world.state();
    world.import();
    EXPECT_EQ(world.disk.memory.stat("Windows\\System32\\OpenCL.dll").value()->reparse_tag, 0xA000000Cu);
    EXPECT_EQ(world.disk.memory.text("Windows\\System32\\OpenCL.dll.exhyperv-backup-2"), "the guest's own");
    EXPECT_TRUE(world.plan().nothing_to_do());
    EXPECT_EQ(world.purge().files_restored, 1u);
    EXPECT_EQ(world.state(), before);
}

TEST(Import, WhenNewerComparesTimesWithoutAVersion) {
    World world;
    world.host.registry.keys[world.host.class_key() + "\\CopyToVmWhenNewer"] = {
        RegistryValue::multi("1", {"OpenCL64.dll", "OpenCL.dll"})};
    world.disk.memory.add("Windows\\System32\\OpenCL.dll", "newer", guest::kArchive, 139000000000000000);
    EXPECT_FALSE(std::ranges::any_of(world.plan().links,
                                     [](const auto& l) { return l.link.path == "Windows\\System32\\OpenCL.dll"; }));
    world.disk.memory.add("Windows\\System32\\OpenCL.dll", "older", guest::kArchive, 129000000000000000);
    EXPECT_TRUE(std::ranges::any_of(world.plan().links, [](const auto& l) {
        return l.link.path == "Windows\\System32\\OpenCL.dll" && l.move_aside;
    }));
}

TEST(Import, CopiesInsteadOfLinksWhenAsked) {
    World world;
    world.options.placement = Placement::copy;
    const auto before = world.state();
    world.import();
    EXPECT_EQ(world.disk.memory.text("Windows\\System32\\nvapi64.dll"), "nvapi for x64");
    EXPECT_EQ(world.disk.memory.stat("Windows\\System32\\nvapi64.dll").value()->reparse_tag, 0u);
    EXPECT_TRUE(world.plan().nothing_to_do());
    world.options.placement = Placement::link;
    world.import();
    EXPECT_EQ(world.disk.memory.stat("Windows\\System32\\nvapi64.dll").value()->reparse_tag, 0xA000000Cu);
    world.options.placement = Placement::copy;
    world.import();
    world.purge();
    EXPECT_EQ(world.state(), before);
}

TEST(Import, SkipsSysWow64WhereTheGuestHasNone) {
    World world;
    ASSERT_TRUE(world.disk.memory.remove("Windows\\SysWOW64"));
    world.import();
    EXPECT_FALSE(world.disk.memory.stat("Windows\\SysWOW64").value());
}

TEST(Import, RefusesAGuestOfAnotherArchitecture) {
    World world;
    world.disk.install.architecture = guest::Architecture::arm64;
    EXPECT_EQ(plan_import(world.drivers(), world.disk, {}, soon()).error().code, "drivers.guest_architecture");
}

TEST(Import, RefusesWhenTheDiskIsFull) {
    World world;
    world.disk.memory.free = 1 << 20;
    const auto plan = world.plan();
    EXPECT_FALSE(plan.enough_space());
    world.disk.memory.changes = 0;
    EXPECT_EQ(run_import(world.disk, plan, world.host.files, {}, soon()).error().code, "drivers.no_space");
    EXPECT_EQ(world.disk.memory.changes, 0u);
}

TEST(Import, ALockedFileFailsAlone) {
    World world;
    world.host.files.locked.insert(world.host.directory + "\\OpenCL64.dll");
    const auto report = world.import();
    EXPECT_EQ(report.failed_files, (std::vector<std::string>{world.host.directory + "\\OpenCL64.dll"}));
    EXPECT_TRUE(warned(report.warnings, "drivers.warn.file_unreadable"));
    EXPECT_EQ(report.files_written, 7u);
    EXPECT_FALSE(world.disk.memory.stat("Windows\\System32\\OpenCL.dll").value()) << "a link to nothing";
    EXPECT_EQ(report.manifest.packages[0].files.size(), 7u);
    const auto drift = compare(report.manifest, world.drivers());
    EXPECT_EQ(drift.state, DriftState::different);
    ASSERT_EQ(drift.files.size(), 1u);
    EXPECT_EQ(drift.files[0].kind, DriftFile::Kind::missing);
    world.host.files.locked.clear();
    EXPECT_EQ(world.import().files_written, 1u);
    EXPECT_TRUE(world.disk.memory.stat("Windows\\System32\\OpenCL.dll").value());
    EXPECT_EQ(compare(*read_manifest(world.disk.memory).value(), world.drivers()).state, DriftState::same);
}

TEST(Import, AMissingKernelDriverEndsIt) {
    World world;
    world.host.files.locked.insert(world.host.directory + "\\nvlddmkm.sys");
    const auto error = run_import(world.disk, world.plan(), world.host.files, {}, soon()).error();
    EXPECT_EQ(error.code, "drivers.essential_file");
    EXPECT_EQ(*error.arg("path"), world.host.directory + "\\nvlddmkm.sys");
}

TEST(Import, AFileThatChangedSizeSinceThePlanFailsAlone) {
    World world;
    const auto plan = world.plan();
    world.host.add("nvapi64.dll", "a longer nvapi than planned");
    const auto report = run_import(world.disk, plan, world.host.files, {}, soon()).value();
    EXPECT_EQ(report.failed_files.size(), 1u);
    EXPECT_FALSE(world.disk.memory.stat(world.in_store("nvapi64.dll")).value());
}

TEST(Import, AFullVolumeEndsItWithTheEnginesError) {
    World world;
    world.disk.memory.refuse_writes.insert(world.in_store("OpenCL64.dll"));
    EXPECT_EQ(run_import(world.disk, world.plan(), world.host.files, {}, soon()).error().code, "guest.no_space");
}

TEST(Import, CanBeCancelled) {
    World world;
    auto context = soon();
    context.cancel.cancel();
    const auto plan = world.plan();
    EXPECT_EQ(run_import(world.disk, plan, world.host.files, {}, context).error().code, "call.cancelled");
}

TEST(Import, ReadsLargeFilesAcrossBuffers) {
    World world;
    std::string big(5'300'007, '\0');
    for (std::size_t i = 0; i < big.size(); ++i)
        big[i] = static_cast<char>(i * 31 + i / 4096);
    world.host.add("big.bin", big);
    for (int i = 0; i < 60; ++i)
        world.host.add("many\\" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
    std::uint64_t last = 0;
    const auto plan = world.plan();
    const auto report = run_import(
        world.disk, plan, world.host.files,
        [&](const Progress& p) {
            EXPECT_GE(p.done, last);
            EXPECT_EQ(p.total, plan.bytes_to_write);
            last = p.done;
        },
        soon());
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(last, plan.bytes_to_write);
    EXPECT_EQ(world.disk.memory.text(world.in_store("big.bin")), big);
    EXPECT_EQ(world.disk.memory.text(world.in_store("many\\59")).size(), 59u);
}

TEST(Import, RepairsWhatTheGuestLost) {
    World world;
    world.import();
    ASSERT_TRUE(world.disk.memory.remove(world.in_store("nvlddmkm.sys")));
    ASSERT_TRUE(world.disk.memory.remove("Windows\\System32\\nvapi64.dll"));
    const auto plan = world.plan();
    EXPECT_EQ(plan.count(FileAction::add), 1u);
    const auto report = world.import();
    EXPECT_EQ(report.files_written, 1u);
    EXPECT_EQ(report.links_made, 1u);
}

TEST(Import, LeavesAndReturnsFilesOfAnOlderToolInTheStore) {
    World world;
    world.disk.memory.add(world.in_store("nvapi.dll"), "nvapi for x86", guest::kArchive, 133000000000000001); // equal
    world.disk.memory.add(world.in_store("nvapi64.dll"), "older");                                            // differs
    const auto before = world.state();
    const auto report = world.import();
    EXPECT_EQ(report.files_written, 7u);
    EXPECT_EQ(world.disk.memory.text(world.in_store("nvapi64.dll")), "nvapi for x64");
    EXPECT_TRUE(world.plan().nothing_to_do());
    world.purge();
    EXPECT_EQ(world.state(), before);
}

TEST(Import, ReplacesAnOlderDriverAndRetiresItsPackage) {
    World world;
    const auto before = world.state();
    world.import();
    FakeHost updated("nvidia", "32.0.15.9999", "fedcba0987654321");
    const auto newer = resolve(updated.registry, updated.files, updated.card, soon()).value();
    EXPECT_EQ(compare(*read_manifest(world.disk.memory).value(), newer).state, DriftState::older);
    const auto plan = plan_import(newer, world.disk, world.options, soon()).value();
    EXPECT_EQ(plan.retired_packages, (std::vector<std::string>{world.host.folder}));
    const auto report = run_import(world.disk, plan, updated.files, {}, soon()).value();
    EXPECT_EQ(report.files_written, 8u);
    EXPECT_EQ(report.files_removed, 8u);
    EXPECT_FALSE(world.disk.memory.stat(package_root(world.host.folder)).value());
    EXPECT_EQ(world.disk.memory.stat("Windows\\System32\\OpenCL.dll").value()->link_target,
              "HostDriverStore\\FileRepository\\" + updated.folder + "\\OpenCL64.dll");
    EXPECT_EQ(compare(report.manifest, newer).state, DriftState::same);
    world.purge();
    EXPECT_EQ(world.state(), before);
}

TEST(Import, SyncWritesOnlyWhatChanged) {
    World world;
    world.import();
    world.host.add("nvapi64.dll", "nvapi for x64, patched", 133000000000000777);
    const auto report = world.import();
    EXPECT_EQ(report.files_written, 1u);
    EXPECT_EQ(report.files_kept, 7u);
    EXPECT_EQ(world.disk.memory.text(world.in_store("nvapi64.dll")), "nvapi for x64, patched");
}

TEST(Import, SharesAPackageBetweenTwoCards) {
    World world;
    const auto before = world.state();
    world.import();
    auto second = world.drivers();
    second.instance_path = "PCI\\VEN_10DE&DEV_2786&SUBSYS_17631462&REV_A1\\4&99&0&0010";
    auto plan = plan_import(second, world.disk, world.options, soon()).value();
    EXPECT_EQ(plan.bytes_to_write, 0u);
    EXPECT_FALSE(plan.nothing_to_do());
    ASSERT_TRUE(run_import(world.disk, plan, world.host.files, {}, soon()));
    const auto with_both = world.disk.system_values("");

    const auto first_gone = world.purge({world.host.card, {}});
    EXPECT_EQ(first_gone.files_removed, 0u);
    EXPECT_EQ(world.disk.system_values(""), with_both);
    EXPECT_TRUE(world.disk.memory.stat("Windows\\System32\\nvapi64.dll").value());
    ASSERT_EQ(first_gone.manifest.cards.size(), 1u);
    EXPECT_EQ(to_json_text(*read_manifest(world.disk.memory).value()), to_json_text(first_gone.manifest));
    world.purge({second.instance_path, {}});
    EXPECT_EQ(world.state(), before);
}

TEST(Import, TwoVendorsKeepTheirOwnLinks) {
    World world;
    const auto before = world.state();
    world.import();
    FakeHost other("intel");
    other.add("vulkan-1-64.dll", "intel's vulkan loader");
    other.add("ze_loader.dll", "level zero");
    const auto intel = resolve(other.registry, other.files, other.card, soon()).value();
    const auto plan = plan_import(intel, world.disk, world.options, soon()).value();
    EXPECT_TRUE(warned(plan.warnings, "drivers.warn.link_taken"));
    ASSERT_TRUE(run_import(world.disk, plan, other.files, {}, soon()));
    EXPECT_TRUE(
        icontains(world.disk.memory.stat("Windows\\System32\\vulkan-1.dll").value()->link_target, world.host.folder));
    EXPECT_TRUE(world.disk.memory.stat("Windows\\System32\\ze_loader.dll").value());
    world.purge({world.host.card, {}});
    EXPECT_FALSE(world.disk.memory.stat("Windows\\System32\\nvapi64.dll").value());
    EXPECT_TRUE(world.disk.memory.stat("Windows\\System32\\ze_loader.dll").value());
    world.purge();
    EXPECT_EQ(world.state(), before);
}

TEST(Import, RefusesToWriteThroughAGuestsJunction) {
    World world;
    ASSERT_TRUE(world.disk.memory.make_directories(std::string(kHostDriverStore)));
    ASSERT_TRUE(world.disk.memory.make_junction(std::string(kFileRepository), "C:\\Users"));
    EXPECT_EQ(plan_import(world.drivers(), world.disk, world.options, soon()).error().code,
              "drivers.unsafe_guest_path");
}

TEST(Import, WorksFromTheHostsCopyWhenTheGuestLostTheManifest) {
    World world;
    const auto before = world.state();
    const auto manifest = world.import().manifest;
    ASSERT_TRUE(world.disk.memory.remove(std::string(kManifestPath)));
    world.options.host_copy = manifest;
    const auto plan = world.plan();
    EXPECT_EQ(plan.bytes_to_write, 0u);
    EXPECT_FALSE(plan.nothing_to_do()) << "the manifest has to be written again";
    world.import();
    world.disk.memory.add(std::string(kManifestPath), "{ tampered");
    EXPECT_EQ(plan_purge(world.disk, {}, soon()).error().code, "drivers.manifest_invalid");
    world.purge({"", manifest});
    EXPECT_EQ(world.state(), before);
}

TEST(Purge, NeverRemovesAGuestsFileBecauseTheManifestSaysSo) {
    World world;
    world.import();
    auto manifest = *read_manifest(world.disk.memory).value();
    world.disk.memory.add("Windows\\System32\\ntdll.dll", "system", guest::kArchive, 77);
    manifest.links.push_back({"Windows\\System32\\ntdll.dll",
                              "HostDriverStore\\FileRepository\\x",
                              false,
                              false,
                              0,
                              0,
                              "",
                              "",
                              {world.host.card}});
    manifest.links.push_back({"Windows\\System32\\kernel32.dll",
                              std::string(kFileRepository) + "\\x",
                              false,
                              true,
                              6,
                              77,
                              std::string(32, '0'),
                              "",
                              {world.host.card}});
    world.disk.memory.add("Windows\\System32\\kernel32.dll", "system", guest::kArchive, 77);
    ASSERT_TRUE(write_manifest_file(world.disk.memory, manifest));
    const auto report = world.purge();
    EXPECT_EQ(world.disk.memory.text("Windows\\System32\\ntdll.dll"), "system");
    EXPECT_EQ(world.disk.memory.text("Windows\\System32\\kernel32.dll"), "system");
    EXPECT_EQ(
        std::ranges::count_if(report.warnings, [](const auto& w) { return w.key == "drivers.warn.left_changed"; }), 2);
}

TEST(Purge, LeavesWhatSomebodyElsePutThere) {
    World world;
    world.import();
    world.disk.memory.add(world.in_store("log.txt"), "the guest's log");
    ASSERT_TRUE(world.disk.memory.remove("Windows\\System32\\nvapi64.dll"));
    world.disk.memory.add("Windows\\System32\\nvapi64.dll", "installed since");
    const auto report = world.purge();
    EXPECT_EQ(world.disk.memory.text(world.in_store("log.txt")), "the guest's log");
    EXPECT_EQ(world.disk.memory.text("Windows\\System32\\nvapi64.dll"), "installed since");
    EXPECT_TRUE(warned(report.warnings, "drivers.warn.left_changed"));
    EXPECT_TRUE(warned(report.warnings, "drivers.warn.directory_kept"));
}

TEST(Drift, TellsTheStatesApart) {
    World world;
    const auto manifest = world.import().manifest;
    auto drivers = world.drivers();
    EXPECT_EQ(compare(manifest, drivers).since, "2026-01-02T03:04:05Z");
    drivers.packages[0].version.version = "31.0.0.1";
    EXPECT_EQ(compare(manifest, drivers).state, DriftState::newer);
    drivers = world.drivers();
    drivers.packages[0].files.pop_back();
    drivers.packages[0].files[0].size += 1;
    const auto drift = compare(manifest, drivers);
    EXPECT_EQ(drift.state, DriftState::different);
    EXPECT_EQ(drift.file_count, 2u);
    drivers.instance_path = "PCI\\other\\1";
    EXPECT_EQ(compare(manifest, drivers).state, DriftState::missing);
}
