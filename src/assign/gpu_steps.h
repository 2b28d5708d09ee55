#pragma once

#include "assign/plan.h"
#include "assign/state/original_policy.h"
#include "drivers/import_scope.h"
#include "guest/engine.h"
#include "hyperv/settings.h"
#include "model/gpu.h"
#include "model/vm.h"

#include <string>

namespace exhyperv::assign {

// The steps of GPU-PV plans, with their texts and the parameters their handlers expect (handlers/handlers.h).

[[nodiscard]] Step policy_step();
[[nodiscard]] Step policy_back_step(const PolicyValues& originals);
[[nodiscard]] Step power_step(const model::Vm& vm, bool turn_off);
[[nodiscard]] Step settings_step(const model::Vm& vm, const hyperv::SettingValues& wanted);
[[nodiscard]] Step settings_back_step(const model::Vm& vm, const hyperv::SettingValues& originals);
[[nodiscard]] Step partition_add_step(const model::Vm& vm, const model::Gpu& gpu);
/// `number` tells several of one plan apart, from 1.
[[nodiscard]] Step partition_remove_step(const model::Vm& vm, const model::GpuPartition& partition,
                                         const std::string& gpu_name, std::size_t number);

/// A card's driver and the disk it goes into or comes out of. `disk` empty: found when the step runs.
struct DriverStepText {
    std::string card, card_name, version, size, files;
    bool copy = false; ///< copies in System32 instead of symbolic links
    drivers::ScopeWish scope;
    guest::Engine engine = guest::Engine::direct;
    bool linux_guest = false; ///< which has no registry
};
[[nodiscard]] Step import_step(const model::Vm& vm, const std::string& disk, std::uint32_t partition,
                               const DriverStepText& text);
[[nodiscard]] Step purge_step(const model::Vm& vm, const std::string& disk, std::uint32_t partition,
                              const std::string& card, const std::string& card_name, guest::Engine engine,
                              std::size_t number);
/// On and off the list of VMs that are brought up to date when they are seen off.
[[nodiscard]] Step wait_step(const model::Vm& vm, const drivers::ScopeWish& scope, std::size_t number);
[[nodiscard]] Step forget_wait_step(const model::Vm& vm, std::size_t number);
[[nodiscard]] Step verify_step(const model::Vm& vm, const std::string& gpu, const std::string& gpu_name, bool present,
                               const hyperv::SettingValues& settings, const std::string& disk);

} // namespace exhyperv::assign
