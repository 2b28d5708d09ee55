#pragma once

#include "host/cim_session.h"
#include "host/devices.h"
#include "host/files.h"
#include "host/registry.h"

#include <cstdint>
#include <optional>
#include <string>

namespace exhyperv::host {

/// The ports of one host, as a transport hands them out. The transport owns the objects behind the references.
class Host {
  public:
    virtual ~Host() = default;
    virtual CimSession& cim() = 0;
    virtual HostDevices& devices() = 0;
    virtual HostRegistry& registry() = 0;
    virtual HostFiles& files() = 0;
    /// "sim:workstation", "local:": what the journal and messages call this host.
    [[nodiscard]] virtual std::string uri() const = 0;
    /// Is this process allowed to change the host (administrator, root of the simulation)?
    [[nodiscard]] virtual bool elevated() const = 0;
    /// Width of the processor's physical addresses (CPUID 0x80000008): the ceiling of MMIO space. No provider class
    /// tells it, so a transport that cannot know says nothing.
    [[nodiscard]] virtual std::optional<std::uint32_t> physical_address_bits() const { return std::nullopt; }
};

} // namespace exhyperv::host
