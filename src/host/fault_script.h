#pragma once

#include "support/deadline.h"
#include "support/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::host {

/// One call as a fault script sees it. `call` is the port and what it does:
///   "query" "get" "put" "invoke" (CimSession) · "devices.list" "devices.disable" "devices.enable" "devices.disks"
///   "devices.set_disk_online" · "registry.read" "registry.write" "registry.erase"
struct FaultCall {
    std::string_view call;
    std::string_view class_name; ///< of the object; for a query the class it selects
    std::string_view method;     ///< for "invoke"
    std::string_view target;     ///< object path, query text, device instance path, registry key
};

/// When, relative to the effect of the call, something happens.
enum class FaultMoment : std::uint8_t { never, before, after };

/// How a job ends that the call starts; only a provider can do that, so it is the simulated host that obeys it.
struct JobFault {
    std::uint32_t error_code = 32768;
    std::uint16_t state = 10; ///< 10 Exception, 8 Terminated, 9 Killed
    std::uint16_t percent = 50;
    std::string text; ///< ErrorDescription; empty: the host's own
};

/// What shall happen to a call. Several may be set: first the delay, then `before` things, then the call itself.
struct FaultAction {
    std::chrono::milliseconds delay{0};
    FaultMoment lost = FaultMoment::never; ///< session.lost; `after`: the call took effect, its answer did not arrive
    FaultMoment kill = FaultMoment::never; ///< the process ends at once (exit code 137), as by SIGKILL
    std::optional<Error> error;            ///< the call fails with this, without effect
    std::optional<std::uint32_t> return_value; ///< "invoke": this answer, without effect
    std::optional<JobFault> job;               ///< "invoke"
};

/// Scripted faults, from JSON: schema/fault-script.schema.json. Copies share the counters of their rules. Thread-safe.
class FaultScript {
  public:
    FaultScript(); ///< no faults
    /// Bounded (1 MiB, 1,000 rules). Error: host.bad_fault_script (`reason`, `place`). An error code of the script is
    /// taken as it is.
    static Result<FaultScript> parse(std::string_view json);

    /// Counts the call for each rule that matches it; the first rule whose turn it is (from its `nth` match on, `times`
    /// times) says what happens. nullopt: nothing.
    [[nodiscard]] std::optional<FaultAction> next(const FaultCall& call) const;

    /// How many calls each rule has matched so far, in script order: to keep counting in another process.
    [[nodiscard]] std::vector<std::uint32_t> seen() const;
    void set_seen(const std::vector<std::uint32_t>& counts) const; ///< extra or missing entries are ignored

  private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace exhyperv::host
