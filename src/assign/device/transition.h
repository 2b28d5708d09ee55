#pragma once

#include "assign/operations.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::assign {

/// Gives devices whole to a VM, wherever they are now: with the host, disabled, dismounted, or in another VM.
struct DeviceAssignRequest {
    std::vector<std::string> devices; ///< as find_device() takes them; at least one
    std::string vm;                   ///< name or GUID
    PowerPolicy power = PowerPolicy::refuse;
    bool with_companions = false; ///< the other functions of the same slot go too
    bool require_acs = false, require_mitigations = false;
    std::vector<std::string> accept; ///< dangers taken on, by the names of accepted_dangers()
};

/// Brings devices home: out of a VM, from dismounted, from disabled. A reference whose device is gone is removed.
struct DeviceReturnRequest {
    std::vector<std::string> devices;
    PowerPolicy power = PowerPolicy::refuse;
    bool with_companions = false;
};

/// Finds the devices that are stuck between two places and brings them home.
struct DeviceRecoverRequest {
    std::vector<std::string> devices; ///< empty: all that are stuck
    bool with_disabled = false;       ///< also those that are disabled on the host for reasons of their own
    PowerPolicy power = PowerPolicy::refuse;
};

/// What `accept` may name: "last-display", "connection", "input", "no-reset", "client-edition", "no-iommu",
/// "not-assignable".
[[nodiscard]] std::vector<std::string_view> accepted_dangers();

/// Read the host and think the transition through (design §3, transition table). Change nothing. Errors:
/// device.not_found, device.ambiguous, device.is_child, device.none_given, device.unknown_danger {danger, known},
/// vm.not_found, vm.ambiguous, and what the ports return; what speaks against it is a failed Check in the plan.
[[nodiscard]] Result<Plan> plan_device_assign(const Environment& environment, const DeviceAssignRequest& request,
                                              const CallContext& context);
[[nodiscard]] Result<Plan> plan_device_return(const Environment& environment, const DeviceReturnRequest& request,
                                              const CallContext& context);
[[nodiscard]] Result<Plan> plan_device_recover(const Environment& environment, const DeviceRecoverRequest& request,
                                               const CallContext& context);

} // namespace exhyperv::assign
