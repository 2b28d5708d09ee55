#include "host/faulty_host.h"

#include "host/fault_injection.h"
#include "support/strings.h"

namespace exhyperv::host {

Result<std::vector<DeviceRecord>> FaultyDevices::list(const DeviceQuery& query, const CallContext& context) {
    const std::string target = join(query.instance_prefixes, ";");
    return run_with_fault(script_.next({"devices.list", {}, {}, target}), "devices.list", context,
                          [&] { return inner_.list(query, context); });
}

Result<> FaultyDevices::disable(const std::string& instance_path, const CallContext& context) {
    return run_with_fault(script_.next({"devices.disable", {}, {}, instance_path}), "devices.disable", context,
                          [&] { return inner_.disable(instance_path, context); });
}

Result<> FaultyDevices::enable(const std::string& instance_path, const CallContext& context) {
    return run_with_fault(script_.next({"devices.enable", {}, {}, instance_path}), "devices.enable", context,
                          [&] { return inner_.enable(instance_path, context); });
}

Result<std::vector<HostDevices::Disk>> FaultyDevices::disks(const CallContext& context) {
    return run_with_fault(script_.next({"devices.disks", {}, {}, {}}), "devices.disks", context,
                          [&] { return inner_.disks(context); });
}

Result<> FaultyDevices::set_disk_online(std::uint32_t number, bool online, const CallContext& context) {
    const std::string target = std::to_string(number);
    return run_with_fault(script_.next({"devices.set_disk_online", {}, {}, target}), "devices.set_disk_online", context,
                          [&] { return inner_.set_disk_online(number, online, context); });
}

Result<std::vector<RegistryKey>> FaultyRegistry::read(const std::vector<std::string>& paths,
                                                      const CallContext& context) {
    const std::string target = join(paths, ";");
    return run_with_fault(script_.next({"registry.read", {}, {}, target}), "registry.read", context,
                          [&] { return inner_.read(paths, context); });
}

Result<> FaultyRegistry::write(const std::string& path, const RegistryValue& value, const CallContext& context) {
    return run_with_fault(script_.next({"registry.write", {}, {}, path}), "registry.write", context,
                          [&] { return inner_.write(path, value, context); });
}

Result<> FaultyRegistry::erase(const std::string& path, const std::string& value_name, const CallContext& context) {
    return run_with_fault(script_.next({"registry.erase", {}, {}, path}), "registry.erase", context,
                          [&] { return inner_.erase(path, value_name, context); });
}

} // namespace exhyperv::host
