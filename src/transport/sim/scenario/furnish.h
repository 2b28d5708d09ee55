#pragma once

#include "transport/sim/material/driver_store.h"
#include "transport/sim/world/world.h"

#include <string_view>

namespace exhyperv::sim {

// What scenarios of every kind build their worlds with.

[[nodiscard]] std::string class_guid(std::string_view device_class); ///< "Display" → "{4d36e968-…}"; empty when unknown
/// What the class suggests for BaseClass/SubClass/ProgIf where the scenario says nothing.
void set_class_codes(PciFunction& function);
[[nodiscard]] std::string interface_path(const PciFunction& function); ///< \\?\PCI#…#{064092b3-…}\GPUPARAV
/// The usual amounts of a paravirtualized GPU (recorded, wmi-facts 1.8) or of one with SR-IOV.
[[nodiscard]] Gpu usual_gpu(const PciFunction& function, bool sriov);
/// Lays memory ranges out; sizes in bytes.
class MemoryMap {
  public:
    void add(PciFunction& function, std::uint64_t size, bool high);

  private:
    std::uint64_t low_ = 0xA0000000, high_ = 0x4000000000;
};
/// Bus, device and function from the last element of a location path.
void set_address(PciFunction& function, std::uint32_t bus);

/// Publishes the package, writes what its installation writes to the registry, and gives the function its driver.
void install_driver(World& world, PciFunction& function, const PackageSpec& package);
/// Registry keys any host has: product type, build, Plug and Play's memory of each function.
void write_host_registry(World& world);
void set_value(World& world, const std::string& key, const host::RegistryValue& value);

/// Puts the function into the state "dismounted, registered".
void make_dismounted(PciFunction& function, std::int64_t now_ms);
/// Object path of the host's Msvm_PciExpress row of a function, whether it is dismounted now or not.
[[nodiscard]] std::string express_path(const World& world, const PciFunction& function);

[[nodiscard]] std::string configuration_version(std::uint32_t build); ///< default VM version of a host build
[[nodiscard]] std::string guest_os_name(std::uint32_t build, bool server);
/// Fills in what follows from the host: version, automatic checkpoints, times, process id of running VMs.
void finish_vm(World& world, Vm& vm, std::int64_t now_ms);
/// Adds a checkpoint; the VM's disks become leaves over their present images.
void add_checkpoint(World& world, Vm& vm, const std::string& name, bool automatic, std::int64_t now_ms);

} // namespace exhyperv::sim
