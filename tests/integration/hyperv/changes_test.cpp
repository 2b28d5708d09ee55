#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/lookup.h"
#include "hyperv/power.h"
#include "hyperv/settings.h"
#include "hyperv/vms.h"
#include "simulated.h"

#include <gtest/gtest.h>

namespace exhyperv::hyperv {
namespace {

model::Vm vm_called(host::Host& host, const char* name) {
    return must(find_vm(must(list_vms(host.cim(), in_time())), name));
}

class BothAnswers : public testing::TestWithParam<sim::Answers> {};

TEST_P(BothAnswers, APartitionComesWithItsCardAndGoesAgain) {
    const auto host = simulated("workstation", GetParam());
    const auto vm = vm_called(*host, "win11");
    const auto gpu = must(find_gpu(must(list_gpus(*host, in_time())), "4070"));
    const auto added = add_gpu_partition(host->cim(), vm.id, gpu.interface_path, in_time());
    ASSERT_TRUE(added) << describe(added.error());
    EXPECT_EQ(added->vm_id, vm.id);
    EXPECT_EQ(added->gpu_interface_path, gpu.interface_path);
    EXPECT_EQ(must(list_gpu_partitions(host->cim(), {gpu}, in_time())).size(), 2u);

    const PartitionAmounts amounts = {{"MaxPartitionVRAM", 500'000'000}, {"OptimalPartitionVRAM", 500'000'000}};
    ASSERT_TRUE(write_partition_amounts(host->cim(), added->id, amounts, in_time()));
    EXPECT_EQ(must(read_partition_amounts(host->cim(), added->id, in_time())), amounts);

    ASSERT_TRUE(remove_gpu_partition(host->cim(), added->id, in_time()));
    ASSERT_TRUE(remove_gpu_partition(host->cim(), added->id, in_time())) << "one that is not there is success";
    EXPECT_EQ(must(list_gpu_partitions(host->cim(), {gpu}, in_time())).size(), 1u);
}

TEST_P(BothAnswers, SettingsAreChangedAndReadBack) {
    const auto host = simulated("workstation", GetParam());
    const auto vm = vm_called(*host, "win11");
    EXPECT_EQ(change_settings(host->cim(), vm.id, {{kHighMmio, std::uint64_t{32768}}, {kCacheTypes, true}}, in_time()),
              true);
    EXPECT_EQ(change_settings(host->cim(), vm.id, {{kHighMmio, std::uint64_t{32768}}, {kCacheTypes, true}}, in_time()),
              false);
    const auto again = vm_called(*host, "win11");
    EXPECT_EQ(again.settings.high_mmio_mib, 32768u);
    EXPECT_EQ(again.disks.size(), vm.disks.size());
}

TEST_P(BothAnswers, ARunningVmRefusesHardwareSettings) {
    const auto host = simulated("workstation", GetParam());
    const auto vm = vm_called(*host, "running");
    const auto changed = change_settings(host->cim(), vm.id, {{kHighMmio, std::uint64_t{32768}}}, in_time());
    ASSERT_FALSE(changed);
    EXPECT_TRUE(changed.error().code.starts_with("hyperv.")) << describe(changed.error());
    EXPECT_EQ(vm_called(*host, "running").settings.high_mmio_mib, vm.settings.high_mmio_mib);
}

TEST_P(BothAnswers, AGuestIsShutDownOrTurnedOff) {
    const auto host = simulated("workstation", GetParam());
    const auto vm = vm_called(*host, "running");
    const auto down = shut_down(host->cim(), vm.id, in_time());
    ASSERT_TRUE(down) << describe(down.error());
    EXPECT_EQ(must(read_vm_state(host->cim(), vm.id, in_time())), model::VmState::off);
    EXPECT_TRUE(turn_off(host->cim(), vm.id, in_time())) << "off already";

    const auto server = simulated("server2025", GetParam());
    const auto refusing = vm_called(*server, "refuses");
    EXPECT_FALSE(shut_down(server->cim(), refusing.id, CallContext::within(std::chrono::seconds(2))));
    EXPECT_EQ(must(read_vm_state(server->cim(), refusing.id, in_time())), model::VmState::running);
    ASSERT_TRUE(turn_off(server->cim(), refusing.id, in_time()));
    EXPECT_EQ(must(read_vm_state(server->cim(), refusing.id, in_time())), model::VmState::off);
}

INSTANTIATE_TEST_SUITE_P(Answers, BothAnswers,
                         testing::Values(sim::Answers::natural, sim::Answers::synchronous, sim::Answers::job));

TEST(AddPartition, OfACardThatIsNotThereIsRefused) {
    const auto host = simulated("workstation");
    EXPECT_EQ(
        add_gpu_partition(host->cim(), vm_called(*host, "win11").id, "\\\\?\\PCI#VEN_0000", in_time()).error().code,
        "gpu.not_partitionable");
}

} // namespace
} // namespace exhyperv::hyperv
