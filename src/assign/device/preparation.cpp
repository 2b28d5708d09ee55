#include "assign/device/preparation.h"

#include "assign/wanted_settings.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace exhyperv::assign {

namespace {

constexpr std::uint64_t kMib = 1u << 20;
constexpr std::uint64_t kLowBufferMib = 128, kHighBufferMib = 512;
constexpr std::uint64_t kLargestLowBar = 256 * kMib;
constexpr std::uint64_t kVramExtraMib = 1024; ///< a card's other ranges beside its memory

std::uint64_t to_mib(std::uint64_t bytes) {
    return bytes / kMib + (bytes % kMib != 0 ? 1 : 0);
}

std::string size_of(std::uint64_t mib) {
    return mib % 1024 == 0 ? fmt::format("{} GiB", mib / 1024) : fmt::format("{} MiB", mib);
}

Check check_mmio(const model::Vm& vm, const DeviceMmio& mmio) {
    const auto& settings = vm.settings;
    if (!settings.high_mmio_mib || !settings.low_mmio_mib)
        return make_check("device.mmio", Verdict::unknown, "unknown", {{"vm", vm.name}});
    const MessageArgs args{{"vm", vm.name},
                           {"low", size_of(*settings.low_mmio_mib)},
                           {"high", size_of(*settings.high_mmio_mib)},
                           {"need_low", size_of(mmio.low_needed)},
                           {"need_high", size_of(mmio.plan.high_needed)},
                           {"new_low", size_of(mmio.plan.low)},
                           {"new_high", size_of(mmio.plan.high)},
                           {"ceiling", mmio.plan.ceiling ? size_of(*mmio.plan.ceiling) : "?"}};
    if (!mmio.fits() && mmio.known) return make_check("device.mmio", Verdict::fail, "too_small_host", args);
    const bool grows = mmio.plan.low > *settings.low_mmio_mib || mmio.plan.high > *settings.high_mmio_mib;
    if (!mmio.known) return make_check("device.mmio", Verdict::unknown, "guessed", args);
    return make_check("device.mmio", Verdict::pass, grows || mmio.plan.base ? "grows" : "enough", args);
}

Check check_memory(const model::Vm& vm) {
    const MessageArgs args{{"vm", vm.name}, {"startup", size_of(vm.memory.startup_mib)}};
    return make_check("device.memory_size", vm.memory.dynamic ? Verdict::warn : Verdict::pass,
                      vm.memory.dynamic ? "becomes_static" : "static", args);
}

Check check_checkpoints(const model::Vm& vm) {
    const MessageArgs args{{"vm", vm.name}, {"count", std::to_string(vm.checkpoints)}};
    return make_check("device.checkpoints", vm.checkpoints == 0 ? Verdict::pass : Verdict::warn,
                      vm.checkpoints == 0 ? "none" : "some", args);
}

} // namespace

DeviceSpace space_of_bars(const std::vector<model::PciBar>& bars) {
    DeviceSpace space;
    for (const model::PciBar& bar : bars)
        (bar.above_4g || bar.size > kLargestLowBar ? space.high : space.low) += std::min(bar.size, kMostHighMib * kMib);
    return space;
}

DeviceSpace guessed_space(bool is_display, std::optional<std::uint64_t> vram_bytes) {
    if (!is_display) return {64 * kMib, 512 * kMib, false};
    const std::uint64_t memory = vram_bytes ? std::min(*vram_bytes, kMostHighMib * kMib) : 16 * 1024 * kMib;
    return {256 * kMib, memory + kVramExtraMib * kMib, false};
}

DeviceMmio plan_device_mmio(const std::vector<DeviceSpace>& devices,
                            const std::vector<std::optional<std::uint64_t>>& partition_vram,
                            const model::VmSettings& settings, std::optional<std::uint32_t> physical_address_bits) {
    DeviceMmio mmio;
    std::uint64_t low = 0, high = 0;
    for (const DeviceSpace& device : devices) {
        low += to_mib(device.low);
        high += to_mib(device.high);
        mmio.known = mmio.known && device.known;
    }
    mmio.low_needed = low == 0 ? 0 : low + kLowBufferMib;
    mmio.plan.high_needed = high == 0 ? 0 : high + kHighBufferMib;
    if (!partition_vram.empty()) {
        const MmioPlan beside = plan_gpu_mmio(partition_vram, settings, std::nullopt);
        mmio.low_needed = std::max(mmio.low_needed + (low == 0 ? 0 : kGpuPvLowMib), kGpuPvLowMib);
        mmio.plan.high_needed += beside.high_needed;
    }
    const auto rounded = [](std::uint64_t mib) { return mib == 0 ? 0 : std::bit_ceil(mib); };
    mmio.plan.low =
        std::max(settings.low_mmio_mib.value_or(0), std::min<std::uint64_t>(rounded(mmio.low_needed), kMostLowMib));
    mmio.plan.high = std::max(settings.high_mmio_mib.value_or(0),
                              std::min<std::uint64_t>(rounded(mmio.plan.high_needed), kMostHighMib));
    fit_under_ceiling(mmio.plan, settings, physical_address_bits);
    return mmio;
}

hyperv::SettingValues settings_for_devices(const model::Vm& vm, const DeviceMmio& mmio) {
    hyperv::SettingValues wanted = settings_for_gpu(vm.settings, mmio.plan);
    std::erase_if(wanted, [](const auto& one) { return one.first == hyperv::kStopAction; });
    if (vm.settings.stop_action != model::StopAction::turn_off)
        wanted.emplace_back(hyperv::kStopAction,
                            std::uint64_t{static_cast<std::uint16_t>(model::StopAction::turn_off)});
    if (vm.memory.dynamic) wanted.emplace_back(hyperv::kDynamicMemory, false);
    return wanted;
}

Checks check_device_vm(const model::Vm& vm, const DeviceMmio& mmio) {
    return {check_mmio(vm, mmio), check_memory(vm), check_checkpoints(vm)};
}

} // namespace exhyperv::assign
