#pragma once

#include "app/session.h"
#include "assign/state/guest_record.h"
#include "hyperv/gpu_load.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace exhyperv::api {

/// Everything that was read of a host at one moment.
struct HostReading {
    std::string uri;
    bool simulated = false;
    bool remote = false; ///< seen from another computer
    model::HostFacts facts;
    app::Inventory inventory;
    std::vector<assign::HistoryEntry> open;
    /// Also an error: the rest of a host can be shown without its devices.
    Result<assign::DeviceInventory> devices;
    std::map<Guid, std::vector<assign::GuestRecord>> records; ///< of VMs that have partitions
};

// The documents of GET /status, /vms, /gpus, /gpus/utilization and /devices.
[[nodiscard]] nlohmann::json status_document(const HostReading& reading);
[[nodiscard]] nlohmann::json vms_document(const HostReading& reading);
[[nodiscard]] nlohmann::json vm_document(const HostReading& reading, const model::Vm& vm);
[[nodiscard]] nlohmann::json gpus_document(const HostReading& reading);
[[nodiscard]] nlohmann::json utilization_document(const std::vector<hyperv::GpuLoad>& loads); ///< of this moment
[[nodiscard]] nlohmann::json devices_document(const assign::DeviceInventory& inventory);

} // namespace exhyperv::api
