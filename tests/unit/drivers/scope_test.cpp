#include "drivers/drift.h"
#include "drivers/guest_paths.h"
#include "drivers/import.h"
#include "drivers/purge.h"
#include "drivers/scope.h"
#include "fake_host.h"
#include "memory_volume.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace exhyperv::drivers::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kOther = "nvhda.inf_amd64_0011223344556677";

bool warned(const std::vector<Message>& warnings, std::string_view key) {
    return std::ranges::any_of(warnings, [&](const auto& message) { return message.key == key; });
}

/// A host whose driver store holds one more package and whose programs have files of their own.
class Scope : public testing::Test {
  protected:
    Scope() {
        options.files = &host.files;
        options.now = "2026-01-02T03:04:05Z";
        store("nvhda.inf", "audio");
        store("nvhda64v.sys", "audio driver");
        store("sub\\tool.dll", "a tool");
        host.files.add("C:\\Tools\\bin\\probe.exe", "probe");
        host.files.add("C:\\Tools\\readme.txt", "read me");
        host.files.add("C:\\Program Files\\NVIDIA Corporation\\NvSmi\\smi.exe", "smi");
        host.files.add("C:\\Program Files (x86)\\NVIDIA Corporation\\old.dll", "32 bit");
        host.files.add("C:\\ProgramData\\NVIDIA\\settings.bin", "settings");
        disk.memory.add("Program Files\\own.txt", "the guest's");
        before = state();
    }
    void store(const std::string& path, std::string_view content, std::uint64_t modified = 133000000000000001) {
        host.files.add(std::string(kStore) + kOther + "\\" + path, content, modified);
    }
    ResolvedDrivers base() { return resolve(host.registry, host.files, host.card, soon()).value(); }
    Result<ImportPlan> plan(const ScopeWish& wish = {}) {
        options.scope = wish;
        return plan_import(base(), disk, options, soon());
    }
    /// As a host does it: the manifest is kept beside, and believed the next time.
    ImportReport import(const ScopeWish& wish = {}) {
        const auto planned = plan(wish);
        EXPECT_TRUE(planned) << describe(planned.error());
        auto report = run_import(disk, *planned, host.files, {}, soon());
        EXPECT_TRUE(report) << describe(report.error());
        options.host_copy = report->manifest;
        return *report;
    }
    PurgeReport purge() {
        const auto planned = plan_purge(disk, {"", options.host_copy}, soon()).value();
        return run_purge(disk, planned, {}, soon()).value();
    }
    std::vector<std::string> state() {
        auto out = disk.memory.listing();
        std::erase_if(out, [](const auto& line) { return icontains(line, "config\\SYSTEM"); });
        return out;
    }
    bool there(const std::string& path) { return disk.memory.stat(path).value().has_value(); }
    static std::string in_store(const std::string& path) { return package_root(kOther) + "\\" + path; }

    FakeHost host{"nvidia"};
    MemoryDisk disk;
    ImportOptions options;
    std::vector<std::string> before;
};

} // namespace

TEST_F(Scope, OfNothingBringsNothingBesides) {
    const auto report = import();
    EXPECT_EQ(report.files_written, 8u);
    EXPECT_FALSE(there(package_root(kOther)));
    EXPECT_EQ(to_json_text(report.manifest).find("scope"), std::string::npos);
}

TEST_F(Scope, FullStoreBringsEveryPackageAndStaysChosen) {
    const auto report = import({.full_store = true});
    EXPECT_EQ(report.files_written, 11u);
    EXPECT_EQ(disk.memory.text(in_store("sub\\tool.dll")), "a tool");
    EXPECT_NE(disk.memory.stat(in_store("sub\\tool.dll")).value()->attributes & guest::kReadOnly, 0u);
    EXPECT_TRUE(plan()->nothing_to_do()) << "nobody has to say it again";
    store("sub\\tool.dll", "a newer tool", 133000000000000002);
    EXPECT_EQ(import().files_written, 1u);
    EXPECT_EQ(disk.memory.text(in_store("sub\\tool.dll")), "a newer tool");
    import({.only_needed = true});
    EXPECT_FALSE(there(package_root(kOther)));
    EXPECT_TRUE(there(package_root(host.folder)));
    purge();
    EXPECT_EQ(state(), before);
}

TEST_F(Scope, FullStoreNamesTheFileItCannotRead) {
    host.files.locked.insert(std::string(kStore) + kOther + "\\nvhda64v.sys");
    const auto report = import({.full_store = true});
    EXPECT_THAT(report.failed_files, ElementsAre(std::string(kStore) + kOther + "\\nvhda64v.sys"));
    EXPECT_TRUE(warned(report.warnings, "drivers.warn.file_unreadable"));
    EXPECT_TRUE(there(in_store("nvhda.inf")));
}

TEST_F(Scope, APackageOfAnotherArchitectureMayBeInTheStore) {
    host.files.add(std::string(kStore) + "old.inf_x86_1111111111111111\\old.inf", "x86");
    import({.full_store = true});
    EXPECT_TRUE(there(package_root("old.inf_x86_1111111111111111")));
}

TEST_F(Scope, ExtrasOfTheStoreByFolderByPartAndByPattern) {
    import({.extras = { parse_extra("nvhda.inf_*\\sub") }});
    EXPECT_TRUE(there(in_store("sub\\tool.dll")));
    EXPECT_FALSE(there(in_store("nvhda.inf")));
    import({.extras = { parse_extra(std::string(kStore) + kOther) }}); // a whole path in the store is the same thing
    EXPECT_TRUE(there(in_store("nvhda.inf")));
    EXPECT_THAT(options.host_copy->cards[0].scope.extras,
                ElementsAre(ExtraSource{"nvhda.inf_*\\sub", ""}, ExtraSource{kOther, ""}));
    purge();
    EXPECT_EQ(state(), before);
}

TEST_F(Scope, ExtrasOfTheHostGoWhereTheyAreToldAndComeOutAgain) {
    disk.memory.add("Windows\\System32\\probe.exe", "the guest's own");
    before = state();
    const auto report = import({.extras = {parse_extra("C:/Tools/bin/probe.exe=Windows\\System32\\probe.exe"),
                                           parse_extra("C:\\Tools=Program Files\\Tools")}});
    EXPECT_TRUE(report.warnings.empty());
    EXPECT_EQ(disk.memory.text("Windows\\System32\\probe.exe"), "probe");
    EXPECT_EQ(disk.memory.text("Program Files\\Tools\\bin\\probe.exe"), "probe");
    EXPECT_EQ(disk.memory.text("Program Files\\Tools\\readme.txt"), "read me");
    EXPECT_EQ(manifest_from_json(to_json_text(report.manifest))->cards[0].scope, report.manifest.cards[0].scope);
    auto drivers = base();
    ASSERT_TRUE(add_scope(drivers, report.manifest.cards[0].scope, host.files, soon()));
    EXPECT_EQ(compare(report.manifest, drivers).state, DriftState::same);

    host.files.add("C:\\Tools\\readme.txt", "read me again", 133000000000000009);
    host.files.drop("C:\\Tools\\bin\\probe.exe");
    drivers = base();
    ASSERT_TRUE(add_scope(drivers, report.manifest.cards[0].scope, host.files, soon()));
    EXPECT_EQ(compare(report.manifest, drivers).file_count, 3u) << "one changed, two gone";
    EXPECT_TRUE(warned(plan()->warnings, "drivers.warn.extra_missing"));
    import();
    EXPECT_EQ(disk.memory.text("Program Files\\Tools\\readme.txt"), "read me again");
    EXPECT_EQ(disk.memory.text("Windows\\System32\\probe.exe"), "the guest's own");
    EXPECT_FALSE(there("Program Files\\Tools\\bin\\probe.exe"));
    EXPECT_THAT(purge().warnings, IsEmpty());
    EXPECT_EQ(state(), before);
}

TEST_F(Scope, WhatIsAskedForNowMustBeThere) {
    EXPECT_EQ(plan({.extras = {parse_extra("C:\\Tools\\nothing=Program Files\\x")}}).error().code,
              "drivers.extra_missing");
    EXPECT_EQ(plan({.extras = {parse_extra("C:\\Tools\\..\\x")}}).error().code, "drivers.extra_source");
    EXPECT_EQ(plan({.extras = {parse_extra("\\\\server\\share\\x")}}).error().code, "drivers.extra_source");
}

TEST_F(Scope, ExtrasStayOutOfPlacesAWindowsNeeds) {
    for (const char* target : {"Windows\\System32\\config\\SAM", "Windows\\System32\\DriverStore\\x",
                               "Windows\\System32\\HostDriverStore\\x", "Windows\\explorer.exe", "bootmgr",
                               "Windows\\System32\\..\\..\\bootmgr", "Users\\User\\x"})
        EXPECT_EQ(plan({.extras = {{"C:\\Tools\\readme.txt", target}}}).error().code, "drivers.extra_target") << target;
    EXPECT_EQ(plan({.extras = {{"C:\\Tools", ""}}}).error().code, "drivers.extra_target") << "as the host has it";
}

TEST_F(Scope, VendorFoldersLeaveWhatTheGuestHas) {
    disk.memory.add("Program Files\\NVIDIA Corporation\\NvSmi\\smi.exe", "the guest's own smi");
    before = state();
    EXPECT_TRUE(warned(plan({.vendor_folders = true})->warnings, "drivers.warn.files_preserved"));
    import({.vendor_folders = true});
    EXPECT_EQ(disk.memory.text("Program Files\\NVIDIA Corporation\\NvSmi\\smi.exe"), "the guest's own smi");
    EXPECT_FALSE(there("ProgramData\\NVIDIA\\settings.bin")) << "the guest has no ProgramData";
    EXPECT_FALSE(there("Program Files (x86)")) << "nor a 32-bit half";
    ASSERT_TRUE(disk.memory.make_directories("ProgramData"));
    EXPECT_EQ(import().links_made, 1u);
    EXPECT_EQ(disk.memory.text("ProgramData\\NVIDIA\\settings.bin"), "settings");
    EXPECT_TRUE(plan()->nothing_to_do());
    purge();
    ASSERT_TRUE(disk.memory.remove("ProgramData"));
    EXPECT_EQ(state(), before);
}

TEST_F(Scope, AGuestCannotAskForFilesOfTheHost) {
    import({.extras = { { "C:\\Tools\\readme.txt", "Program Files\\readme.txt" } }});
    auto manifest = *read_manifest(disk.memory).value();
    manifest.cards[0].scope.extras.push_back({"C:\\Tools\\bin\\probe.exe", "Program Files\\stolen.exe"});
    manifest.cards[0].scope.vendor_folders = true;
    ASSERT_TRUE(write_manifest_file(disk.memory, manifest));
    import();
    EXPECT_FALSE(there("Program Files\\stolen.exe")) << "the host's own record counts";
    // A host that has no record: a guest that came from elsewhere, or one that lies. What is there stays.
    ASSERT_TRUE(write_manifest_file(disk.memory, manifest));
    options.host_copy.reset();
    const auto report = import();
    EXPECT_FALSE(there("Program Files\\stolen.exe"));
    EXPECT_FALSE(there("Program Files\\NVIDIA Corporation\\NvSmi\\smi.exe"));
    EXPECT_EQ(disk.memory.text("Program Files\\readme.txt"), "read me");
    EXPECT_FALSE(report.manifest.cards[0].scope.complete);
    EXPECT_TRUE(plan()->nothing_to_do());
    purge();
    EXPECT_EQ(state(), before);
}

TEST_F(Scope, AGuestsWordDoesNotRemoveAGuestsFileAsAnExtra) {
    import();
    disk.memory.add("Program Files\\App\\app.exe", "the guest's app", guest::kArchive, 77);
    auto manifest = *read_manifest(disk.memory).value();
    ManifestLink lie{"Program Files\\App\\app.exe", "C:\\x", false,       true, 15, 77,
                     std::string(32, '0'),          "",      {host.card}, true};
    manifest.links.push_back(lie);
    ASSERT_TRUE(write_manifest_file(disk.memory, manifest));
    const auto planned = plan_purge(disk, {}, soon()).value();
    EXPECT_THAT(planned.extras, ElementsAre("Program Files\\App\\app.exe"));
    ASSERT_TRUE(run_purge(disk, planned, {}, soon()));
    EXPECT_TRUE(there("Program Files\\App\\app.exe"));
}

TEST_F(Scope, ConfirmedExtrasGoWithoutARecordOfTheHost) {
    import({.extras = { { "C:\\Tools", "Program Files\\Tools" } }});
    PurgeRequest request;
    request.extras_confirmed = true;
    ASSERT_TRUE(run_purge(disk, plan_purge(disk, request, soon()).value(), {}, soon()));
    EXPECT_EQ(state(), before);
}

TEST_F(Scope, APartOfAPackageLeavesAnotherCardsWhole) {
    import();
    auto second = base();
    second.instance_path = "PCI\\VEN_8086&DEV_56A0\\1";
    second.packages = {
        {std::string(kStore) + kOther, kOther, "nvhda.inf", "", "", {}, guest::Architecture::x64, {}, {}}};
    second.packages[0].files = {{"nvhda.inf", 5, 133000000000000001, false}};
    second.promotions.clear();
    second.service.reset();
    second.store_junction = false;
    options.scope = {.extras = {parse_extra(host.folder + "\\nvapi.dll")}};
    const auto planned = plan_import(second, disk, options, soon()).value();
    EXPECT_EQ(planned.count(FileAction::remove), 0u);
    const auto report = run_import(disk, planned, host.files, {}, soon()).value();
    EXPECT_EQ(report.manifest.package(host.folder)->files.size(), 8u);
    EXPECT_EQ(report.manifest.package(host.folder)->driver_version, "32.0.15.7283");
    EXPECT_TRUE(there(package_root(host.folder) + "\\nvapi64.dll"));
}

class StoreJunction : public Scope {
  protected:
    StoreJunction() {
        EXPECT_TRUE(disk.memory.make_directories(std::string(kOwnRepository)));
        before = state();
    }
    std::string place() const { return std::string(kOwnRepository) + "\\" + host.folder; }
};

TEST_F(StoreJunction, LeadsFromTheHostsNameToTheHostsPackage) {
    disk.install.system_drive = 'D';
    import();
    const auto info = disk.memory.stat(place()).value();
    ASSERT_TRUE(info);
    EXPECT_EQ(info->reparse_tag, 0xA0000003u);
    EXPECT_EQ(plain_target(info->link_target), "D:\\" + package_root(host.folder));
    EXPECT_TRUE(plan()->nothing_to_do());
    const auto text = to_json_text(*options.host_copy);
    EXPECT_EQ(to_json_text(manifest_from_json(text).value()), text);
    EXPECT_THAT(purge().warnings, IsEmpty());
    EXPECT_EQ(state(), before);
}

TEST_F(StoreJunction, NeverReplacesAPackageOfTheGuest) {
    disk.memory.add(place() + "\\nvapi64.dll", "installed in the guest");
    before = state();
    EXPECT_TRUE(warned(plan()->warnings, "drivers.warn.junction_preserved"));
    import();
    EXPECT_EQ(disk.memory.text(place() + "\\nvapi64.dll"), "installed in the guest");
    purge();
    EXPECT_EQ(state(), before);
}

TEST_F(StoreJunction, FollowsADriverUpdate) {
    import();
    FakeHost updated("nvidia", "32.0.15.9999", "fedcba0987654321");
    options.files = &updated.files;
    const auto newer = resolve(updated.registry, updated.files, updated.card, soon()).value();
    const auto planned = plan_import(newer, disk, options, soon()).value();
    ASSERT_TRUE(run_import(disk, planned, updated.files, {}, soon()));
    EXPECT_FALSE(there(place()));
    EXPECT_TRUE(there(std::string(kOwnRepository) + "\\" + updated.folder));
}

TEST_F(StoreJunction, IsForVendorsWhoseProgramsAskForIt) {
    for (const auto& vendor : builtin_vendor_table().vendors)
        EXPECT_EQ(vendor.store_junction, vendor.id == "nvidia") << vendor.id;
}

} // namespace exhyperv::drivers::test
