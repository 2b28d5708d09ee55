#include "assign/mmio.h"

#include <algorithm>
#include <bit>

namespace exhyperv::assign {

void fit_under_ceiling(MmioPlan& plan, const model::VmSettings& settings,
                       std::optional<std::uint32_t> physical_address_bits) {
    if (!physical_address_bits || *physical_address_bits < 32 || *physical_address_bits > 52) return;
    const std::uint64_t high_now = settings.high_mmio_mib.value_or(0);
    const std::uint64_t base_now = settings.high_mmio_base_mib.value_or(kDefaultHighBaseMib);
    plan.ceiling = std::uint64_t{1} << (*physical_address_bits - 20);
    if (base_now + plan.high <= *plan.ceiling) return;
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
}

MmioPlan plan_gpu_mmio(const std::vector<std::optional<std::uint64_t>>& vram_bytes, const model::VmSettings& settings,
                       std::optional<std::uint32_t> physical_address_bits) {
    constexpr std::uint64_t mib = 1u << 20;
    constexpr std::uint64_t other_ranges_mib = 1024;
    std::uint64_t sum = 0;
    for (const auto& vram : vram_bytes)
        if (vram) sum += std::min<std::uint64_t>(*vram / mib + other_ranges_mib, kMostHighMib);
    MmioPlan plan;
    plan.low = std::max(settings.low_mmio_mib.value_or(0), kGpuPvLowMib);
    plan.high_needed = std::clamp(std::bit_ceil(std::max<std::uint64_t>(sum, 1)), kGpuPvHighMib, kMostHighMib);
    plan.high = std::max(settings.high_mmio_mib.value_or(0), plan.high_needed);
    fit_under_ceiling(plan, settings, physical_address_bits);
    return plan;
}

} // namespace exhyperv::assign
