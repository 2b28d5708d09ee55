#pragma once

#include "transport/sim/ports/devices.h"
#include "transport/sim/ports/files.h"
#include "transport/sim/ports/registry.h"
#include "transport/sim/ports/session.h"
#include "transport/sim/sim_host.h"
#include "transport/sim/store/keeper.h"
#include "transport/sim/store/workshop.h"

#include <functional>

namespace exhyperv::sim {

/// The ports of one simulated host over one world.
class SimHost final : public host::Host {
  public:
    struct Parts {
        std::unique_ptr<Keeper> keeper;
        HostTree tree;
        ProgressSink progress;
        host::FaultScript script, scenario_script;
        std::string uri, name;
        bool elevated = true;
        std::uint32_t address_bits = 0;
    };
    explicit SimHost(Parts parts);

    host::CimSession& cim() override { return cim_; }
    host::HostDevices& devices() override { return devices_; }
    host::HostRegistry& registry() override { return registry_; }
    host::HostFiles& files() override { return files_; }
    [[nodiscard]] std::string uri() const override { return uri_; }
    [[nodiscard]] bool elevated() const override { return elevated_; }
    [[nodiscard]] std::optional<std::uint32_t> physical_address_bits() const override { return address_bits_; }

    /// For tests and demonstrations: changes the world behind the provider's back (a card is pulled, a guest reboots).
    Result<> intervene(const std::function<void(World&)>& change);
    /// A copy of the world as it is now.
    [[nodiscard]] Result<World> world();

  private:
    std::unique_ptr<Keeper> keeper_;
    Workshop workshop_;
    PortBase base_;
    SimSession cim_;
    SimDevices devices_;
    SimRegistry registry_;
    SimFiles files_;
    std::string uri_;
    bool elevated_;
    std::uint32_t address_bits_;
};

} // namespace exhyperv::sim
