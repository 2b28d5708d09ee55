#pragma once

#include "model/vm.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace exhyperv::assign {

/// The MMIO space a VM should have, in MiB. Never smaller than what it has.
struct MmioPlan {
    std::uint64_t low = 0, high = 0;
    std::optional<std::uint64_t> base;    ///< only set when the gap has to move down to fit under the host's ceiling
    std::uint64_t high_needed = 0;        ///< what the cards want
    std::optional<std::uint64_t> ceiling; ///< from the physical address bits; unknown stays unknown
    [[nodiscard]] bool fits() const { return high >= high_needed; }
};

inline constexpr std::uint64_t kGpuPvLowMib = 1024;         ///< the official recipe (wmi-facts 4.6)
inline constexpr std::uint64_t kGpuPvHighMib = 32 * 1024;   ///< what existing tools and hosts are known to work with
inline constexpr std::uint64_t kMostHighMib = 256 * 1024;   ///< Hyper-V's limit, measured (gpu-and-dda 2.5)
inline constexpr std::uint64_t kDefaultHighBaseMib = 65024; ///< Gen 2: 64 GiB - 512 MiB

inline constexpr std::uint64_t kMostLowMib = 3584; ///< what fits below 4 GiB beside the memory (gpu-and-dda 2.5)

/// Moves the high gap down, and makes it smaller where there is no other way, until it ends under what the processor
/// can address; never smaller than it is. Sets `ceiling` and, where the gap moves, `base`. Unknown bits: no change.
void fit_under_ceiling(MmioPlan& plan, const model::VmSettings& settings,
                       std::optional<std::uint32_t> physical_address_bits);

/// For GPU partitions: the cards' VRAM with 1 GiB for their other ranges, summed and rounded up to a power of two, at
/// least kGpuPvHighMib. A card whose VRAM is unknown counts as the minimum.
[[nodiscard]] MmioPlan plan_gpu_mmio(const std::vector<std::optional<std::uint64_t>>& vram_bytes,
                                     const model::VmSettings& settings,
                                     std::optional<std::uint32_t> physical_address_bits);

} // namespace exhyperv::assign
