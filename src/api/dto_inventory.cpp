#include "api/dto.h"

#include <nlohmann/json.hpp>

namespace exhyperv::api {
namespace {

/// Sets a member only when the value is known.
template <class T>
void put(nlohmann::json& document, const char* name, const std::optional<T>& value) {
    if (value) document[name] = *value;
}

void put(nlohmann::json& document, const char* name, const std::string& text) {
    if (!text.empty()) document[name] = text;
}

const char* stop_action_name(model::StopAction action) {
    switch (action) {
    case model::StopAction::turn_off:
        return "turn_off";
    case model::StopAction::save:
        return "save";
    case model::StopAction::shut_down:
        return "shut_down";
    }
    return "save";
}

const char* checkpoint_name(model::CheckpointType type) {
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
    return "standard";
}

nlohmann::json settings_of(const model::VmSettings& settings) {
    nlohmann::json document{{"stop_action", stop_action_name(settings.stop_action)}};
    put(document, "guest_controlled_cache_types", settings.guest_controlled_cache_types);
    put(document, "low_mmio_mib", settings.low_mmio_mib);
    put(document, "high_mmio_mib", settings.high_mmio_mib);
    put(document, "high_mmio_base_mib", settings.high_mmio_base_mib);
    if (settings.checkpoint_type) document["checkpoint_type"] = checkpoint_name(*settings.checkpoint_type);
    put(document, "automatic_checkpoints", settings.automatic_checkpoints);
    return document;
}

} // namespace

nlohmann::json dto(const model::HostFacts& facts, const std::string& uri, bool simulated) {
    nlohmann::json document{{"uri", uri},
                            {"computer_name", facts.computer_name},
                            {"build", facts.build},
                            {"os_name", facts.os_name},
                            {"server", facts.server()},
                            {"elevated", facts.elevated},
                            {"simulated", simulated}};
    put(document, "hyperv_running", facts.hyperv_service_running);
    put(document, "iov_support", facts.iov_support);
    if (!facts.iov_reasons.empty()) document["iov_reasons"] = facts.iov_reasons;
    put(document, "physical_address_bits", facts.physical_address_bits);
    return document;
}

nlohmann::json dto(const model::Vm& vm) {
    nlohmann::json disks = nlohmann::json::array();
    for (const auto& disk : vm.disks)
        disks.push_back({{"path", disk.path}, {"physical", disk.physical}});
    nlohmann::json document{{"id", vm.id.str()},
                            {"name", vm.name},
                            {"state", model::vm_state_name(vm.state)},
                            {"generation", vm.generation},
                            {"version", vm.version},
                            {"processors", vm.processors},
                            {"settings", settings_of(vm.settings)},
                            {"memory",
                             {{"startup_mib", vm.memory.startup_mib},
                              {"minimum_mib", vm.memory.minimum_mib},
                              {"maximum_mib", vm.memory.maximum_mib},
                              {"dynamic", vm.memory.dynamic}}},
                            {"disks", std::move(disks)},
                            {"checkpoints", vm.checkpoints},
                            {"gpu_partitions", nlohmann::json::array()},
                            {"devices", nlohmann::json::array()}};
    put(document, "guest_build", vm.guest_build);
    return document;
}

nlohmann::json dto(const model::Gpu& gpu) {
    nlohmann::json document{{"name", gpu.name},
                            {"vendor", model::gpu_vendor_name(gpu.vendor)},
                            {"instance_path", gpu.instance_path},
                            {"partitionable", gpu.partitionable()},
                            {"problem", gpu.problem},
                            {"valid_partition_counts", gpu.valid_partition_counts},
                            {"partition_count", gpu.partition_count},
                            {"partitions", nlohmann::json::array()}};
    put(document, "interface_path", gpu.interface_path);
    put(document, "location_path", gpu.location_path);
    put(document, "driver_version", gpu.driver_version);
    put(document, "driver_date", gpu.driver_date);
    put(document, "vram_bytes", gpu.vram_bytes);
    return document;
}

nlohmann::json dto(const model::GpuPartition& partition) {
    nlohmann::json document{{"id", partition.id}, {"vm", partition.vm_id.str()}, {"stale", partition.stale}};
    put(document, "gpu", partition.gpu_interface_path);
    return document;
}

nlohmann::json dto(const model::Place& place) {
    nlohmann::json document{{"kind", model::place_kind_name(place.kind)}};
    if (place.kind == model::PlaceKind::vm || place.kind == model::PlaceKind::stale_reference)
        document["vm"] = place.vm_id.str();
    return document;
}

} // namespace exhyperv::api
