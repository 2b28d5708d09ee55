#include "cli/views/inventory_view.h"

#include <gtest/gtest.h>

namespace exhyperv::cli {
namespace {

app::Inventory sample_inventory() {
    app::Inventory inventory;
    model::Vm vm;
    vm.id = Guid::from_name("a");
    vm.name = "游戏\x1b[2J";
    vm.state = model::VmState::running;
    vm.version = "12.0";
    vm.processors = 8;
    vm.memory = {4096, 512, 8192, true};
    vm.disks.push_back({R"(C:\vm\a.vhdx)", false, 0, 0});
    vm.settings.high_mmio_mib = 32768;
    inventory.vms = {vm};
    model::Gpu gpu;
    gpu.name = "NVIDIA GeForce RTX 4070";
    gpu.vendor = model::GpuVendor::nvidia;
    gpu.interface_path = "path";
    gpu.vram_bytes = std::uint64_t{12} << 30;
    model::Gpu dismounted;
    dismounted.name = "Second";
    dismounted.place.kind = model::PlaceKind::dismounted;
    inventory.gpus = {gpu, dismounted};
    model::GpuPartition partition;
    partition.id = "Microsoft:id";
    partition.vm_id = vm.id;
    partition.gpu_interface_path = "PATH";
    inventory.partitions = {partition};
    return inventory;
}

TEST(VmView, ShowsStateMemoryAndCards) {
    const auto inventory = sample_inventory();
    Ui ui;
    ui.width = 200;
    const std::string table = vm_table(inventory, ui);
    EXPECT_NE(table.find("游戏[2J  running    2     8   4 GiB  NVIDIA GeForce RTX 4070"), std::string::npos) << table;
    const std::string text = vm_text(inventory, inventory.vms[0], ui);
    EXPECT_NE(text.find("4 GiB, dynamic from 512 MiB to 8 GiB"), std::string::npos) << text;
    EXPECT_NE(text.find("32 GiB"), std::string::npos);
    EXPECT_NE(text.find("this Windows build does not have it"), std::string::npos)
        << "an absent setting is not \"off\"";
    EXPECT_EQ((table + text).find('\x1b'), std::string::npos);
}

TEST(VmView, NamesAPartitionOfACardThatIsGone) {
    auto inventory = sample_inventory();
    inventory.partitions[0].stale = true;
    Ui ui;
    ui.width = 200;
    EXPECT_NE(vm_table(inventory, ui).find("a card this host has no more"), std::string::npos);
}

TEST(GpuView, ShowsPlaceAndUsersAndKeepsTheUnknownUnknown) {
    const auto inventory = sample_inventory();
    Ui ui;
    ui.width = 200;
    const std::string table = gpu_table(inventory, ui);
    EXPECT_NE(table.find("12 GiB"), std::string::npos) << table;
    EXPECT_NE(table.find("unknown"), std::string::npos);
    EXPECT_NE(table.find("dismounted: owned by nobody"), std::string::npos);
    EXPECT_NE(table.find("游戏"), std::string::npos);
}

TEST(InventoryViews, OfAnEmptyHostSaySo) {
    EXPECT_EQ(vm_table({}, {}), "This host has no virtual machines.\n");
    EXPECT_EQ(gpu_table({}, {}), "none\n");
}

} // namespace
} // namespace exhyperv::cli
