#pragma once

#include "model/pci_device.h"
#include "support/result.h"

#include <string>
#include <vector>

namespace exhyperv::assign {

/// What this program remembers of a function that it took from the host: <state>/devices/<GUID of the pure id>.json.
/// A device that is not with the host tells neither its BARs nor its disks.
struct DeviceRecord {
    std::string pure_id, name;
    std::vector<model::PciBar> bars;
    std::vector<std::string> offline_disks; ///< names of disks taken offline, to be brought back with the controller
};

/// An empty record when there is none. Errors: `state.corrupt` {path}, file.*.
[[nodiscard]] Result<DeviceRecord> read_device_record(const std::string& state_directory, const std::string& pure_id);
/// Replaces it, atomically.
[[nodiscard]] Result<> write_device_record(const std::string& state_directory, const DeviceRecord& record);
/// The pure ids of all records there are; unreadable ones are left out.
[[nodiscard]] std::vector<std::string> recorded_devices(const std::string& state_directory);
/// The device is with the host: only disks that are still offline are worth remembering.
[[nodiscard]] Result<> settle_device(const std::string& state_directory, const std::string& pure_id);
/// Forgets it; nothing there is success.
[[nodiscard]] Result<> forget_device(const std::string& state_directory, const std::string& pure_id);

} // namespace exhyperv::assign
