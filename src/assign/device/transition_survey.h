#pragma once

#include "assign/device/inventory.h"
#include "assign/device/preparation.h"
#include "assign/preflight/survey.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// A device of a transition: where it is and who names it.
struct Mover {
    const DeviceEntry* entry = nullptr;
    model::PlaceKind place = model::PlaceKind::host;
    std::optional<Guid> holder;             ///< the VM whose settings name it, wherever the device is
    std::vector<std::string> offline_disks; ///< taken offline by us when it left

    [[nodiscard]] const std::string& id() const { return entry->device.pure_id; }
    [[nodiscard]] std::string name() const { return entry->display_name(); }
    [[nodiscard]] bool with_host() const {
        return place == model::PlaceKind::host || place == model::PlaceKind::host_disabled;
    }
};

/// Everything the planners of device transitions read, once, in a constant number of round trips.
struct TransitionSurvey {
    DeviceInventory inventory;
    Survey survey; ///< `devices` stays empty: the inventory has them

    [[nodiscard]] const model::Vm* vm(const Guid& id) const;
    [[nodiscard]] const model::Gpu* card_of(const DeviceEntry& entry) const;
};

[[nodiscard]] Result<TransitionSurvey> read_transition_survey(const Environment& environment,
                                                              const CallContext& context);

[[nodiscard]] Mover mover_of(const Environment& environment, const TransitionSurvey& survey, const DeviceEntry& entry);

/// The devices a request names, each once, in its order; with companions, if wished, behind each.
[[nodiscard]] Result<std::vector<Mover>> movers_of(const Environment& environment, const TransitionSurvey& survey,
                                                   const std::vector<std::string>& wanted, bool with_companions);

/// All devices of the inventory that a VM's settings name.
[[nodiscard]] std::vector<Mover> devices_of_vm(const Environment& environment, const TransitionSurvey& survey,
                                               const Guid& vm);

/// MMIO space of a device: its BARs, those remembered from when the host had it, else a guess.
[[nodiscard]] DeviceSpace space_of(const Environment& environment, const TransitionSurvey& survey,
                                   const DeviceEntry& entry);

} // namespace exhyperv::assign
