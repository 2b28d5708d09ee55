#pragma once

#include "assign/plan.h"
#include "drivers/import_scope.h"
#include "guest/engine.h"
#include "host/host.h"
#include "support/deadline.h"
#include "support/progress.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// What every operation works with. The objects behind it outlive the operation.
struct Environment {
    host::Host& host;
    std::string state_directory; ///< journal, lock, manifests: <data directory>/hosts/<host key>
};

enum class PowerPolicy { refuse, shut_down, turn_off }; ///< what to do about a VM that runs; never chosen by default

struct GpuAddRequest {
    std::string gpu; ///< name, part of a name, instance path or interface path; must name one card
    std::string vm;  ///< name or GUID; must name one VM
    PowerPolicy power = PowerPolicy::refuse;
    bool drivers = true;                 ///< import the driver into the guest disk
    bool copy = false;                   ///< copies in System32 instead of symbolic links
    std::optional<std::string> disk;     ///< image path when the VM has several with Windows
    std::uint32_t partition = 0;         ///< 0: the one Windows there is
    drivers::ScopeWish scope;            ///< what goes into the guest besides what the card needs
    std::optional<guest::Engine> engine; ///< who writes into the guest; nullopt: engine_choice.h
};

struct GpuRemoveRequest {
    std::string vm;
    std::string gpu; ///< empty: the only partition the VM has
    PowerPolicy power = PowerPolicy::refuse;
    bool purge = false; ///< also take drivers and registry values out of the guest
    std::optional<std::string> disk;
    std::uint32_t partition = 0;
    std::optional<guest::Engine> engine;
};

/// Reads the host and thinks the change through. Changes nothing. Errors: vm.not_found, vm.ambiguous, gpu.not_found,
/// gpu.ambiguous, and what the ports return; everything that speaks against the change is a failed Check in the plan.
[[nodiscard]] Result<Plan> plan_gpu_add(const Environment& environment, const GpuAddRequest& request,
                                        const CallContext& context);
[[nodiscard]] Result<Plan> plan_gpu_remove(const Environment& environment, const GpuRemoveRequest& request,
                                           const CallContext& context);

/// What happens while a plan runs. `step` indexes plan.steps.
struct StepEvent {
    enum class Kind {
        started,
        progress,
        done,
        already_done,
        failed,
        undo_started,
        undone,
        undo_failed
    } kind = Kind::started;
    std::size_t step = 0;
    Progress progress;            ///< Kind::progress
    const Error* error = nullptr; ///< failed, undo_failed
};
using EventSink = std::function<void(const StepEvent&)>;

enum class Outcome : std::uint8_t { done, nothing_to_do, undone, partly_undone };

struct StepResult {
    std::string id;
    bool changed = false;
    std::vector<Message> facts; ///< what was read back
    std::vector<Message> warnings;
};

struct OperationResult {
    Outcome outcome = Outcome::done;
    std::vector<StepResult> steps;
    std::optional<Error> error;     ///< why it was undone
    std::vector<Error> undo_errors; ///< partly_undone: exact state and the command that repairs it, each
};

/// Runs the plan under the host's operation lock, journalling every step, undoing on failure. A blocked plan is refused
/// (`plan.blocked`); another operation at work is `operation.busy` with the holder; an open journal is
/// `operation.recover_first`, or `journal.damaged` when it cannot be read.
[[nodiscard]] Result<OperationResult> execute(const Environment& environment, const Plan& plan, const EventSink& events,
                                              const CallContext& context);

/// An operation as the journal tells it.
struct HistoryEntry {
    Plan plan;
    std::string started, finished; ///< ISO 8601 UTC; `finished` empty while open
    std::string who;               ///< user@machine
    /// damaged: its record cannot be read any more, and `error` says where; of the plan only what was read before the
    /// damage is there, at least the id.
    enum class State : std::uint8_t { open, running, done, undone, partly_undone, damaged } state = State::open;
    bool undoing = false; ///< undo had begun: it cannot be resumed
    std::size_t steps_done = 0;
    std::optional<Error> error;
};

/// The latest first, in the order in which they began, also within one second.
[[nodiscard]] Result<std::vector<HistoryEntry>> history(const Environment& environment);
/// Operations a dead process left open, or that could only be undone in part; empty when all is well, and while an
/// operation is at work. Damaged records come last. Cheap: called at every start.
[[nodiscard]] Result<std::vector<HistoryEntry>> open_operations(const Environment& environment);

/// `accept` closes the operation as it stands, for a user who has put things right by hand: nothing is done. It is the
/// only way for one whose record is damaged; the other two fail with that error.
enum class RecoveryMode { roll_back, resume, accept };
/// Takes up an open operation: undoes what was done, or does the rest. Idempotent: a kill during recovery is recovered
/// too. An operation whose undo had begun can only be rolled back (`operation.cannot_resume`). `operation.not_open`
/// when there is no open one of that id.
[[nodiscard]] Result<OperationResult> recover(const Environment& environment, const std::string& operation_id,
                                              RecoveryMode mode, const EventSink& events, const CallContext& context);

} // namespace exhyperv::assign
