#include "transport/sim/cim/family.h"
#include "transport/sim/world/device_properties.h"
#include "transport/sim/world/gpu_choice.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace exhyperv::sim {

namespace {

// The load is made up: a slow wave for each VM and card, so that charts move and a moment always gives the same
// numbers.

struct Engine {
    const char* type;
    double share; ///< of the wave
};
constexpr std::array<Engine, 3> kEngines = {{{"3D", 1.0}, {"Copy", 0.15}, {"VideoEncode", 0.35}}};
constexpr std::uint32_t kDesktopProcess = 1424; ///< dwm.exe of the host

double wave(std::int64_t now_ms, std::uint32_t seed, double low, double high) {
    const double period = 20'000.0 + seed % 7 * 4'000.0;
    const double turn = static_cast<double>(now_ms % 86'400'000) / period + seed % 11;
    return low + (high - low) * (0.5 + 0.5 * std::sin(turn * 6.283185307) * std::cos(turn * 2.1));
}

/// One process that uses one card.
struct Use {
    std::uint32_t process = 0;
    const PciFunction* card = nullptr;
    bool vm = false;
    [[nodiscard]] std::uint32_t seed() const { return process * 31 + card->bus * 7 + card->device; }
};

/// Object::index is the process, Object::item the card, Object::owner tells a VM's process from the host's.
template <class Each>
bool each_use(const View& view, const Each& each) {
    for (const auto& gpu : view.world.gpus) {
        if (!gpu_listed(view.world, gpu)) continue;
        const auto* card = find_function(view.world, gpu.function);
        if (card && adapter_luid(*card) != 0 && !each(Use{kDesktopProcess, card, false})) return false;
    }
    for (const auto& vm : view.world.vms) {
        if (!vm.running()) continue;
        for (const auto& allocation : vm.config.gpus) {
            const auto* gpu = gpu_of(view.world, allocation);
            const auto* card = gpu ? find_function(view.world, gpu->function) : nullptr;
            if (card && adapter_luid(*card) != 0 && !each(Use{vm.process_id, card, true})) return false;
        }
    }
    return true;
}

Use use_of(const Object& object) {
    return {object.index, static_cast<const PciFunction*>(object.item), object.vm != nullptr};
}

std::string counter_name(const Use& use) {
    const std::uint64_t luid = adapter_luid(*use.card);
    return fmt::format("pid_{}_luid_0x{:08X}_0x{:08X}_phys_0", use.process, luid >> 32, luid & 0xFFFFFFFF);
}

class GpuEngines final : public Family {
  public:
    GpuEngines() : Family(kCimv2Space, "Win32_PerfFormattedData_GPUPerformanceCounters_GPUEngine") {}

    void each(const View& view, const Visit& visit) const override {
        each_use(view, [&](const Use& use) {
            for (std::uint32_t engine = 0; engine < kEngines.size(); ++engine)
                if (!visit(Object{.vm = vm_mark(view, use), .item = use.card, .index = use.process, .variant = engine}))
                    return false;
            return true;
        });
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const Use use = use_of(object);
        const Engine& engine = kEngines[object.variant];
        const double percent = use.vm ? wave(view.now_ms, use.seed(), 12, 78) : wave(view.now_ms, use.seed(), 1, 9);
        row.text("Name", fmt::format("{}_eng_{}_engtype_{}", counter_name(use), object.variant, engine.type));
        row.number("UtilizationPercentage", static_cast<std::uint64_t>(percent * engine.share));
        row.number("RunningTime", static_cast<std::uint64_t>(percent * engine.share * 1000));
    }

    static const Vm* vm_mark(const View& view, const Use& use) {
        return use.vm ? view.world.vms.data() : nullptr; // only whether there is one matters
    }
};

class GpuProcessMemory final : public Family {
  public:
    GpuProcessMemory() : Family(kCimv2Space, "Win32_PerfFormattedData_GPUPerformanceCounters_GPUProcessMemory") {}

    void each(const View& view, const Visit& visit) const override {
        each_use(view, [&](const Use& use) {
            return visit(Object{.vm = GpuEngines::vm_mark(view, use), .item = use.card, .index = use.process});
        });
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const Use use = use_of(object);
        const double share = use.vm ? wave(view.now_ms / 4, use.seed(), 0.08, 0.3) : 0.02;
        const auto bytes = static_cast<std::uint64_t>(share * static_cast<double>(use.card->vram_bytes));
        row.text("Name", counter_name(use)).number("DedicatedUsage", bytes).number("LocalUsage", bytes);
        row.number("NonLocalUsage", bytes / 16).number("SharedUsage", bytes / 16);
        row.number("TotalCommitted", bytes + bytes / 16);
    }
};

} // namespace

void add_gpu_counters(Families& out) {
    out.push_back(std::make_unique<GpuEngines>());
    out.push_back(std::make_unique<GpuProcessMemory>());
}

} // namespace exhyperv::sim
