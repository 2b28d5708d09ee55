#pragma once

#include "assign/core/step_handler.h"
#include "assign/state/guest_record.h"
#include "drivers/manifest.h"
#include "drivers/package.h"
#include "guest/guest_disk.h"
#include "support/guid.h"

#include <memory>
#include <optional>
#include <string>

namespace exhyperv::assign {

/// Which card's driver goes into (or out of) which guest, from a step's parameters.
struct GuestTarget {
    Guid vm;
    std::string vm_name, card, card_name;
    std::string disk, local_path;
    std::uint32_t partition = 0;
    guest::Engine engine = guest::Engine::direct; ///< who writes
    [[nodiscard]] GuestPlace place() const { return {disk, partition}; }
};

/// A parameter "disk" that is empty is found now: the VM was running when the plan was made. A journal of an earlier
/// release says nothing of engines: there was the direct one only.
[[nodiscard]] Result<GuestTarget> guest_target(const StepContext& context);

/// Opens the guest for writing: a journal that a killed commit left is redone or dropped first.
/// Refuses a guest too old for GPU-PV: `guest.too_old` {build}.
[[nodiscard]] Result<std::unique_ptr<guest::GuestDisk>> open_guest(const GuestTarget& target, bool writable);

/// The whole import in one transaction: plan, run, commit, read back with a second opening, host's copy and record.
[[nodiscard]] Result<StepRun> import_into_guest(const StepContext& context, const GuestTarget& target);
/// The whole purge of one card in one transaction, read back.
[[nodiscard]] Result<StepRun> purge_from_guest(const StepContext& context, const GuestTarget& target);

} // namespace exhyperv::assign
