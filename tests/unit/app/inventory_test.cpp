#include "app/guest_report.h"
#include "app/session.h"

#include <gtest/gtest.h>

namespace exhyperv::app {
namespace {

Inventory two_vms_one_card() {
    Inventory inventory;
    inventory.vms.resize(2);
    inventory.vms[0].id = Guid::from_name("a");
    inventory.vms[1].id = Guid::from_name("b");
    model::Gpu card;
    card.interface_path = R"(\\?\PCI#VEN_10DE\GPUPARAV)";
    inventory.gpus = {card, model::Gpu{}};
    model::GpuPartition partition;
    partition.vm_id = inventory.vms[0].id;
    partition.gpu_interface_path = R"(\\?\pci#ven_10de\gpuparav)";
    model::GpuPartition unnamed;
    unnamed.vm_id = inventory.vms[1].id;
    inventory.partitions = {partition, unnamed};
    return inventory;
}

TEST(Inventory, JoinsPartitionsWithCardsWithoutRegardToCase) {
    const auto inventory = two_vms_one_card();
    EXPECT_EQ(inventory.gpu_of(inventory.partitions[0]), &inventory.gpus[0]);
    EXPECT_EQ(inventory.partitions_of_gpu(inventory.gpus[0]).size(), 1u);
    EXPECT_EQ(inventory.partitions_of_vm(inventory.vms[0].id).size(), 1u);
}

TEST(Inventory, NeverJoinsAnUnnamedPartitionWithACardThatCannotBeShared) {
    const auto inventory = two_vms_one_card();
    EXPECT_EQ(inventory.gpu_of(inventory.partitions[1]), nullptr);
    EXPECT_TRUE(inventory.partitions_of_gpu(inventory.gpus[1]).empty());
}

TEST(LooksLikeImagePath, TellsPathsFromNamesOfVms) {
    for (const char* path : {"a.vhdx", "/images/golden", R"(C:\vm\disk.VHDX)", "x.AVHDX", "./win11"})
        EXPECT_TRUE(looks_like_image_path(path)) << path;
    for (const char* name : {"win11", "Windows 11 (2)", "vhdx", "3F2504E0-4F89-11D3-9A0C-0305E82C3301"})
        EXPECT_FALSE(looks_like_image_path(name)) << name;
}

} // namespace
} // namespace exhyperv::app
