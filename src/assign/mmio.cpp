#include "assign/mmio.h"

#include <algorithm>
#include <bit>

namespace exhyperv::assign {

MmioPlan plan_gpu_mmio(const std::vector<std::optional<std::uint64_t>>& vram_bytes, const model::VmSettings& settings,
                       std::optional<std::uint32_t> physical_address_bits) {
    constexpr std::uint64_t mib = 1u << 20;
    constexpr std::uint64_t other_ranges_mib = 1024;
    const std::uint64_t low_now = settings.low_mmio_mib.value_or(0), high_now = settings.high_mmio_mib.value_or(0);
    const std::uint64_t base_now = settings.high_mmio_base_mib.value_or(kDefaultHighBaseMib);

    std::uint64_t sum = 0;
    for (const auto& vram : vram_bytes)
        if (vram) sum += std::min<std::uint64_t>(*vram / mib + other_ranges_mib, kMostHighMib);
    MmioPlan plan;
    plan.low = std::max(low_now, kGpuPvLowMib);
    plan.high_needed = std::clamp(std::bit_ceil(std::max<std::uint64_t>(sum, 1)), kGpuPvHighMib, kMostHighMib);
    plan.high = std::max(high_now, plan.high_needed);
    if (!physical_address_bits || *physical_address_bits < 32 || *physical_address_bits > 52) return plan;

    plan.ceiling = std::uint64_t{1} << (*physical_address_bits - 20);
    if (base_now + plan.high <= *plan.ceiling) return plan;
    // The gap's end must lie below what the processor can address: it starts at half of that, and what lies above is
    // the most there is, less a little for the firmware's own ranges.
    const std::uint64_t base = *plan.ceiling / 2;
    constexpr std::uint64_t reserve_mib = 1024;
    plan.base = std::min(base_now, base);
    plan.high = std::min(plan.high, *plan.ceiling - *plan.base - reserve_mib);
    if (plan.high < high_now) { // never shrink: then leave the window as the user made it
        plan.high = high_now;
        plan.base.reset();
    }
    return plan;
}

} // namespace exhyperv::assign
