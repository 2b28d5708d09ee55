#pragma once

#include "app/host_uri.h"
#include "assign/device/display_advice.h"
#include "assign/device/inventory.h"
#include "assign/device/transition.h"
#include "assign/gpu_drift.h"
#include "assign/gpu_sync.h"
#include "assign/host_policy.h"
#include "assign/operations.h"
#include "assign/preflight/readiness.h"
#include "assign/selftest/selftest.h"
#include "assign/when_off.h"
#include "model/gpu.h"
#include "model/host_facts.h"
#include "model/vm.h"
#include "support/deadline.h"
#include "support/progress.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {
struct GuestSurvey; // assign/preflight/groups.h
}
namespace exhyperv::hyperv {
struct GpuLoad; // hyperv/gpu_load.h
}

namespace exhyperv::app {

/// VMs, cards and partitions, read together: who has what.
struct Inventory {
    std::vector<model::Vm> vms;
    std::vector<model::Gpu> gpus;
    std::vector<model::GpuPartition> partitions;

    [[nodiscard]] std::vector<const model::GpuPartition*> partitions_of_vm(const Guid& vm) const;
    [[nodiscard]] std::vector<const model::GpuPartition*> partitions_of_gpu(const model::Gpu& gpu) const;
    /// The card a partition is of; null when the host has it no more or cannot tell.
    [[nodiscard]] const model::Gpu* gpu_of(const model::GpuPartition& partition) const;
    [[nodiscard]] const model::Vm* vm(const Guid& id) const;
};

/// A disk image of a VM, as this process can open it.
struct VmImage {
    std::string host_path;  ///< as the host calls it
    std::string local_path; ///< as this process opens it
};

enum class PowerAction : std::uint8_t { start, shut_down, turn_off };

/// An open host. Lists cost a constant number of round trips. Not for use from several threads at once.
/// Errors: those of the ports; lookups as hyperv/lookup.h (vm.not_found, vm.ambiguous, gpu.not_found, gpu.ambiguous).
class Session {
  public:
    /// A simulated host makes a disk or a driver package when it is first looked into, which takes a moment:
    /// `first_use` hears of each, at any time while the session lives. Errors: app.host_not_supported {uri}, and what
    /// the transport says.
    static Result<std::unique_ptr<Session>> open(const HostUri& uri, const std::string& data_directory,
                                                 const ProgressSink& first_use);
    virtual ~Session() = default;

    [[nodiscard]] virtual const HostUri& uri() const = 0;
    [[nodiscard]] virtual bool elevated() const = 0;
    virtual Result<model::HostFacts> facts(const CallContext& context) = 0;
    virtual Result<Inventory> inventory(const CallContext& context) = 0; ///< everything
    /// For lists of VMs: as inventory(), but cards may lack their names and drivers when no VM has a partition.
    virtual Result<Inventory> vm_inventory(const CallContext& context) = 0;
    /// Is the host ready, and what is to be done (assign/preflight/readiness.h)? From what was read already, the
    /// devices and the program's own records; no guest's disk is opened.
    virtual std::vector<assign::ReadinessItem> readiness(const model::HostFacts& facts, const Inventory& inventory,
                                                         const std::vector<assign::HistoryEntry>& open,
                                                         const CallContext& context) = 0;
    /// The PCI functions of the host with verdict and evidence (assign/device/inventory.h).
    virtual Result<assign::DeviceInventory> devices(const CallContext& context) = 0;
    /// Ways to a picture for a VM with a GPU partition.
    virtual Result<assign::DisplayAdvice> advise_display(std::string_view vm, const CallContext& context) = 0;
    virtual Result<model::Vm> find_vm(const Inventory& inventory, std::string_view wanted) = 0;
    virtual Result<model::Gpu> find_gpu(const Inventory& inventory, std::string_view wanted) = 0;
    /// Disks of the VM as this process opens them, in boot order guess. Left out: a pass-through disk whose number the
    /// host does not tell.
    virtual Result<std::vector<VmImage>> images(const model::Vm& vm) = 0;

    virtual Result<assign::Plan> plan(const assign::GpuAddRequest& request, const CallContext& context) = 0;
    virtual Result<assign::Plan> plan(const assign::GpuRemoveRequest& request, const CallContext& context) = 0;
    virtual Result<assign::Plan> plan(const assign::DeviceAssignRequest& request, const CallContext& context) = 0;
    virtual Result<assign::Plan> plan(const assign::DeviceReturnRequest& request, const CallContext& context) = 0;
    virtual Result<assign::Plan> plan(const assign::DeviceRecoverRequest& request, const CallContext& context) = 0;
    virtual Result<assign::Plan> plan(const assign::GpuSyncRequest& request, const CallContext& context) = 0;
    virtual Result<assign::Plan> plan(const assign::PolicyRequest& request, const CallContext& context) = 0;
    /// How busy the cards are on behalf of whom (hyperv/gpu_load.h).
    virtual Result<std::vector<hyperv::GpuLoad>> gpu_load(const CallContext& context) = 0;
    /// What giving the card's driver to the VM would write into which of its disks; nothing is written.
    virtual assign::GuestSurvey preview_import(const model::Vm& vm, const model::Gpu& gpu,
                                               const CallContext& context) = 0;
    /// The guests' drivers held against the host's (assign/gpu_drift.h).
    virtual Result<std::vector<assign::DriftRow>> drift(const std::optional<std::string>& vm,
                                                        const CallContext& context) = 0;
    /// For a clock: the next VM that waits for `gpu sync --when-off` and is off (assign/when_off.h).
    virtual Result<std::optional<assign::DueSync>> due_sync(const CallContext& context) = 0;
    virtual Result<> note_failed_sync(const Guid& vm, const std::string& problem) = 0;
    virtual Result<assign::OperationResult> execute(const assign::Plan& plan, const assign::EventSink& events,
                                                    const CallContext& context) = 0;
    virtual Result<std::vector<assign::HistoryEntry>> history() = 0;
    virtual Result<std::vector<assign::HistoryEntry>> open_operations() = 0;
    virtual Result<assign::OperationResult> recover(const std::string& operation_id, assign::RecoveryMode mode,
                                                    const assign::EventSink& events, const CallContext& context) = 0;

    /// The read-only checklist (assign/selftest/selftest.h).
    virtual assign::SelfTest selftest(const CallContext& context) = 0;

    /// Does what the user asked for just now and returns when it is so; nothing is journalled. Errors: hyperv/power.h.
    virtual Result<> change_power(const Guid& vm, PowerAction action, const CallContext& context) = 0;
};

/// Makes a simulated scenario anew, and forgets the journal of the host that was. `app.not_simulated` for other hosts.
[[nodiscard]] Result<> reset_simulation(const HostUri& uri, const std::string& data_directory,
                                        const ProgressSink& progress);

struct UpdatedDriver {
    std::string gpu, before, version;
};
/// Updates a card's driver on a simulated host, as Windows Update would. Errors: app.not_simulated, gpu.not_found,
/// gpu.ambiguous, sim.bad_driver_version {version}, sim.no_driver {card}.
[[nodiscard]] Result<UpdatedDriver> update_simulated_driver(const HostUri& uri, const std::string& data_directory,
                                                            const std::string& gpu, const std::string& version,
                                                            const CallContext& context);

struct Scenario {
    std::string name, title, parameters;
};
[[nodiscard]] std::vector<Scenario> simulated_scenarios();

} // namespace exhyperv::app
