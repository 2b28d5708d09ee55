#pragma once

#include "host/registry.h"
#include "transport/sim/ports/port_base.h"

namespace exhyperv::sim {

class SimRegistry final : public host::HostRegistry {
  public:
    explicit SimRegistry(PortBase& base) : base_(base) {}
    Result<std::vector<host::RegistryKey>> read(const std::vector<std::string>& paths,
                                                const CallContext& context) override;
    Result<> write(const std::string& path, const host::RegistryValue& value, const CallContext& context) override;
    Result<> erase(const std::string& path, const std::string& value_name, const CallContext& context) override;

  private:
    PortBase& base_;
};

} // namespace exhyperv::sim
