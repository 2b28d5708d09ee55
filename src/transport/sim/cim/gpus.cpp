#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/gpu_choice.h"
#include "transport/sim/world/ids.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

class PartitionableGpus final : public Family {
  public:
    PartitionableGpus() : Family(kV2, "Msvm_PartitionableGpu") {}

    void each(const View& view, const Visit& visit) const override {
        for (const auto& gpu : view.world.gpus)
            if (gpu_listed(view.world, gpu) && !visit(Object{.item = &gpu})) return;
    }

    void fill(const View&, const Object& object, Row& row) const override {
        const auto& gpu = *static_cast<const Gpu*>(object.item);
        row.text("CreationClassName", "Msvm_PartitionableGpu")
            .text("Name", gpu.interface_path)
            .number("EnabledState", 2);
        row.number("HealthState", 5).numbers("OperationalStatus", {2}).number("PartitionCount", gpu.partition_count);
        row.numbers("ValidPartitionCounts", {gpu.valid_counts.begin(), gpu.valid_counts.end()});
        row.flag("SupportsIncomingLiveMigration", gpu.live_migration);
        fill(row, "VRAM", gpu.vram);
        fill(row, "Encode", gpu.encode);
        fill(row, "Decode", gpu.decode);
        fill(row, "Compute", gpu.compute);
    }

  private:
    static void fill(Row& row, std::string_view what, const Amounts& amounts) {
        const std::string name(what);
        row.number("Total" + name, amounts.total).number("Available" + name, amounts.available);
        row.number("MinPartition" + name, amounts.min).number("MaxPartition" + name, amounts.max);
        row.number("OptimalPartition" + name, amounts.optimal);
    }
};

/// Rows exist only for partitions of running VMs.
class GpuPartitions final : public Family {
  public:
    GpuPartitions() : Family(kV2, "Msvm_GpuPartition") {}

    void each(const View& view, const Visit& visit) const override {
        for (const auto& vm : view.world.vms) {
            if (!vm.running() && vm.state != vm_state::paused) continue;
            for (std::size_t i = 0; i < vm.config.gpus.size(); ++i)
                if (!visit(Object{
                        .vm = &vm, .config = &vm.config, .owner = vm.id, .index = static_cast<std::uint32_t>(i)}))
                    return;
        }
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& allocation = object.config->gpus[object.index];
        const auto* gpu = gpu_of(view.world, allocation);
        row.text("CreationClassName", "Msvm_GpuPartition").text("SystemCreationClassName", "Msvm_ComputerSystem");
        row.text("SystemName", object.owner.str()).text("DeviceID", ids::component(object.owner, allocation.id.str()));
        row.number("EnabledState", 2)
            .number("PartitionId", object.index)
            .text("PartitionVfLuid", fmt::format("0x{:08X}", object.index + 0x1A2B));
        if (!gpu) return;
        row.text("DeviceInstancePath", "PCI\\" + gpu->function);
        auto share = [&](const Amounts& amounts) {
            return gpu->partition_count ? amounts.total / gpu->partition_count : amounts.total;
        };
        row.number("CurrentVRAM", share(gpu->vram)).number("CurrentEncode", share(gpu->encode));
        row.number("CurrentDecode", share(gpu->decode)).number("CurrentCompute", share(gpu->compute));
    }
};

} // namespace

void add_gpus(Families& out) {
    out.push_back(std::make_unique<PartitionableGpus>());
    out.push_back(std::make_unique<GpuPartitions>());
}

} // namespace exhyperv::sim
