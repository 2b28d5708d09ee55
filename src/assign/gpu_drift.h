#pragma once

#include "assign/operations.h"
#include "assign/state/waiting_guest.h"
#include "drivers/drift.h"
#include "model/vm.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// One card's driver in one VM, held against the host's.
struct DriftRow {
    /// Where the guest's part comes from. A disk of a VM that is not off belongs to that VM: it is never opened.
    enum class Source : std::uint8_t { guest, host_copy, nothing } source = Source::nothing;

    Guid vm;
    std::string vm_name;
    model::VmState state = model::VmState::unknown;
    std::string card, card_name; ///< instance path; name, or the path when nobody knows it
    bool has_partition = false;  ///< the VM holds a partition of the card
    bool on_host = false;        ///< the host has the card and a driver for it
    std::string disk;            ///< image path on the host; empty: not known
    std::uint32_t partition = 0; ///< of the disk; 0: not known
    drivers::Drift drift;
    std::optional<Error> problem;        ///< why the host's or the guest's side is not known
    std::optional<WaitingGuest> waiting; ///< the VM is to be brought up to date when it is off
};
[[nodiscard]] std::string_view source_name(DriftRow::Source source); ///< "guest", "host_copy", "nothing"

/// A card that the guest has a driver of, while neither the host has the card nor the VM a partition of it.
[[nodiscard]] bool is_orphan(const DriftRow& row);
/// What sync brings up: the guest was given a driver of the card, and it is not the host's. A partition without any
/// driver is no business of sync: gpu add brings the first one.
[[nodiscard]] bool lags(const DriftRow& row);

/// Every VM that has a partition or was given a driver, in the host's order, one row a card. `vm`: only this one (name
/// or GUID). Reads the disks of VMs that are off and the host's copies of the manifests for the others. Changes
/// nothing; what cannot be read is in its row. Errors: vm.not_found, vm.ambiguous, and what the ports return.
[[nodiscard]] Result<std::vector<DriftRow>> gpu_drift(const Environment& environment,
                                                      const std::optional<std::string>& vm, const CallContext& context);

} // namespace exhyperv::assign
