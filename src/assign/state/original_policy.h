#pragma once

#include "support/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace exhyperv::assign {

/// Policy values of the host by name; nothing: the value does not exist.
using PolicyValues = std::map<std::string, std::optional<std::uint32_t>>;

/// What the host's policy values were before this program first changed them: <state>/host-policy.json. Empty when it
/// has not changed any. Errors: `state.corrupt` {path}, file.*.
[[nodiscard]] Result<PolicyValues> original_policy(const std::string& state_directory);
/// Replaces what is remembered, atomically; an empty map removes the file.
[[nodiscard]] Result<> remember_policy(const std::string& state_directory, const PolicyValues& values);

} // namespace exhyperv::assign
