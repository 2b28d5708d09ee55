#pragma once

#include "host/host.h"
#include "model/host_facts.h"
#include "support/deadline.h"

namespace exhyperv::hyperv {

inline constexpr std::string_view kPolicyKey = "SOFTWARE\\Policies\\Microsoft\\Windows\\HyperV";
inline constexpr std::string_view kRequireSecure = "RequireSecureDeviceAssignment";
inline constexpr std::string_view kRequireSupported = "RequireSupportedDeviceAssignment";

/// What the host says of itself: four CIM calls and one registry read. Only the operating system must be readable;
/// whatever else cannot be read stays absent (unknown). Sources: wmi-facts 1.11, gpu-and-dda 2.6.
[[nodiscard]] Result<model::HostFacts> read_host_facts(host::Host& host, const CallContext& context);

} // namespace exhyperv::hyperv
