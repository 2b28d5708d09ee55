#pragma once

#include "host/registry.h"
#include "model/gpu.h"
#include "support/deadline.h"

#include <vector>

namespace exhyperv::hyperv {

/// Fills vram_bytes (and a missing driver version and date) from each card's class key: Enum\<instance>\Driver ->
/// Class\{…}\NNNN -> HardwareInformation.qwMemorySize, else HardwareInformation.MemorySize (gpu-and-dda 3.2). Two
/// registry round trips for all cards. What is not there stays unknown.
[[nodiscard]] Result<> add_video_memory(host::HostRegistry& registry, std::vector<model::Gpu>& gpus,
                                        const CallContext& context);

} // namespace exhyperv::hyperv
