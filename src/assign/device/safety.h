#pragma once

#include "assign/device/transition.h"
#include "assign/device/transition_survey.h"

#include <string>
#include <vector>

namespace exhyperv::assign {

/// Judges the checks of an assignment: some dangers are refused, some can be taken on by name, none is passed over.
/// A danger that can be taken on is a failed check until it is, and a warning from then on; one more check says which
/// options the plan waits for.
class Safety {
  public:
    /// `device.unknown_danger` when a name is not in accepted_dangers().
    static Result<Safety> of(const std::vector<std::string>& accepted);

    /// Takes a check of the inventory over; `entry` is the device it speaks of, nullptr for the host.
    void add(Check check, const DeviceEntry* entry);
    /// All checks, with the one about options behind them where there is something to take on.
    [[nodiscard]] Checks checks() &&;

  private:
    std::vector<std::string> accepted_;
    std::vector<std::string> missing_, used_;
    Checks checks_;
};

/// What speaks against giving these devices to the VM: evidence of each, the host, the last display adapter of all
/// together, functions of the slot left behind, a partition of the same maker, what is waived.
[[nodiscard]] Result<Checks> check_assignment(const TransitionSurvey& survey, const std::vector<Mover>& movers,
                                              const model::Vm& vm, const DeviceAssignRequest& request);

} // namespace exhyperv::assign
