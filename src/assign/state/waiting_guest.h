#pragma once

#include "drivers/import_scope.h"
#include "support/guid.h"
#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// A VM whose drivers are to be brought up to date when it is seen off: <state directory>/waiting/<vm>.json, so that
/// every program of this host knows of it, also after a restart.
struct WaitingGuest {
    Guid vm;
    std::string vm_name;
    std::string since, who; ///< ISO 8601 UTC; user@machine
    drivers::ScopeWish scope;
    std::uint32_t tries = 0; ///< that failed
    std::string next_try;    ///< ISO 8601 UTC; empty: as soon as it is off
    std::string problem;     ///< code of the error, or id of the check, that stopped the last try
    bool given_up = false;   ///< nothing is tried any more; it is only shown
};

inline constexpr std::uint32_t kMostTries = 5;
inline constexpr int kLongestWaitDays = 30;

/// In no particular order. Errors: state.corrupt {path}, file.*.
[[nodiscard]] Result<std::vector<WaitingGuest>> waiting_guests(const std::string& state_directory);
[[nodiscard]] Result<std::optional<WaitingGuest>> waiting_guest(const std::string& state_directory, const Guid& vm);
[[nodiscard]] Result<> remember_waiting(const std::string& state_directory, const WaitingGuest& guest);
/// One that does not wait is success.
[[nodiscard]] Result<> forget_waiting(const std::string& state_directory, const Guid& vm);
/// Looks at the directory only: cheap enough for a clock.
[[nodiscard]] bool any_waiting(const std::string& state_directory);

} // namespace exhyperv::assign
