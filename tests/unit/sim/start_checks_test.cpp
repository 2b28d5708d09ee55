#include "sim_fixture.h"

#include "platform/file.h"

#include <fstream>

namespace exhyperv::sim::testing {

namespace {

constexpr std::string_view kPolicy = "SOFTWARE\\Policies\\Microsoft\\Windows\\HyperV";

/// Starts a VM on a job host and gives back code and text.
Bench::Ending start(Bench& bench, const std::string& vm) {
    return bench.request_state(vm, 2);
}

void set_policy(Bench& bench, std::uint32_t value) {
    for (auto name : {"RequireSecureDeviceAssignment", "RequireSupportedDeviceAssignment"})
        ASSERT_TRUE(
            bench.host().registry().write(std::string(kPolicy), host::RegistryValue::number(name, value), soon()));
}

TEST(StartCheck, PolicyKeepsAServerFromSharingAParavirtualizedCard) {
    Bench bench("server2025", Answers::job);
    ASSERT_EQ(bench.change("render", "HighMmioGapSize", cim::Value::uint64(32768)).code, 0u);
    ASSERT_EQ(bench.add_gpu("render", bench.gpu_path("DEV_1EB1")).code, 0u);
    auto end = start(bench, "render");
    EXPECT_EQ(end.code, 32768u);
    EXPECT_NE(end.text.find("Could not allocate partitionable GPU device '\\\\?\\PCI#VEN_10DE&DEV_1EB1"),
              std::string::npos)
        << end.text;
    EXPECT_NE(end.text.find("HyperV\\RequireSecureDeviceAssignment"), std::string::npos);
    set_policy(bench, 1);
    EXPECT_EQ(start(bench, "render").code, 32768u);
    set_policy(bench, 0);
    EXPECT_EQ(start(bench, "render").code, 0u);
}

TEST(StartCheck, SriovCardNeedsNoPolicy) {
    Bench bench("server2025", Answers::job);
    ASSERT_EQ(bench.add_gpu("render", bench.gpu_path("DEV_25B6")).code, 0u);
    ASSERT_EQ(bench.change("render", "HighMmioGapSize", cim::Value::uint64(32768)).code, 0u);
    EXPECT_EQ(start(bench, "render").code, 0u);
}

TEST(StartCheck, StaleCardHasNoResources) {
    Bench bench("workstation", Answers::job);
    ASSERT_EQ(bench.change("win11", "HighMmioGapSize", cim::Value::uint64(32768)).code, 0u);
    ASSERT_EQ(bench.add_gpu("win11", bench.gpu_path("DEV_2786")).code, 0u);
    ASSERT_TRUE(bench.sim().intervene([](World& world) {
        for (auto& function : world.functions)
            if (function.name == "NVIDIA GeForce RTX 4070") function.gone = true;
    }));
    auto end = start(bench, "win11");
    EXPECT_EQ(end.code, 32768u);
    EXPECT_NE(end.text.find("GPU Partition (Instance ID"), std::string::npos);
    EXPECT_NE(end.text.find("(0x800705AA)"), std::string::npos) << end.text;
}

TEST(StartCheck, TooLittleSpaceForACardHasNoResources) {
    Bench bench("workstation", Answers::job);
    ASSERT_EQ(bench.add_gpu("win11", bench.gpu_path("DEV_2786")).code, 0u);
    EXPECT_NE(start(bench, "win11").text.find("(0x800705AA)"), std::string::npos);
    ASSERT_EQ(bench.change("win11", "HighMmioGapSize", cim::Value::uint64(32768)).code, 0u);
    EXPECT_EQ(start(bench, "win11").code, 0u);
}

TEST(StartCheck, PartitionsRunOut) {
    Bench bench("workstation", Answers::job);
    ASSERT_TRUE(bench.sim().intervene([](World& world) {
        for (auto& gpu : world.gpus)
            gpu.partition_count = 1;
    }));
    for (auto vm : {"win11", "win10"}) {
        ASSERT_EQ(bench.change(vm, "HighMmioGapSize", cim::Value::uint64(32768)).code, 0u);
        ASSERT_EQ(bench.add_gpu(vm, bench.gpu_path("DEV_2786")).code, 0u);
    }
    EXPECT_EQ(start(bench, "win11").code, 0u);
    EXPECT_NE(start(bench, "win10").text.find("(0x800705AA)"), std::string::npos);
}

/// A server with the NIC in the VM "router", ready to run.
struct AssignedNic {
    Bench bench;
    AssignedNic() : bench("server2025", Answers::job) {}
    void change(const std::function<void(World&, PciFunction&)>& body) {
        ASSERT_TRUE(bench.sim().intervene([&](World& world) {
            for (auto& vm : world.vms)
                if (vm.config.name == "router") body(world, *find_function(world, vm.config.devices.front().function));
        }));
    }
};

TEST(StartCheck, AssignedDeviceRunsWhenEverythingFits) {
    AssignedNic nic;
    EXPECT_EQ(start(nic.bench, "router").code, 0u);
}

TEST(StartCheck, ClientEditionCannotRunAssignedDevices) {
    AssignedNic nic;
    nic.change([](World& world, PciFunction&) { world.host.product_type = 1; });
    auto end = start(nic.bench, "router");
    EXPECT_NE(end.text.find("A hypervisor feature is not available to the user.' (0xC035001E)"), std::string::npos)
        << end.text;
}

TEST(StartCheck, WithoutIommuOrIsolationAssignedDevicesDoNotRun) {
    AssignedNic nic, shared;
    nic.change([](World& world, PciFunction&) { world.host.iov_support = false; });
    EXPECT_NE(start(nic.bench, "router").text.find("0xC035001E"), std::string::npos);
    shared.change([](World&, PciFunction& function) { function.isolated = false; });
    EXPECT_NE(start(shared.bench, "router").text.find("0xC035001E"), std::string::npos);
}

TEST(StartCheck, StaleAssignmentIsNotFound) {
    Bench bench("server2025", Answers::job);
    EXPECT_NE(start(bench, "stale").text.find("'Element not found.' (0x80070490)"), std::string::npos);
}

TEST(StartCheck, DeviceMemoryMustFitTheGaps) {
    AssignedNic nic;
    ASSERT_EQ(nic.bench.change("router", "HighMmioGapSize", cim::Value::uint64(128)).code, 0u);
    nic.change([](World&, PciFunction& function) {
        function.memory = {{0x4000000000, 0x4000000000 + (1ull << 30) - 1}};
    });
    EXPECT_NE(start(nic.bench, "router").text.find("(0x800705AA)"), std::string::npos);
    ASSERT_EQ(nic.bench.change("router", "HighMmioGapSize", cim::Value::uint64(2048)).code, 0u);
    EXPECT_EQ(start(nic.bench, "router").code, 0u);
}

TEST(StartCheck, GapsMustLieInTheAddressSpace) {
    Bench bench("laptop", Answers::job);
    ASSERT_EQ(bench.change("win10", "HighMmioGapBase", cim::Value::uint64(1 << 20)).code, 0u);
    EXPECT_NE(start(bench, "win10").text.find("0x80070057"), std::string::npos);
}

TEST(StartCheck, StopActionAndDynamicMemoryMustSuitAssignedDevices) {
    AssignedNic nic;
    ASSERT_EQ(nic.bench.change("router", "AutomaticShutdownAction", cim::Value::uint16(3)).code, 0u);
    EXPECT_NE(start(nic.bench, "router").text.find("stop action"), std::string::npos);
    ASSERT_EQ(nic.bench.change("router", "AutomaticShutdownAction", cim::Value::uint16(2)).code, 0u);
    ASSERT_TRUE(nic.bench.sim().intervene([](World& world) {
        for (auto& vm : world.vms)
            vm.config.dynamic_memory = true;
    }));
    EXPECT_NE(start(nic.bench, "router").text.find("dynamic memory"), std::string::npos);
}

TEST(StartCheck, VmWithAnAssignedDeviceCannotBeSavedOrCheckpointedRunning) {
    AssignedNic nic;
    ASSERT_EQ(start(nic.bench, "router").code, 0u);
    EXPECT_EQ(nic.bench.request_state("router", 6).code, 32768u);
    EXPECT_EQ(nic.bench.machine("router").uint("EnabledState"), 2u);
    auto service = *nic.bench.one("SELECT * FROM Msvm_VirtualSystemSnapshotService").path();
    auto end = nic.bench.ending(
        nic.bench.invoke(service, "CreateSnapshot",
                         {{"AffectedSystem", cim::Value::reference(nic.bench.machine("router").path()->full())},
                          {"SnapshotType", cim::Value::uint16(2)}}));
    EXPECT_EQ(end.code, 32768u);
}

/// A host with real (here: tiny, not valid as images) disk files.
class StartWithFiles : public ::testing::Test {
  protected:
    TemporaryDirectory directory;
    std::string disk;
    std::unique_ptr<Bench> bench;

    void SetUp() override {
        SimOptions options;
        options.scenario = "files";
        options.scenario_text = R"({"vms": [{"name": "a", "disks": [{"path": "D:\\VMs\\a.vhdx"}]}]})";
        options.data_directory = directory.path();
        options.in_memory = true;
        options.answers = Answers::job;
        options.job_duration = std::chrono::milliseconds(0);
        bench = std::make_unique<Bench>(options);
        auto path = bench->host().files().local_path("D:\\VMs\\a.vhdx");
        ASSERT_TRUE(path) << describe(path.error());
        disk = *path;
        ASSERT_TRUE(platform::make_directories(platform::directory_of(disk)));
    }
};

TEST_F(StartWithFiles, MissingDiskIsReported) {
    EXPECT_NE(start(*bench, "a").text.find("(0x80070002)"), std::string::npos);
}

TEST_F(StartWithFiles, DiskHeldByAnotherProcessIsReported) {
    std::ofstream(disk) << "image";
    {
        auto holder = platform::File::open(disk, platform::OpenMode::read_write);
        ASSERT_TRUE(holder && holder->lock_exclusive());
        EXPECT_NE(start(*bench, "a").text.find("(0x80070020)"), std::string::npos);
    }
    EXPECT_EQ(start(*bench, "a").code, 0u);
}

TEST_F(StartWithFiles, DiskMountedOnTheHostIsReported) {
    std::ofstream(disk) << "image";
    auto service = *bench->one("SELECT * FROM Msvm_ImageManagementService").path();
    auto attach = [&] {
        return bench
            ->ending(bench->invoke(service, "AttachVirtualHardDisk",
                                   {{"Path", cim::Value::string("D:\\VMs\\a.vhdx")},
                                    {"AssignDriveLetter", cim::Value::boolean(false)},
                                    {"ReadOnly", cim::Value::boolean(false)}}))
            .code;
    };
    EXPECT_EQ(attach(), 0u);
    EXPECT_EQ(attach(), 32774u) << "mounted already";
    EXPECT_NE(start(*bench, "a").text.find("(0x80070020)"), std::string::npos);
    auto found = bench->invoke(
        service, "FindMountedStorageImageInstance",
        {{"SelectionCriterion", cim::Value::string("d:\\vms\\A.VHDX")}, {"CriterionType", cim::Value::uint16(0)}});
    auto image = cim::ObjectPath::parse(found.out.text_or("Image", ""));
    ASSERT_TRUE(image);
    EXPECT_EQ(bench->invoke(*image, "DetachVirtualHardDisk", {}).return_value, 0u);
    EXPECT_EQ(start(*bench, "a").code, 0u);
    EXPECT_EQ(attach(), 32774u) << "the VM has it now";
}

} // namespace

} // namespace exhyperv::sim::testing
