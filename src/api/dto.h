#pragma once

#include "assign/device/inventory.h"
#include "assign/operations.h"
#include "assign/plan.h"
#include "guest/guest_disk.h"
#include "model/gpu.h"
#include "model/host_facts.h"
#include "model/pci_device.h"
#include "model/vm.h"
#include "support/error.h"

#include <nlohmann/json_fwd.hpp>

namespace exhyperv::api {

// The product's types as the JSON documents of schema/openapi.yaml. Unknown values are left out, never invented.
// Message texts stay keys and arguments: the client renders them.

[[nodiscard]] nlohmann::json dto(const Message& message);
[[nodiscard]] nlohmann::json dto(const Error& error);
[[nodiscard]] nlohmann::json dto(const assign::Check& check);
[[nodiscard]] nlohmann::json dto(const assign::Step& step);
[[nodiscard]] nlohmann::json dto(const assign::Plan& plan);
[[nodiscard]] nlohmann::json dto(const model::HostFacts& facts, const std::string& uri, bool simulated);
/// `gpu_partitions` and `devices` are empty here; who has the whole inventory fills them.
[[nodiscard]] nlohmann::json dto(const model::Vm& vm);
[[nodiscard]] nlohmann::json dto(const model::Gpu& gpu);
[[nodiscard]] nlohmann::json dto(const model::GpuPartition& partition);
[[nodiscard]] nlohmann::json dto(const model::Place& place);
[[nodiscard]] nlohmann::json dto(const assign::DeviceEntry& entry, const assign::DeviceInventory& inventory);
[[nodiscard]] nlohmann::json dto(const guest::DiskFindings& findings, const std::string& path);

} // namespace exhyperv::api
