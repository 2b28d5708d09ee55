#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/ids.h"

namespace exhyperv::sim {

namespace {

bool registered(const View& view, const PciFunction& function) {
    return function.dismounted() && view.now_ms >= function.registered_ms;
}

/// Msvm_PciExpress: one row of the host for each dismounted function, and a second one, of the VM, when it is assigned.
class PciExpress final : public Family {
  public:
    PciExpress() : Family(kV2, "Msvm_PciExpress") {}

    void each(const View& view, const Visit& visit) const override {
        for (const auto& function : view.world.functions)
            if (registered(view, function) && !visit(Object{.item = &function})) return;
        for (const auto& vm : view.world.vms)
            for (std::size_t i = 0; i < vm.config.devices.size(); ++i) {
                const auto* function = find_function(view.world, vm.config.devices[i].function);
                if (!function || !registered(view, *function)) continue;
                if (!visit(Object{.vm = &vm, .owner = vm.id, .item = function, .index = static_cast<std::uint32_t>(i)}))
                    return;
            }
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& function = *static_cast<const PciFunction*>(object.item);
        auto id = object.vm ? object.vm->config.devices[object.index].id : Guid::from_name("pci:" + function.pure_id);
        row.text("CreationClassName", "Msvm_PciExpress").text("SystemCreationClassName", "Msvm_ComputerSystem");
        row.text("SystemName", object.vm ? object.vm->id.str() : view.host());
        if (row.wants("DeviceID")) row.text("DeviceID", ids::component(id, function.twin_path()));
        row.text("ElementName", function.name)
            .text("Caption", function.name)
            .text("DeviceInstancePath", function.twin_path());
        row.text("LocationPath", function.location_path).number("FunctionNumber", function.function);
        row.number("EnabledState", 2).number("HealthState", 5).numbers("OperationalStatus", {2});
    }
};

/// Msvm_VirtualSystemPciExpressSettingData, on builds that have it: how the VM sees its PCI Express bus.
class PciExpressTopology final : public Family {
  public:
    PciExpressTopology() : Family(kV2, "Msvm_VirtualSystemPciExpressSettingData") {}
    void each(const View& view, const Visit& visit) const override {
        for (const auto& vm : view.world.vms)
            if (!visit(Object{.vm = &vm, .config = &vm.config, .owner = vm.id})) return;
    }
    void fill(const View&, const Object& object, Row& row) const override {
        if (row.wants("InstanceID")) row.text("InstanceID", ids::component(object.owner, "PciExpress"));
        row.number("EmulationMode", object.config->pcie_emulation).number("Topology", object.config->pcie_topology);
    }
};

} // namespace

void add_pci_express(Families& out) {
    out.push_back(std::make_unique<PciExpress>());
    out.push_back(std::make_unique<PciExpressTopology>());
}

} // namespace exhyperv::sim
