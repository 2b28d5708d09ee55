#pragma once

#include "assign/engine_choice.h"
#include "assign/guest_choice.h"
#include "assign/mmio.h"
#include "assign/preflight/check.h"
#include "assign/preflight/survey.h"
#include "drivers/import.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

using Checks = std::vector<Check>;

void append(Checks& to, Checks from);

/// Windows build and product, Hyper-V service, elevation, policy values, leftover operations.
[[nodiscard]] Checks check_host(const Survey& survey);
/// The same without build and policy values: these matter only where a partition is given.
[[nodiscard]] Checks check_host_without_partitions(const Survey& survey);
/// Does this host need the policy values written before it gives out partitions?
[[nodiscard]] bool policy_missing(const model::HostFacts& facts);

/// The card: partitionable, healthy, not given away whole; partitions of it; quotas explained.
[[nodiscard]] Checks check_gpu(const Survey& survey, const model::Gpu& gpu, const model::Vm& vm);

/// The VM's settings, memory, checkpoints, MMIO space.
[[nodiscard]] Checks check_vm(const model::Vm& vm, const MmioPlan& mmio);
/// The VM's power state against what the steps need. `how`: what may be done about it.
[[nodiscard]] Check check_power(const model::Vm& vm, bool needs_off, bool anything_to_do, PowerPolicy how);

/// What was found out about the guest before anything is touched.
struct GuestSurvey {
    std::optional<GuestChoice> choice;
    std::optional<drivers::ResolvedDrivers> drivers;
    std::optional<drivers::ImportPlan> import;
    bool in_step = false; ///< the guest has the host's driver already
    EngineChoice engine;  ///< who would write
    Checks checks;
};

/// What was asked for of a guest.
struct GuestWish {
    std::optional<std::string> disk; ///< image path, when the VM has several with Windows
    std::uint32_t partition = 0;     ///< 0: the one Windows there is
    bool copy = false;               ///< copies in System32 instead of symbolic links
    drivers::ScopeWish scope;        ///< what is to come along besides what the card needs
    std::optional<guest::Engine> engine;
};

/// The guest disk and the driver, for an import: which disk, which Windows, what is missing, is there room. A VM that
/// is not off is judged by the host's copy of the manifest; its disk is not touched.
[[nodiscard]] GuestSurvey survey_guest(const Environment& environment, const model::Vm& vm, const model::Gpu& gpu,
                                       const GuestWish& wish, const CallContext& context);
/// The host's copy of the manifest, with the scope that is kept there and the wish: does the guest have it all?
[[nodiscard]] Result<bool> in_step_by_record(host::Host& host, const drivers::Manifest& host_copy,
                                             drivers::ResolvedDrivers drivers, const drivers::ScopeWish& wish,
                                             const CallContext& context);
/// Disks of the VM beside which a cut-off change waits: such a VM must not be started. None is an empty list.
[[nodiscard]] Checks check_disk_journals(host::Host& host, const model::Vm& vm);
/// What a Linux guest needs besides the files: dxgkrnl in its kernels, a loader that knows the libraries, labels.
[[nodiscard]] Checks check_linux(const guest::LinuxInstall& system);
/// WDDM by the guest's build.
[[nodiscard]] Check check_guest_build(std::uint32_t build);

} // namespace exhyperv::assign
