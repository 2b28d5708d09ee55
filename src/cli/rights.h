#pragma once

#include "cli/invocation.h"

#include <optional>

namespace exhyperv::cli {

/// May the user be asked for an administrator's rights on behalf of this command: its host is this very machine, the
/// process does not have them, and there is somebody to ask.
[[nodiscard]] bool can_ask_for_rights(const Invocation& call);

/// Runs the same command line again with an administrator's rights, in the same terminal, and waits for it: its words
/// and its exit code are the command's. Errors: platform.elevation_declined, platform.elevation_failed.
[[nodiscard]] Result<ExitCode> run_with_rights(Invocation& call);

/// The plan can only be carried out with rights this process does not have, and nothing else speaks against it.
[[nodiscard]] bool only_rights_are_missing(const assign::Plan& plan, bool elevated);

} // namespace exhyperv::cli
