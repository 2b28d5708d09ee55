#include "api/host_documents.h"

#include "api/dto.h"
#include "api/running_operation.h"
#include "assign/core/utc_time.h"
#include "assign/preflight/readiness.h"
#include "drivers/drift.h"
#include "guest/engine.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::api {
namespace {

std::optional<nlohmann::json> drift_of(const HostReading& reading, const model::GpuPartition& partition,
                                       const model::Gpu& gpu) {
    const auto known = assign::remembered_driver(reading.records, partition.vm_id, gpu);
    if (!known) return std::nullopt;
    return nlohmann::json{{"state", drivers::drift_name(known->state)},
                          {"host_version", gpu.driver_version},
                          {"guest_version", known->version}};
}

nlohmann::json partition_document(const HostReading& reading, const model::GpuPartition& partition) {
    nlohmann::json document = dto(partition);
    if (const model::Vm* vm = reading.inventory.vm(partition.vm_id)) document["vm_name"] = vm->name;
    if (const model::Gpu* gpu = reading.inventory.gpu_of(partition))
        if (auto drift = drift_of(reading, partition, *gpu)) document["drift"] = std::move(*drift);
    return document;
}

/// Who can write into a guest's disk here, as a plan request names them.
nlohmann::json engines() {
    auto names = nlohmann::json::array();
    for (const auto engine : {guest::Engine::direct, guest::Engine::windows})
        if (guest::has_engine(engine)) names.push_back(guest::engine_name(engine));
    return names;
}

} // namespace

nlohmann::json status_document(const HostReading& reading) {
    assign::Survey survey;
    survey.facts = reading.facts;
    survey.open = reading.open;
    survey.vms = reading.inventory.vms;
    survey.gpus = reading.inventory.gpus;
    survey.partitions = reading.inventory.partitions;
    auto checks = nlohmann::json::array();
    for (const auto& item : assign::check_readiness(survey, reading.devices ? &*reading.devices : nullptr,
                                                    assign::lagging_vms(survey, reading.records), reading.remote)) {
        nlohmann::json check = dto(item.check);
        if (!item.fix.empty()) check["fix"] = item.fix;
        checks.push_back(std::move(check));
    }
    auto open = nlohmann::json::array();
    for (const auto& entry : reading.open)
        open.push_back(dto(entry));
    return {{"host", dto(reading.facts, reading.uri, reading.simulated)},
            {"checks", std::move(checks)},
            {"engines", engines()},
            {"open_operations", std::move(open)}};
}

nlohmann::json vm_document(const HostReading& reading, const model::Vm& vm) {
    nlohmann::json document = dto(vm);
    for (const auto* partition : reading.inventory.partitions_of_vm(vm.id))
        document["gpu_partitions"].push_back(partition_document(reading, *partition));
    if (reading.devices)
        for (const auto& entry : reading.devices->devices)
            if (entry.device.place == model::Place{model::PlaceKind::vm, vm.id})
                document["devices"].push_back(entry.device.instance_path);
    return document;
}

nlohmann::json vms_document(const HostReading& reading) {
    auto documents = nlohmann::json::array();
    for (const auto& vm : reading.inventory.vms)
        documents.push_back(vm_document(reading, vm));
    return documents;
}

nlohmann::json utilization_document(const std::vector<hyperv::GpuLoad>& loads) {
    auto samples = nlohmann::json::array();
    for (const auto& load : loads) {
        nlohmann::json sample{{"gpu", load.gpu}, {"percent", load.percent}};
        if (load.vm) sample["vm"] = load.vm->str();
        if (load.memory_bytes) sample["memory_bytes"] = *load.memory_bytes;
        samples.push_back(std::move(sample));
    }
    return {{"time", assign::utc_now()}, {"samples", std::move(samples)}};
}

nlohmann::json devices_document(const assign::DeviceInventory& inventory) {
    auto documents = nlohmann::json::array();
    for (const auto& entry : inventory.devices)
        if (!entry.is_bridge) documents.push_back(dto(entry, inventory));
    return documents;
}

nlohmann::json gpus_document(const HostReading& reading) {
    auto documents = nlohmann::json::array();
    for (const auto& gpu : reading.inventory.gpus) {
        nlohmann::json document = dto(gpu);
        document["place"] = dto(gpu.place);
        if (const model::Vm* vm = reading.inventory.vm(gpu.place.vm_id)) document["place"]["vm_name"] = vm->name;
        for (const auto* partition : reading.inventory.partitions_of_gpu(gpu))
            document["partitions"].push_back(partition_document(reading, *partition));
        documents.push_back(std::move(document));
    }
    return documents;
}

} // namespace exhyperv::api
