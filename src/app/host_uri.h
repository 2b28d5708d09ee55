#pragma once

#include "support/result.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace exhyperv::app {

/// Which host, and how it is reached. Forms: `local:`, `sim:`, `sim:<scenario>[?param=value&…]`, `sim:<file.json>`,
/// `dcom://<computer>`, `dcom://<user>@<computer>` (the user as DOMAIN\name or name@domain).
/// A bare scenario file or name without scheme is not accepted: a typing error must not open another host.
struct HostUri {
    enum class Scheme { local, sim, dcom, winrm } scheme = Scheme::sim;
    std::string text; ///< canonical: scenario files by absolute path, parameters of the transport left out, computers
                      ///< in lower case; the journal's name. Never a password

    /// Another machine, which can only be looked at: a change takes its devices, registry and files.
    [[nodiscard]] bool remote() const { return scheme == Scheme::dcom; }

    // sim
    std::string scenario;               ///< with the scenario's own parameters: "large?vms=500"
    std::optional<std::string> answers; ///< "natural", "sync", "job"
    std::optional<std::chrono::milliseconds> latency, job_duration, registration_lag;
    std::string fault_script;

    // dcom
    std::string computer; ///< a host name or an IPv4 address
    std::string user;     ///< empty: whoever runs the program
};

/// Parameters of the simulated transport: answers=natural|sync|job, latency=, job=, lag= (durations: 20ms, 2s), or
/// latency_ms=, job_ms=, lag_ms= (milliseconds), faults=<file>: of one process, no other host. Every other parameter is
/// the scenario's; it refuses those it does not know. Errors: app.host_uri {uri}, app.host_uri_parameter {uri,
/// parameter, value, expected}, app.host_uri_password.
[[nodiscard]] Result<HostUri> parse_host_uri(std::string_view text);

/// `local:` on Windows, `sim:workstation` elsewhere (local_host.h).
[[nodiscard]] std::string default_host_uri();

/// A directory name for the host's state (journal, lock, manifests), stable and unlike that of any other host.
[[nodiscard]] std::string host_key(const HostUri& uri);

/// "20ms", "2s", "5m", "1h", "90" (seconds). At most 7 days. Nullopt on anything else.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

} // namespace exhyperv::app
