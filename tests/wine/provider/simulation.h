#pragma once

#include "host/host.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace exhyperv::provider {

/// The simulated host behind the provider, as one process sees it, and a trace of what was asked.
class Simulation {
  public:
    Simulation(std::unique_ptr<host::Host> host, std::uint32_t build, bool hyperv, std::string trace_file);

    [[nodiscard]] host::Host& host() { return *host_; }
    [[nodiscard]] host::CimSession& session() { return host_->cim(); }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::uint32_t build() const { return build_; }
    [[nodiscard]] bool has_namespace(std::string_view name_space) const;
    /// A connection that may still be used: those that were made before the provider "restarted" may not.
    [[nodiscard]] std::uint32_t generation() const { return generation_; }
    void restart() { ++generation_; }

    /// One call of a client that costs it a round trip.
    void note(const std::string& line);
    [[nodiscard]] std::uint64_t calls() const { return calls_; }
    /// Whom the last connection was made as; empty: the caller.
    void connected_as(std::string user);
    [[nodiscard]] std::string last_user() const;
    /// Only this user with this password may connect from another machine; before this is called, everybody may.
    void let_in_only(std::string user, std::string password);
    [[nodiscard]] bool lets_in(const std::string& user, const std::string& password) const;

  private:
    std::unique_ptr<host::Host> host_;
    std::string name_;
    std::uint32_t build_;
    bool hyperv_;
    std::string trace_file_;
    mutable std::mutex trace_;
    std::string last_user_;
    std::optional<std::pair<std::string, std::string>> credentials_;
    std::atomic<std::uint64_t> calls_ = 0;
    std::atomic<std::uint32_t> generation_ = 0;
};

/// The one the locator connects to: what use_simulation() said, else the one the environment describes, opened once:
///   EXHYPERV_WMI_SCENARIO (default "workstation"), EXHYPERV_WMI_DATA (a data directory; none: in memory),
///   EXHYPERV_WMI_FAULTS (a fault script), EXHYPERV_WMI_ANSWERS (sync, job), EXHYPERV_WMI_TRACE (a file, one line a
///   call), EXHYPERV_WMI_USER and EXHYPERV_WMI_PASSWORD (who alone may connect from another machine).
Result<std::shared_ptr<Simulation>> current_simulation();
void use_simulation(std::shared_ptr<Simulation> simulation);
/// Wraps an opened simulated host (transport/sim's make_host).
Result<std::shared_ptr<Simulation>> wrap(std::unique_ptr<host::Host> host, std::string trace_file);

} // namespace exhyperv::provider
