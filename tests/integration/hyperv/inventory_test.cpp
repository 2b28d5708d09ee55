#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/host_facts.h"
#include "hyperv/lookup.h"
#include "hyperv/pci_devices.h"
#include "hyperv/vms.h"
#include "simulated.h"
#include "support/strings.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::hyperv {
namespace {

TEST(HostFacts, TellAClientFromAServer) {
    const auto client = must(read_host_facts(*simulated("workstation"), in_time()));
    EXPECT_EQ(client.build, 26100u);
    EXPECT_EQ(client.computer_name, "STUDIO");
    EXPECT_FALSE(client.server());
    EXPECT_EQ(client.hyperv_service_running, true);
    EXPECT_EQ(client.physical_address_bits, 46u);
    EXPECT_FALSE(client.require_secure_device_assignment) << "not set is not zero";
    EXPECT_TRUE(must(read_host_facts(*simulated("server2025"), in_time())).server());
}

TEST(Vms, AreListedWithoutTheHostEvenWhenOneIsCalledLikeIt) {
    const auto host = simulated("workstation");
    const auto vms = must(list_vms(host->cim(), in_time()));
    EXPECT_EQ(std::count_if(vms.begin(), vms.end(), [](const auto& vm) { return vm.name == "STUDIO"; }), 1);
    EXPECT_EQ(find_vm(vms, "twin").error().code, "vm.ambiguous");
    EXPECT_TRUE(std::is_sorted(vms.begin(), vms.end(),
                               [](const auto& a, const auto& b) { return ascii_lower(a.name) < ascii_lower(b.name); }));
}

TEST(Vms, HaveTheirSettingsMemoryAndDisks) {
    const auto host = simulated("workstation");
    const auto vms = must(list_vms(host->cim(), in_time()));
    const auto vm = must(find_vm(vms, "win11"));
    EXPECT_EQ(vm.state, model::VmState::off);
    EXPECT_EQ(vm.generation, 2);
    EXPECT_EQ(vm.version, "12.0");
    EXPECT_EQ(vm.processors, 8u);
    EXPECT_EQ(vm.memory.startup_mib, 8192u);
    ASSERT_EQ(vm.disks.size(), 1u);
    EXPECT_EQ(vm.disks[0].path, "D:\\VMs\\win11\\win11.vhdx");
    EXPECT_EQ(vm.settings.stop_action, model::StopAction::save);
    EXPECT_EQ(vm.settings.guest_controlled_cache_types, false);
    EXPECT_EQ(vm.settings.low_mmio_mib, 128u);
    EXPECT_EQ(vm.settings.high_mmio_mib, 512u);
    EXPECT_EQ(must(find_vm(vms, "legacy")).generation, 1);
    EXPECT_EQ(must(find_vm(vms, "running")).state, model::VmState::running);
    EXPECT_EQ(must(find_vm(vms, "running")).guest_build, 26100u) << "a running guest tells its build";
    EXPECT_TRUE(must(find_vm(vms, "no-disk")).disks.empty());
}

TEST(Vms, TellTheLeafFromTheParentsOfCheckpoints) {
    const auto host = simulated("workstation");
    const auto vm = must(find_vm(must(list_vms(host->cim(), in_time())), "checkpointed"));
    EXPECT_EQ(vm.checkpoints, 1u);
    ASSERT_EQ(vm.disks.size(), 1u);
    EXPECT_TRUE(vm.disks[0].path.ends_with(".avhdx")) << vm.disks[0].path;
    ASSERT_EQ(vm.checkpoint_disks.size(), 1u);
    EXPECT_EQ(vm.checkpoint_disks[0], "D:\\VMs\\checkpointed\\checkpointed.vhdx");
}

TEST(Vms, AreReadOnEveryBuild) {
    for (const char* build : {"14393", "17763", "19041", "20348", "22000", "22621", "26100", "28000"}) {
        const auto host = simulated(std::string("workstation?build=") + build);
        const auto vms = list_vms(host->cim(), in_time());
        ASSERT_TRUE(vms) << build << ": " << describe(vms.error());
        const auto vm = must(find_vm(*vms, "win11"));
        EXPECT_EQ(vm.settings.high_mmio_base_mib.has_value(), std::string(build) >= "17134") << build;
        EXPECT_EQ(vm.settings.automatic_checkpoints.has_value(), std::string(build) >= "16299") << build;
        EXPECT_TRUE(list_gpus(*host, in_time())) << build;
    }
}

TEST(Gpus, AreJoinedWithDriverMemoryAndPlace) {
    const auto host = simulated("workstation");
    const auto gpu = must(find_gpu(must(list_gpus(*host, in_time())), "4070"));
    EXPECT_EQ(gpu.name, "NVIDIA GeForce RTX 4070");
    EXPECT_EQ(gpu.vendor, model::GpuVendor::nvidia);
    EXPECT_EQ(gpu.driver_version, "32.0.15.6094");
    EXPECT_EQ(gpu.vram_bytes, 12884901888u) << "not the normalized number of the provider, and not cut at 4 GiB";
    EXPECT_EQ(gpu.location_path, "PCIROOT(0)#PCI(0100)#PCI(0000)");
    EXPECT_TRUE(gpu.partitionable());
    EXPECT_EQ(gpu.place.kind, model::PlaceKind::host);
    EXPECT_EQ(gpu.vram.total, 1'000'000'000u);
}

TEST(Gpus, OfOneNameAreToldApartByTheirPath) {
    const auto host = simulated("server2025");
    const auto gpus = must(list_gpus(*host, in_time()));
    const auto twins = find_gpu(gpus, "Quadro RTX 4000");
    ASSERT_FALSE(twins);
    EXPECT_EQ(twins.error().code, "gpu.ambiguous");
    for (const auto& gpu : gpus)
        if (gpu.name == "NVIDIA Quadro RTX 4000") {
            EXPECT_EQ(must(find_gpu(gpus, gpu.instance_path)).location_path, gpu.location_path);
        }
}

TEST(GpuPartitions, AreThoseOfVmsAndNotTheTemplates) {
    const auto host = simulated("workstation");
    const auto gpus = must(list_gpus(*host, in_time()));
    const auto partitions = must(list_gpu_partitions(host->cim(), gpus, in_time()));
    ASSERT_EQ(partitions.size(), 1u);
    EXPECT_EQ(partitions[0].vm_id, must(find_vm(must(list_vms(host->cim(), in_time())), "shared")).id);
    EXPECT_EQ(model::gpu_vendor_of(partitions[0].gpu_interface_path), model::GpuVendor::intel);
    EXPECT_FALSE(partitions[0].stale);
}

TEST(PciDevices, AreInThePlaceTheyAreIn) {
    const auto host = simulated("server2025");
    const auto vms = must(list_vms(host->cim(), in_time()));
    const auto devices = must(list_pci_devices(*host, in_time()));
    const auto place = [&](const char* name) -> std::optional<model::Place> {
        for (const auto& device : devices)
            if (device.name.find(name) != std::string::npos) return device.place;
        return std::nullopt;
    };
    ASSERT_TRUE(place("VIA USB 3.0"));
    EXPECT_EQ(place("VIA USB 3.0")->kind, model::PlaceKind::dismounted);
    EXPECT_EQ(place("NVIDIA A16")->kind, model::PlaceKind::host);
    const auto in = [&](const char* vm) {
        const auto id = must(find_vm(vms, vm)).id;
        for (const auto& device : devices)
            if (device.place.vm_id == id) return device.place.kind;
        return model::PlaceKind::host;
    };
    EXPECT_EQ(in("router"), model::PlaceKind::vm);
    EXPECT_EQ(in("stale"), model::PlaceKind::stale_reference);
}

TEST(Names, OfAChineseHostAreOnlyNames) {
    const auto host = simulated("chinese");
    const auto vms = must(list_vms(host->cim(), in_time()));
    EXPECT_EQ(vms.size(), 4u);
    EXPECT_EQ(must(find_vm(vms, "渲染")).state, model::VmState::off);
    EXPECT_EQ(find_vm(vms, "测试机").error().code, "vm.ambiguous");
    EXPECT_EQ(must(find_vm(vms, "运行中")).state, model::VmState::running);
}

} // namespace
} // namespace exhyperv::hyperv
