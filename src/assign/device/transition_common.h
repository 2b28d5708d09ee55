#pragma once

#include "assign/device/transition_steps.h"

#include <vector>

namespace exhyperv::assign {

/// A plan for this host with the checks that every transition has: Hyper-V's service, rights, unfinished operations.
[[nodiscard]] Plan begin_transition(const Environment& environment, const TransitionSurvey& survey,
                                    std::string operation, Message title);

/// The device's setting goes, whether it works or not.
void leave_holder(TransitionSteps& steps, const TransitionSurvey& survey, const Mover& mover, std::size_t number);

/// For each VM that these devices leave: its settings go back when nothing is left in it that needs them. `target` is
/// not such a VM.
[[nodiscard]] Result<> restore_settings(const Environment& environment, const TransitionSurvey& survey,
                                        const std::vector<Mover>& leaving, const Guid* target, TransitionSteps& steps,
                                        Checks& checks, const CallContext& context);

/// Checks of all VMs that are changed: may they be turned off, is a change of their disks unfinished; the steps that
/// turn them off where that was asked for, and the end.
void finish_transition(const Environment& environment, Plan& plan, const TransitionSurvey& survey,
                       TransitionSteps steps, PowerPolicy power);

/// "RTX 4070, High Definition Audio": for titles.
[[nodiscard]] std::string names_of(const std::vector<Mover>& movers);

} // namespace exhyperv::assign
