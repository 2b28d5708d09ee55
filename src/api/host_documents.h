#pragma once

#include "app/session.h"
#include "assign/state/guest_record.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace exhyperv::api {

/// Everything that was read of a host at one moment.
struct HostReading {
    std::string uri;
    bool simulated = false;
    model::HostFacts facts;
    app::Inventory inventory;
    std::vector<assign::HistoryEntry> open;
    std::map<Guid, std::vector<assign::GuestRecord>> records; ///< of VMs that have partitions
};

// The documents of GET /status, /vms and /gpus.
[[nodiscard]] nlohmann::json status_document(const HostReading& reading);
[[nodiscard]] nlohmann::json vms_document(const HostReading& reading);
[[nodiscard]] nlohmann::json vm_document(const HostReading& reading, const model::Vm& vm);
[[nodiscard]] nlohmann::json gpus_document(const HostReading& reading);

} // namespace exhyperv::api
