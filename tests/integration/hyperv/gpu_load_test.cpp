#include "hyperv/gpu_load.h"

#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/lookup.h"
#include "hyperv/vms.h"
#include "simulated.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::hyperv {
namespace {

TEST(GpuCounterName, IsTakenApart) {
    const auto name = parse_counter_name("pid_1234_luid_0x00000001_0x0000C3B1_phys_0_eng_0_engtype_3D");
    ASSERT_TRUE(name);
    EXPECT_EQ(name->process_id, 1234u);
    EXPECT_EQ(name->luid, 0x1'0000'C3B1u);
    EXPECT_EQ(name->engine, "phys_0_eng_0_engtype_3D");
}

TEST(GpuCounterName, OfAnotherShapeIsNone) {
    for (const char* name : {"", "_Total", "pid_", "pid_x_luid_0x0_0x1_phys_0", "pid_1_luid_0x1", "pid_1_luid_0x1_0x2",
                             "pid_99999999999_luid_0x1_0x2_phys_0", "luid_0x0_0x1_phys_0"})
        EXPECT_FALSE(parse_counter_name(name)) << name;
}

TEST(GpuLoad, IsToldByCardAndVm) {
    const auto host = simulated("workstation");
    const auto vm = must(find_vm(must(list_vms(host->cim(), in_time())), "running"));
    const auto gpu = must(find_gpu(must(list_gpus(*host, in_time())), "4070"));
    const auto of_vm = [&](const std::vector<GpuLoad>& loads) {
        return std::count_if(loads.begin(), loads.end(), [&](const GpuLoad& load) { return load.vm == vm.id; });
    };
    const auto before = must(read_gpu_load(*host, in_time()));
    EXPECT_EQ(of_vm(before), 0);
    EXPECT_TRUE(std::any_of(before.begin(), before.end(), [&](const GpuLoad& load) {
        return !load.vm && load.gpu == gpu.instance_path;
    })) << "the host's own desktop uses the card";

    must(add_gpu_partition(host->cim(), vm.id, gpu.interface_path, in_time()));
    const auto after = must(read_gpu_load(*host, in_time()));
    ASSERT_EQ(of_vm(after), 1);
    for (const GpuLoad& load : after) {
        EXPECT_GE(load.percent, 0);
        EXPECT_LE(load.percent, 100);
        EXPECT_TRUE(load.memory_bytes);
    }
}

TEST(GpuLoad, OfAHostWithoutPartitionsIsItsOwn) {
    const auto host = simulated("laptop"); // cards, but nothing runs on them in a VM
    for (const GpuLoad& load : must(read_gpu_load(*host, in_time())))
        EXPECT_FALSE(load.vm);
}

} // namespace
} // namespace exhyperv::hyperv
