#pragma once

#include "simulation.h"
#include "transport/sim/sim_host.h"
#include "transport/wmi_com/session.h"

#include <memory>
#include <string>

namespace exhyperv::provider {

/// A simulated host and a COM session to it: in this process, CLSID_WbemLocator leads to our provider.
class ProviderHost {
  public:
    /// In memory, with a clock of its own, unless the options say otherwise. Fails the test when it cannot be opened.
    static std::unique_ptr<ProviderHost> open(sim::SimOptions options);

    [[nodiscard]] wmi_com::ComSession& session() { return *session_; }
    [[nodiscard]] Simulation& simulation() { return *simulation_; }
    [[nodiscard]] sim::ManualClock& clock() { return *clock_; }

  private:
    std::shared_ptr<sim::ManualClock> clock_;
    std::shared_ptr<Simulation> simulation_;
    std::unique_ptr<wmi_com::ComSession> session_;
};

/// A file for a fault script, gone at the end of the test.
class ScriptFile {
  public:
    explicit ScriptFile(const std::string& json);
    ScriptFile(const ScriptFile&) = delete;
    ScriptFile& operator=(const ScriptFile&) = delete;
    ~ScriptFile();
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

} // namespace exhyperv::provider
