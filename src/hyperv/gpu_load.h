#pragma once

#include "host/host.h"
#include "model/vm.h"
#include "support/deadline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::hyperv {

/// How busy one card is on behalf of one VM, or of the host itself, at this moment.
struct GpuLoad {
    std::string gpu;        ///< instance path of the card
    std::optional<Guid> vm; ///< nothing: the host's own processes
    /// 0…100: the busiest of the card's engines, as Task Manager counts it.
    double percent = 0;
    std::optional<std::uint64_t> memory_bytes; ///< dedicated memory in use; nothing: the host does not tell
};

/// Reads the GPU performance counters and joins them with cards (by the adapter's LUID) and VMs (by the process a VM
/// runs in, Msvm_ComputerSystem.ProcessID): wmi-facts 1.3 and 1.11. Three CIM queries and one device query, whatever
/// the number of VMs. A host without the counters (before 16299, or with counters disabled) gives an empty list:
/// unknown, not idle. Windows 10 books a VM's work under another process, so that it is counted as the host's there.
[[nodiscard]] Result<std::vector<GpuLoad>> read_gpu_load(host::Host& host, const CallContext& context);

/// A counter's Name, "pid_1234_luid_0x00000000_0x0000C3B1_phys_0_eng_0_engtype_3D", taken apart; nothing when it has
/// another shape.
struct CounterName {
    std::uint32_t process_id = 0;
    std::uint64_t luid = 0;
    std::string engine; ///< "phys_0_eng_0_engtype_3D"; "phys_0" for counters of memory
};
[[nodiscard]] std::optional<CounterName> parse_counter_name(std::string_view name);

} // namespace exhyperv::hyperv
