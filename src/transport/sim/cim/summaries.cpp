#include "transport/sim/cim/summaries.h"
#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/jobs.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

class Summaries final : public Family {
  public:
    Summaries() : Family(kV2, "Msvm_SummaryInformation") {}

    void each(const View& view, const Visit& visit) const override {
        for (const auto& vm : view.world.vms)
            if (!visit(Object{.vm = &vm, .config = &vm.config, .owner = vm.id})) return;
    }

    std::optional<Object> find(const View& view, const cim::ObjectPath& path) const override {
        auto id = ids::parse(path.text_key("InstanceID"));
        const auto* vm = id && id->suffix.empty() ? find_vm(view.world, id->owner) : nullptr;
        if (!vm) return std::nullopt;
        return Object{.vm = vm, .config = &vm->config, .owner = vm->id};
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& vm = *object.vm;
        const auto on = vm.running() || vm.state == vm_state::paused;
        if (row.wants("InstanceID")) row.text("InstanceID", ids::setting(vm.id));
        if (row.wants("Name")) row.text("Name", vm.id.str());
        row.text("ElementName", vm.config.name).number("EnabledState", vm.state).number("HealthState", 5);
        row.numbers("OperationalStatus", {2}).when("CreationTime", vm.created_ms).text("Version", vm.version);
        if (row.wants("Notes")) row.text("Notes", join(vm.config.notes, "\n"));
        row.number("NumberOfProcessors", vm.config.processors).text("HostComputerSystemName", view.host());
        row.text("VirtualSystemSubType",
                 vm.generation == 1 ? "Microsoft:Hyper-V:SubType:1" : "Microsoft:Hyper-V:SubType:2");
        row.number("UpTime",
                   on ? static_cast<std::uint64_t>(std::max<std::int64_t>(0, view.now_ms - vm.state_since_ms)) : 0);
        row.number("MemoryUsage", on ? vm.config.memory_mib : 0).number("MemoryAvailable", on ? 60 : 0);
        row.number("ProcessorLoad", on ? 3 : 0).number("Heartbeat", on && vm.guest.integration_services ? 2 : 12);
        if (on) row.text_or_null("GuestOperatingSystem", vm.guest.os);
        row.flag("Shielded", vm.shielded).flag("SwapFilesInUse", false).number("AvailableMemoryBuffer", 0);
        if (row.wants("VirtualSwitchNames")) {
            std::vector<std::string> names;
            for (const auto& nic : vm.config.nics)
                if (!nic.switch_name.empty()) names.push_back(nic.switch_name);
            row.texts("VirtualSwitchNames", names);
        }
    }
};

} // namespace

std::optional<Endpoint> summary_of(const View& view, const Guid& vm) {
    for (const auto& family : families())
        if (family->class_name() == "Msvm_SummaryInformation")
            if (const auto* found = find_vm(view.world, vm))
                return Endpoint{family.get(), Object{.vm = found, .config = &found->config, .owner = vm}};
    return std::nullopt;
}

std::string_view summary_property(std::uint32_t requested) {
    switch (requested) {
    case 0:
        return "Name";
    case 1:
        return "ElementName";
    case 2:
        return "CreationTime";
    case 3:
        return "Notes";
    case 4:
        return "NumberOfProcessors";
    case 5:
    case 6:
    case 7:
        return "ThumbnailImage";
    case 8:
        return "AllocatedGPU";
    case 9:
        return "VirtualSwitchNames";
    case 10:
        return "Version";
    case 11:
        return "Shielded";
    case 100:
        return "EnabledState";
    case 101:
        return "ProcessorLoad";
    case 102:
        return "ProcessorLoadHistory";
    case 103:
        return "MemoryUsage";
    case 104:
        return "Heartbeat";
    case 105:
        return "UpTime";
    case 106:
        return "GuestOperatingSystem";
    case 107:
        return "Snapshots";
    case 108:
        return "AsynchronousTasks";
    case 109:
        return "HealthState";
    case 110:
        return "OperationalStatus";
    case 111:
        return "StatusDescriptions";
    case 112:
        return "MemoryAvailable";
    case 113:
        return "AvailableMemoryBuffer";
    default:
        return {};
    }
}

void add_summaries(Families& out) {
    out.push_back(std::make_unique<Summaries>());
}

} // namespace exhyperv::sim
