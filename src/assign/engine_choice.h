#pragma once

#include "assign/preflight/check.h"
#include "guest/engine.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// Which engine writes into a guest's disk, and why: "asked", "default", "simulated" (a simulated host's disks are no
/// business of the system), "linux" (Windows has no ext4), "pass_through" and "unlocked" (only Windows writes there).
struct EngineChoice {
    guest::Engine engine = guest::Engine::direct;
    std::string reason = "default";
    bool possible = true; ///< false: what was asked for, or the only way, cannot be; `reason` says why
};

/// What is known of the guest's disk.
struct EngineSubject {
    std::string disk; ///< as the VM's settings name it
    bool linux_guest = false;
    bool unlocked = false; ///< BitLocker, unlocked by this machine
};

/// `host_uri` empty: an image of its own, without a host.
[[nodiscard]] EngineChoice choose_engine(const std::string& host_uri, std::optional<guest::Engine> wish,
                                         const EngineSubject& subject);
/// The choice as a line of the plan; speaks against the plan when this program has no such engine.
[[nodiscard]] Check engine_check(const EngineChoice& choice);
/// Adds it, unless the plan says so already for another guest.
void add_engine_check(std::vector<Check>& checks, const EngineChoice& choice);

} // namespace exhyperv::assign
