#pragma once

#include "host/host.h"
#include "support/progress.h"
#include "support/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::sim {

/// How methods that may start a job answer (wmi-facts 1.2).
enum class Answers : std::uint8_t {
    natural,     ///< as recorded from real hosts: some return 0, some 4096, a refusal usually becomes a failed job
    synchronous, ///< every method is done when it returns: 0 with results, or the failure code
    job,         ///< every such method returns 4096; results are NULL even after completion
};

/// The simulated host's wall clock: milliseconds since 1970. Thread-safe.
class SimClock {
  public:
    virtual ~SimClock() = default;
    [[nodiscard]] virtual std::int64_t now_ms() const = 0;
};

/// A clock that only moves when told to: job progress, lag and removal without waiting.
class ManualClock final : public SimClock {
  public:
    explicit ManualClock(std::int64_t start_ms = 1'780'000'000'000);
    ~ManualClock() override;
    [[nodiscard]] std::int64_t now_ms() const override;
    void advance(std::chrono::milliseconds span);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

struct SimOptions {
    /// "workstation", "large?vms=500&devices=200", or the path of a scenario file (has a '/' or '\', or ends in .json).
    std::string scenario = "workstation";
    /// When not empty: the scenario itself, as JSON; `scenario` then only names it.
    std::string scenario_text;
    /// Where state, disks and the driver store live: <data_directory>/sim/<scenario id>/. Empty: no files at all.
    std::string data_directory;
    /// The host's state lives and dies with the object; files (if there is a data directory) are still real.
    bool in_memory = false;
    /// What the scenario says, when not set.
    std::optional<Answers> answers;
    std::optional<std::chrono::milliseconds> latency;          ///< added to every call, within its deadline
    std::optional<std::chrono::milliseconds> job_duration;     ///< how long jobs run; 0 = done at the next call
    std::optional<std::chrono::milliseconds> registration_lag; ///< Dismount → Msvm_PciExpress row appears
    /// Path of a fault script (host/fault_script.h for the transport, docs/simulator.md for the host's own faults).
    std::string fault_script;
    std::shared_ptr<const SimClock> clock; ///< null: the system's
    std::string uri;                       ///< what Host::uri() answers; empty: "sim:" + scenario
    ProgressSink progress;                 ///< the first use of a scenario makes its disks and driver packages
};

/// Opens the simulated host; the first use of a scenario creates its world.
/// Errors: sim.unknown_scenario, sim.bad_scenario (line, field), sim.bad_parameter, sim.state_version, sim.bad_state,
/// sim.bad_fault_script, file.*.
[[nodiscard]] Result<std::unique_ptr<host::Host>> make_host(const SimOptions& options);

/// Throws the scenario's state, disks and driver store away and makes them anew. `sim.in_use` while another call holds
/// the state.
[[nodiscard]] Result<> reset(const SimOptions& options);

struct ScenarioInfo {
    std::string name;       ///< "workstation"
    std::string title;      ///< one English line
    std::string parameters; ///< "vms=500&devices=200" (defaults), or empty
};
/// The scenarios built into the program.
[[nodiscard]] std::vector<ScenarioInfo> scenarios();

} // namespace exhyperv::sim
