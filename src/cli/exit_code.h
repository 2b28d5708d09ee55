#pragma once

#include "support/error.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace exhyperv::cli {

/// What the shell gets. Part of the public interface: docs/exit-codes.md, `exhyperv --help`.
enum class ExitCode : std::uint8_t {
    done = 0,          ///< done, or nothing was to be done
    failed = 1,        ///< unexpected failure
    usage = 2,         ///< the command line is wrong, or a needed --yes is missing
    refused = 3,       ///< a check speaks against it (preflight, a disk that is not safe to open); nothing was changed
    not_found = 4,     ///< what was named does not exist, or the name fits several
    undone = 5,        ///< failed on the way; everything that had been done was undone
    partly_undone = 6, ///< failed, and not everything could be undone: the repair commands are shown
    busy = 7,          ///< another operation is at work, or one must be recovered first
    cancelled = 8,     ///< cancelled by the user or out of time; what had begun was undone
    host_unavailable = 9, ///< the host could not be opened: unreachable, access denied, state or scenario file damaged
};

/// The exit code an error leads to when a command ends with it.
[[nodiscard]] ExitCode exit_code_of(const Error& error);

struct ExitCodeText {
    ExitCode code;
    std::string_view key; ///< catalogue key of its meaning
};
[[nodiscard]] const std::array<ExitCodeText, 10>& exit_code_texts();

} // namespace exhyperv::cli
