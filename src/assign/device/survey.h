#pragma once

#include "assign/device/inventory.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// What the survey knows of the host besides the function it judges.
struct SurveyContext {
    std::string vm_name;             ///< of the VM that has it or names it; "" when none does
    std::string same_card_elsewhere; ///< stale: instance path of a function of the same kind that is on the host
    bool referenced = false;         ///< a VM's settings name it
    bool on_gateway = false, on_switch = false; ///< what its connection is used for
    std::string mmio;                           ///< sum of the BARs, for people
};

/// The questions of wmi-facts chapter 3, in its order: may the hypervisor give the function away, whatever it is used
/// for? A function that is dismounted or in a VM has answered them: it was given away.
[[nodiscard]] std::vector<Check> check_assignable(const DeviceEntry& entry, const SurveyContext& context);

/// What the host and its user lose when it goes.
[[nodiscard]] std::vector<Check> check_consequences(const DeviceEntry& entry, const SurveyContext& context);

/// Would a VM with a device start on this host at all? device.host.edition, device.host.iommu.
[[nodiscard]] std::vector<Check> check_device_host(const model::HostFacts& facts);

/// A failed check: no. An unanswered one: unknown. A warning: warning.
[[nodiscard]] Assignability assignability_of(const std::vector<Check>& evidence);

} // namespace exhyperv::assign
