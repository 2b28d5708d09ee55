#pragma once

#include "assign/preflight/check.h"
#include "guest/engine.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// Which engine writes into a guest's disk, and why: "asked", "default", "simulated" (a simulated host's disks are no
/// business of the system), "linux" (Windows has no ext4).
struct EngineChoice {
    guest::Engine engine = guest::Engine::direct;
    std::string reason = "default";
};

/// `host_uri` empty: an image of its own, without a host.
[[nodiscard]] EngineChoice choose_engine(const std::string& host_uri, std::optional<guest::Engine> wish,
                                         bool linux_guest);
/// The choice as a line of the plan; speaks against the plan when this program has no such engine.
[[nodiscard]] Check engine_check(const EngineChoice& choice);
/// Adds it, unless the plan says so already for another guest.
void add_engine_check(std::vector<Check>& checks, const EngineChoice& choice);

} // namespace exhyperv::assign
