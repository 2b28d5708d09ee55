#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

namespace exhyperv::sim {

namespace {

/// The host's own row and one a VM. The host's Name is the computer's, a VM's is its GUID.
class ComputerSystems final : public Family {
  public:
    ComputerSystems() : Family(kV2, "Msvm_ComputerSystem") {}

    void each(const View& view, const Visit& visit) const override {
        if (!visit(Object{})) return;
        for (const auto& vm : view.world.vms)
            if (!visit(Object{.vm = &vm, .config = &vm.config, .owner = vm.id})) return;
    }

    std::optional<Object> find(const View& view, const cim::ObjectPath& path) const override {
        auto name = path.text_key("Name");
        if (iequals(name, view.host())) return Object{};
        auto id = Guid::parse(name);
        const auto* vm = id ? find_vm(view.world, *id) : nullptr;
        if (!vm) return std::nullopt;
        return Object{.vm = vm, .config = &vm->config, .owner = vm->id};
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        row.text("CreationClassName", "Msvm_ComputerSystem");
        const auto zh = view.chinese();
        if (!object.vm) {
            row.text("Name", view.host()).text("ElementName", view.host()).text("Caption", captions::host.in(zh));
            row.text("Description", captions::host_description.in(zh))
                .number("EnabledState", 2)
                .number("HealthState", 5);
            row.numbers("OperationalStatus", {2}).number("RequestedState", 12).number("EnabledDefault", 2);
            return;
        }
        const auto& vm = *object.vm;
        if (row.wants("Name")) row.text("Name", vm.id.str());
        row.text("ElementName", vm.config.name).text("Caption", captions::virtual_machine.in(zh));
        row.text("Description", captions::virtual_machine_description.in(zh));
        row.number("EnabledState", vm.state)
            .number("RequestedState", 12)
            .number("EnabledDefault", 2)
            .number("HealthState", 5);
        row.numbers("OperationalStatus", {2}).when("TimeOfLastStateChange", vm.state_since_ms);
        row.when("TimeOfLastConfigurationChange", vm.changed_ms).when("InstallDate", vm.created_ms);
        row.number("NumberOfNumaNodes", 1)
            .number("ReplicationState", 0)
            .number("ReplicationHealth", 0)
            .number("ReplicationMode", 0);
        row.number("EnhancedSessionModeState", vm.running() ? 2 : 6);
        auto on = vm.running() || vm.state == vm_state::paused;
        row.number("OnTimeInMilliseconds",
                   on ? static_cast<std::uint64_t>(std::max<std::int64_t>(0, view.now_ms - vm.state_since_ms)) : 0);
        if (on) row.number("ProcessID", vm.process_id);
    }
};

} // namespace

void add_computer_systems(Families& out) {
    out.push_back(std::make_unique<ComputerSystems>());
}

} // namespace exhyperv::sim
