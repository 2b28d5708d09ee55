#include "sim_fixture.h"

#include "platform/file.h"

namespace exhyperv::sim::testing {

namespace {

/// A host with one small guest disk, a checkpoint over it, and one driver package.
constexpr const char* kScenario = R"j({
  "drivers": [{"id": "d", "package": {"vendor": "nvidia", "hardware_id": "PCI\\VEN_10DE&DEV_2786&SUBSYS_40E51458", "device_name": "NVIDIA GeForce RTX 4070"}}],
  "devices": [{"id": "card", "pci": "VEN_10DE&DEV_2786&SUBSYS_40E51458&REV_A1", "instance": "4&1&0&0008", "name": "NVIDIA GeForce RTX 4070",
               "class": "Display", "location": "PCIROOT(0)#PCI(0100)#PCI(0000)", "driver": "d", "gpu": {}}],
  "vms": [{"name": "a", "disks": [{"path": "D:\\VMs\\a\\a.vhdx", "image": {"build": 22631, "size_gib": 4, "files": 20}}], "checkpoints": [{"name": "c"}]}]
})j";

class SimFilesTest : public ::testing::Test {
  protected:
    TemporaryDirectory directory;
    std::unique_ptr<Bench> bench;

    void SetUp() override {
        SimOptions options;
        options.scenario = "files";
        options.scenario_text = kScenario;
        options.data_directory = directory.path();
        bench = std::make_unique<Bench>(options);
    }
    std::string leaf() { return bench->world().vms.front().config.drives.front().image; }
};

TEST_F(SimFilesTest, DiskIsMadeWhenItIsFirstAskedForWithItsParents) {
    ASSERT_TRUE(leaf().ends_with(".avhdx"));
    EXPECT_FALSE(platform::file_exists(directory.path() + "/sim/files/files/D"));
    auto local = bench->host().files().local_path(leaf());
    ASSERT_TRUE(local) << describe(local.error());
    EXPECT_TRUE(platform::file_exists(*local));
    EXPECT_TRUE(platform::file_exists(directory.path() + "/sim/files/files/D/VMs/a/a.vhdx"));
    auto again = bench->host().files().local_path(ascii_upper(leaf()));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *local) << "names are found without case";
}

TEST_F(SimFilesTest, DiskThatWasTakenAwayIsNotMadeAgain) {
    auto local = bench->host().files().local_path(leaf());
    ASSERT_TRUE(local);
    ASSERT_TRUE(platform::remove_file(*local));
    EXPECT_EQ(*bench->host().files().exists(leaf(), soon()), false);
}

TEST_F(SimFilesTest, PackageIsFoundFromTheCardAndMadeWhenListed) {
    auto world = bench->world();
    const auto& card = world.functions.front();
    auto keys = bench->host().registry().read({"SYSTEM\\CurrentControlSet\\Enum\\" + card.instance_path()}, soon());
    ASSERT_TRUE(keys && keys->front().exists);
    auto driver_key = keys->front().value("Driver")->as_text();
    EXPECT_EQ(driver_key, "{4d36e968-e325-11ce-bfc1-08002be10318}\\0000");
    keys = bench->host().registry().read(
        {"SYSTEM\\CurrentControlSet\\Control\\Class\\" + driver_key, "SYSTEM\\ControlSet001\\Services\\nvlddmkm"},
        soon());
    ASSERT_TRUE(keys && keys->front().exists && keys->back().exists);
    auto store = bench->host().files().driver_store_location(keys->front().value("InfPath")->as_text(), soon());
    ASSERT_TRUE(store) << describe(store.error());
    EXPECT_TRUE(store->starts_with("C:\\Windows\\System32\\DriverStore\\FileRepository\\nv_disp"));
    auto files = bench->host().files().list_tree(*store, 10'000, soon());
    ASSERT_TRUE(files) << describe(files.error());
    EXPECT_GT(files->size(), 10u);
    EXPECT_EQ(bench->host().files().list_tree(*store, 3, soon()).error().code, "host.too_many_files");
    EXPECT_EQ(bench->host().files().driver_store_location("oem999.inf", soon()).error().code, "host.inf_not_found");
}

TEST_F(SimFilesTest, StartingNeedsNoDiskToBeMade) {
    EXPECT_EQ(bench->request_state("a", 2).code, 0u);
    EXPECT_FALSE(platform::file_exists(directory.path() + "/sim/files/files/D"));
}

TEST_F(SimFilesTest, PathsStayInsideTheHost) {
    for (auto path : {"..\\x", "C:\\..\\..\\x", "\\\\server\\share\\x", "/etc/passwd", "C:\\a\\..\\b", "C:\\a:stream",
                      "relative", ""})
        EXPECT_EQ(bench->host().files().local_path(path).error().code, "sim.bad_path") << path;
    auto inside = bench->host().files().local_path("c:\\Windows\\x.txt");
    ASSERT_TRUE(inside);
    EXPECT_TRUE(inside->ends_with("/C/Windows/x.txt")) << *inside;
}

TEST_F(SimFilesTest, CheckpointsBranchTheDisks) {
    const auto before = leaf();
    auto service = *bench->one("SELECT * FROM Msvm_VirtualSystemSnapshotService").path();
    auto machine = cim::Value::reference(bench->machine("a").path()->full());
    ASSERT_EQ(bench
                  ->ending(bench->invoke(service, "CreateSnapshot",
                                         {{"AffectedSystem", machine},
                                          {"SnapshotSettings", cim::Value::string("")},
                                          {"SnapshotType", cim::Value::uint16(2)}}))
                  .code,
              0u);
    const auto after = leaf();
    EXPECT_NE(after, before);
    auto image_service = *bench->one("SELECT * FROM Msvm_ImageManagementService").path();
    auto answer = bench->invoke(image_service, "GetVirtualHardDiskSettingData", {{"Path", cim::Value::string(after)}});
    auto disk = cim::parse_cim_xml(answer.out.text_or("SettingData", ""));
    ASSERT_TRUE(disk);
    EXPECT_EQ(disk->uint("Type"), 4u);
    EXPECT_EQ(disk->text("ParentPath"), before);
    ASSERT_TRUE(bench->host().files().local_path(after));

    auto snapshots = bench->query(
        "SELECT * FROM Msvm_VirtualSystemSettingData WHERE VirtualSystemType = 'Microsoft:Hyper-V:Snapshot:Realized'");
    ASSERT_EQ(snapshots.size(), 2u);
    auto newest = cim::Value::reference(snapshots.back().path()->full());
    EXPECT_EQ(bench->ending(bench->invoke(service, "ApplySnapshot", {{"Snapshot", newest}})).code, 0u);
    EXPECT_NE(leaf(), after) << "the leaf of the state that was left is gone";
    EXPECT_EQ(bench->ending(bench->invoke(service, "DestroySnapshot", {{"AffectedSnapshot", newest}})).code, 0u);
    EXPECT_EQ(bench
                  ->query("SELECT * FROM Msvm_VirtualSystemSettingData WHERE VirtualSystemType = "
                          "'Microsoft:Hyper-V:Snapshot:Realized'")
                  .size(),
              1u);
}

} // namespace

} // namespace exhyperv::sim::testing
