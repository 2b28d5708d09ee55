#include "hyperv/vms.h"

#include "cim/xml.h"
#include "hyperv/provider.h"
#include "hyperv/setting_id.h"
#include "hyperv/vm_disks.h"
#include "support/strings.h"

#include <algorithm>
#include <unordered_map>

namespace exhyperv::hyperv {

namespace {

constexpr std::string_view kRealized = "Microsoft:Hyper-V:System:Realized";
constexpr std::string_view kSnapshotPrefix = "Microsoft:Hyper-V:Snapshot:";

using VmById = std::unordered_map<Guid, model::Vm*>;

model::Vm* owner(const VmById& vms, const cim::Instance& row) {
    const auto id = owner_of_setting(row.text_or("InstanceID", ""));
    if (!id) return nullptr;
    const auto found = vms.find(*id);
    return found == vms.end() ? nullptr : found->second;
}

Result<std::vector<model::Vm>> read_systems(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_class(session, "Msvm_ComputerSystem",
                                           {"Name", "ElementName", "EnabledState", "ProcessID"}, {}, context));
    std::vector<model::Vm> vms;
    for (const cim::Instance& row : rows) {
        const auto id = Guid::parse(row.text_or("Name", ""));
        if (!id) continue; // the host: its Name is the computer's name, a VM's is a GUID
        model::Vm vm;
        vm.id = *id;
        vm.name = row.text_or("ElementName", "");
        vm.raw_state = static_cast<std::uint16_t>(row.uint("EnabledState").value_or(0));
        vm.state = vm_state_of(vm.raw_state);
        vm.process_id = static_cast<std::uint32_t>(row.uint("ProcessID").value_or(0));
        vms.push_back(std::move(vm));
    }
    return vms;
}

Result<> add_settings(host::CimSession& session, const VmById& vms, std::unordered_map<Guid, Guid>& vm_of_snapshot,
                      const CallContext& context) {
    TRY_ASSIGN(const auto rows,
               read_class(session, "Msvm_VirtualSystemSettingData",
                          {"InstanceID", "VirtualSystemIdentifier", "VirtualSystemType", "VirtualSystemSubType",
                           "Version", "AutomaticShutdownAction", "GuestControlledCacheTypes", "LowMmioGapSize",
                           "HighMmioGapSize", "HighMmioGapBase", "UserSnapshotType", "AutomaticSnapshotsEnabled"},
                          {}, context));
    for (const cim::Instance& row : rows) {
        const auto id = Guid::parse(row.text_or("VirtualSystemIdentifier", ""));
        const auto found = id ? vms.find(*id) : vms.end();
        if (found == vms.end()) continue;
        model::Vm& vm = *found->second;
        const std::string type = row.text_or("VirtualSystemType", "");
        if (istarts_with(type, kSnapshotPrefix)) {
            ++vm.checkpoints;
            if (const auto snapshot = owner_of_setting(row.text_or("InstanceID", "")))
                vm_of_snapshot.emplace(*snapshot, vm.id);
        } else if (iequals(type, kRealized)) {
            vm.version = row.text_or("Version", "");
            vm.generation = row.text_or("VirtualSystemSubType", "").ends_with(":1") ? 1 : 2;
            vm.settings = vm_settings_of(row);
            if (row.path()) vm.settings_path = row.path()->full();
        }
    }
    return {};
}

Result<> add_memory_and_processors(host::CimSession& session, const VmById& vms, const CallContext& context) {
    TRY_ASSIGN(const auto memories,
               read_class(session, "Msvm_MemorySettingData",
                          {"InstanceID", "VirtualQuantity", "Reservation", "Limit", "DynamicMemoryEnabled"}, {},
                          context));
    for (const cim::Instance& row : memories)
        if (model::Vm* vm = owner(vms, row)) {
            vm->memory.startup_mib = row.uint("VirtualQuantity").value_or(0);
            vm->memory.minimum_mib = row.uint("Reservation").value_or(0);
            vm->memory.maximum_mib = row.uint("Limit").value_or(0);
            vm->memory.dynamic = row.boolean("DynamicMemoryEnabled").value_or(false);
        }
    TRY_ASSIGN(const auto processors,
               read_class(session, "Msvm_ProcessorSettingData", {"InstanceID", "VirtualQuantity"}, {}, context));
    for (const cim::Instance& row : processors)
        if (model::Vm* vm = owner(vms, row))
            vm->processors = static_cast<std::uint32_t>(row.uint("VirtualQuantity").value_or(0));
    return {};
}

/// What running guests say of themselves. Old guests and stopped VMs say nothing.
Result<> add_guest_builds(host::CimSession& session, const VmById& vms, const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_class(session, "Msvm_KvpExchangeComponent",
                                           {"SystemName", "GuestIntrinsicExchangeItems"}, {}, context));
    for (const cim::Instance& row : rows) {
        const auto id = Guid::parse(row.text_or("SystemName", ""));
        const auto found = id ? vms.find(*id) : vms.end();
        if (found == vms.end()) continue;
        for (const std::string& item : row.strings("GuestIntrinsicExchangeItems")) {
            if (item.find("OSBuildNumber") == std::string::npos) continue; // parse one item in twenty-five
            const auto pair = cim::parse_cim_xml(item, {.bytes = 64u << 10});
            if (!pair || pair->text_or("Name", "") != "OSBuildNumber") continue;
            if (const auto build = parse_u64(pair->text_or("Data", "")); build && *build < 1'000'000)
                found->second->guest_build = static_cast<std::uint32_t>(*build);
        }
    }
    return {};
}

} // namespace

model::VmState vm_state_of(std::uint64_t enabled_state) {
    using enum model::VmState;
    switch (enabled_state) {
    case 2:
        return running;
    case 3:
        return off;
    case 6:
    case 32769:
    case 32779:
        return saved;
    case 9:
    case 32768:
        return paused;
    case 4:
    case 10:
    case 11:
    case 32770:
    case 32771:
    case 32773:
    case 32774:
    case 32776:
    case 32777:
    case 32780:
        return changing;
    default:
        return enabled_state >= 32781 && enabled_state <= 32792 ? critical : unknown;
    }
}

model::VmSettings vm_settings_of(const cim::Instance& data) {
    model::VmSettings settings;
    switch (data.uint("AutomaticShutdownAction").value_or(3)) {
    case 2:
        settings.stop_action = model::StopAction::turn_off;
        break;
    case 4:
        settings.stop_action = model::StopAction::shut_down;
        break;
    default:
        settings.stop_action = model::StopAction::save;
        break;
    }
    settings.guest_controlled_cache_types = data.boolean("GuestControlledCacheTypes");
    settings.low_mmio_mib = data.uint("LowMmioGapSize");
    settings.high_mmio_mib = data.uint("HighMmioGapSize");
    settings.high_mmio_base_mib = data.uint("HighMmioGapBase");
    if (const auto type = data.uint("UserSnapshotType"); type && *type >= 2 && *type <= 5)
        settings.checkpoint_type = static_cast<model::CheckpointType>(*type);
    settings.automatic_checkpoints = data.boolean("AutomaticSnapshotsEnabled");
    return settings;
}

Result<std::vector<model::Vm>> list_vms(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(auto vms, read_systems(session, context));
    VmById by_id;
    by_id.reserve(vms.size());
    for (model::Vm& vm : vms)
        by_id.emplace(vm.id, &vm);

    std::unordered_map<Guid, Guid> vm_of_snapshot;
    TRY(add_settings(session, by_id, vm_of_snapshot, context));
    TRY(add_memory_and_processors(session, by_id, context));
    TRY(add_guest_builds(session, by_id, context));
    TRY_ASSIGN(auto disks, read_disks(session, context));
    for (model::Vm& vm : vms) {
        auto range = disks.of_owner.find(vm.id);
        if (range != disks.of_owner.end()) vm.disks = std::move(range->second);
    }
    for (const auto& [snapshot, vm_id] : vm_of_snapshot)
        if (const auto range = disks.of_owner.find(snapshot); range != disks.of_owner.end())
            for (const model::VmDisk& disk : range->second)
                if (!disk.physical) by_id.at(vm_id)->checkpoint_disks.push_back(disk.path);

    std::sort(vms.begin(), vms.end(), [](const model::Vm& a, const model::Vm& b) {
        const auto left = ascii_lower(a.name), right = ascii_lower(b.name);
        return left != right ? left < right : a.id < b.id;
    });
    return vms;
}

} // namespace exhyperv::hyperv
