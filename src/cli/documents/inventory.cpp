#include "cli/documents/json.h"

namespace exhyperv::cli {
namespace {

std::string_view stop_action_name(model::StopAction action) {
    switch (action) {
    case model::StopAction::turn_off:
        return "turn_off";
    case model::StopAction::save:
        return "save";
    case model::StopAction::shut_down:
        return "shut_down";
    }
    return "unknown";
}

std::string_view checkpoint_name(model::CheckpointType type) {
    switch (type) {
    case model::CheckpointType::disabled:
        return "disabled";
    case model::CheckpointType::production:
        return "production";
    case model::CheckpointType::production_only:
        return "production_only";
    case model::CheckpointType::standard:
        return "standard";
    }
    return "unknown";
}

Json json_of(const model::VmSettings& settings) {
    Json out{{"stop_action", stop_action_name(settings.stop_action)}};
    put(out, "guest_controlled_cache_types", settings.guest_controlled_cache_types);
    put(out, "low_mmio_mib", settings.low_mmio_mib);
    put(out, "high_mmio_mib", settings.high_mmio_mib);
    put(out, "high_mmio_base_mib", settings.high_mmio_base_mib);
    if (settings.checkpoint_type) out["checkpoint_type"] = checkpoint_name(*settings.checkpoint_type);
    put(out, "automatic_checkpoints", settings.automatic_checkpoints);
    return out;
}

Json json_of(const app::Inventory& inventory, const model::GpuPartition& partition) {
    Json out{{"id", partition.id}, {"vm", partition.vm_id.str()}};
    if (const auto* vm = inventory.vm(partition.vm_id)) out["vm_name"] = vm->name;
    put(out, "gpu", partition.gpu_interface_path);
    if (const auto* gpu = inventory.gpu_of(partition)) out["gpu_name"] = gpu->name;
    out["stale"] = partition.stale;
    return out;
}

Json json_of(const app::Inventory& inventory, const model::Vm& vm) {
    Json out{{"id", vm.id.str()},
             {"name", vm.name},
             {"state", model::vm_state_name(vm.state)},
             {"generation", vm.generation},
             {"version", vm.version},
             {"processors", vm.processors},
             {"settings", json_of(vm.settings)},
             {"memory",
              {{"startup_mib", vm.memory.startup_mib},
               {"minimum_mib", vm.memory.minimum_mib},
               {"maximum_mib", vm.memory.maximum_mib},
               {"dynamic", vm.memory.dynamic}}},
             {"checkpoints", vm.checkpoints}};
    out["disks"] = Json::array();
    for (const auto& disk : vm.disks)
        out["disks"].push_back({{"path", disk.path}, {"physical", disk.physical}});
    put(out, "guest_build", vm.guest_build);
    out["gpu_partitions"] = Json::array();
    for (const auto* partition : inventory.partitions_of_vm(vm.id))
        out["gpu_partitions"].push_back(json_of(inventory, *partition));
    return out;
}

Json json_of(const app::Inventory& inventory, const model::Gpu& gpu) {
    Json out{{"name", gpu.name}, {"vendor", model::gpu_vendor_name(gpu.vendor)}, {"instance_path", gpu.instance_path}};
    put(out, "interface_path", gpu.interface_path);
    put(out, "location_path", gpu.location_path);
    put(out, "driver_version", gpu.driver_version);
    put(out, "driver_date", gpu.driver_date);
    put(out, "vram_bytes", gpu.vram_bytes);
    out["problem"] = gpu.problem;
    out["partitionable"] = gpu.partitionable();
    out["valid_partition_counts"] = gpu.valid_partition_counts;
    out["partition_count"] = gpu.partition_count;
    out["place"] = {{"kind", model::place_kind_name(gpu.place.kind)}};
    if (gpu.place.kind == model::PlaceKind::vm || gpu.place.kind == model::PlaceKind::stale_reference) {
        out["place"]["vm"] = gpu.place.vm_id.str();
        if (const auto* vm = inventory.vm(gpu.place.vm_id)) out["place"]["vm_name"] = vm->name;
    }
    out["partitions"] = Json::array();
    for (const auto* partition : inventory.partitions_of_gpu(gpu))
        out["partitions"].push_back(json_of(inventory, *partition));
    return out;
}

} // namespace

Document vm_list_document(const app::Inventory& inventory) {
    Json list = Json::array();
    for (const auto& vm : inventory.vms)
        list.push_back(json_of(inventory, vm));
    return Document(Json{{"vms", std::move(list)}});
}

Document vm_document(const app::Inventory& inventory, const model::Vm& vm) {
    return Document(Json{{"vm", json_of(inventory, vm)}});
}

Document power_document(const app::Inventory& inventory, const model::Vm& vm, std::string_view action, bool changed) {
    return Document(Json{{"action", action}, {"changed", changed}, {"vm", json_of(inventory, vm)}});
}

Document gpu_list_document(const app::Inventory& inventory) {
    Json list = Json::array();
    for (const auto& gpu : inventory.gpus)
        list.push_back(json_of(inventory, gpu));
    return Document(Json{{"gpus", std::move(list)}});
}

Document gpu_document(const app::Inventory& inventory, const model::Gpu& gpu) {
    return Document(Json{{"gpu", json_of(inventory, gpu)}});
}

Document status_document(const app::Session& session, const model::HostFacts& facts, const app::Inventory& inventory,
                         const std::vector<assign::ReadinessItem>& readiness,
                         const std::vector<assign::HistoryEntry>& open, text::Language language) {
    Json host{{"uri", session.uri().text},
              {"simulated", session.uri().scheme == app::HostUri::Scheme::sim},
              {"computer_name", facts.computer_name},
              {"os_name", facts.os_name},
              {"build", facts.build},
              {"wddm", model::wddm_of_build(facts.build)},
              {"server", facts.server()},
              {"elevated", session.elevated()}};
    put(host, "hyperv_running", facts.hyperv_service_running);
    put(host, "iov_support", facts.iov_support);
    if (!facts.iov_reasons.empty()) host["iov_reasons"] = facts.iov_reasons;
    put(host, "physical_address_bits", facts.physical_address_bits);
    put(host, "dma_protection", facts.dma_protection);
    put(host, "require_secure_device_assignment", facts.require_secure_device_assignment);
    put(host, "require_supported_device_assignment", facts.require_supported_device_assignment);

    std::size_t running = 0, partitionable = 0, stale = 0;
    for (const auto& vm : inventory.vms)
        running += vm.state == model::VmState::running ? 1 : 0;
    for (const auto& gpu : inventory.gpus)
        partitionable += gpu.partitionable() ? 1 : 0;
    for (const auto& partition : inventory.partitions)
        stale += partition.stale ? 1 : 0;
    Json checks = Json::array();
    for (const auto& item : readiness) {
        checks.push_back(json_of(item.check, language));
        put(checks.back(), "fix", item.fix);
    }
    Json entries = Json::array();
    for (const auto& entry : open)
        entries.push_back(json_of(entry, language));
    return Document(Json{{"host", std::move(host)},
                         {"vms", {{"total", inventory.vms.size()}, {"running", running}}},
                         {"gpus", {{"total", inventory.gpus.size()}, {"partitionable", partitionable}}},
                         {"gpu_partitions", {{"total", inventory.partitions.size()}, {"stale", stale}}},
                         {"checks", std::move(checks)},
                         {"open_operations", std::move(entries)}});
}

Document scenarios_document(const std::vector<app::Scenario>& scenarios) {
    Json list = Json::array();
    for (const auto& scenario : scenarios) {
        Json entry{{"name", scenario.name}, {"uri", "sim:" + scenario.name}, {"title", scenario.title}};
        put(entry, "parameters", scenario.parameters);
        list.push_back(std::move(entry));
    }
    return Document(Json{{"scenarios", std::move(list)}});
}

Document reset_document(const std::string& uri) {
    return Document(Json{{"host", uri}, {"reset", true}});
}

} // namespace exhyperv::cli
