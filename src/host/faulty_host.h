#pragma once

#include "host/faulty_session.h"
#include "host/host.h"

namespace exhyperv::host {

/// Device nodes under a fault script; calls are named "devices.…", the target is the instance path (or disk number).
class FaultyDevices final : public HostDevices {
  public:
    FaultyDevices(HostDevices& inner, FaultScript script) : inner_(inner), script_(std::move(script)) {}

    Result<std::vector<DeviceRecord>> list(const DeviceQuery& query, const CallContext& context) override;
    Result<> disable(const std::string& instance_path, const CallContext& context) override;
    Result<> enable(const std::string& instance_path, const CallContext& context) override;
    Result<std::vector<Disk>> disks(const CallContext& context) override;
    Result<> set_disk_online(std::uint32_t number, bool online, const CallContext& context) override;

  private:
    HostDevices& inner_;
    FaultScript script_;
};

/// The registry under a fault script; calls are named "registry.…", the target is the key path.
class FaultyRegistry final : public HostRegistry {
  public:
    FaultyRegistry(HostRegistry& inner, FaultScript script) : inner_(inner), script_(std::move(script)) {}

    Result<std::vector<RegistryKey>> read(const std::vector<std::string>& paths, const CallContext& context) override;
    Result<> write(const std::string& path, const RegistryValue& value, const CallContext& context) override;
    Result<> erase(const std::string& path, const std::string& value_name, const CallContext& context) override;

  private:
    HostRegistry& inner_;
    FaultScript script_;
};

/// A whole host under one fault script. Files pass through. `inner` must outlive it.
class FaultyHost final : public Host {
  public:
    FaultyHost(Host& inner, const FaultScript& script)
        : inner_(inner), cim_(inner.cim(), script), devices_(inner.devices(), script),
          registry_(inner.registry(), script) {}

    CimSession& cim() override { return cim_; }
    HostDevices& devices() override { return devices_; }
    HostRegistry& registry() override { return registry_; }
    HostFiles& files() override { return inner_.files(); }
    [[nodiscard]] std::string uri() const override { return inner_.uri(); }
    [[nodiscard]] bool elevated() const override { return inner_.elevated(); }
    [[nodiscard]] std::optional<std::uint32_t> physical_address_bits() const override {
        return inner_.physical_address_bits();
    }

  private:
    Host& inner_;
    FaultySession cim_;
    FaultyDevices devices_;
    FaultyRegistry registry_;
};

} // namespace exhyperv::host
