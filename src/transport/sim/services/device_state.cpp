#include "transport/sim/services/device_state.h"

#include "support/strings.h"

namespace exhyperv::sim {

namespace {

constexpr std::int64_t kNoSuchDevice = 0x0D, kNotDisableable = 0x28, kAccessDenied = 0x33;

tl::unexpected<Error> device_error(std::string code, const std::string& path, std::int64_t native) {
    return fail(Error{std::move(code), {{"device", path}}, {}, {}, {}}.with_native(NativeKind::win32, native));
}

} // namespace

Result<> set_device_enabled(World& world, const std::string& instance_path, bool enabled) {
    if (!world.host.elevated) return device_error("device.access_denied", instance_path, kAccessDenied);
    auto* function = istarts_with(instance_path, "PCI\\") ? find_function(world, instance_path) : nullptr;
    if (function) {
        if (!function->on_host()) return device_error("device.not_found", instance_path, kNoSuchDevice);
        if (!enabled && !function->can_disable)
            return device_error("device.not_disableable", instance_path, kNotDisableable);
        function->problem = enabled ? problem::none : problem::disabled;
        return {};
    }
    for (auto& node : world.nodes)
        if (iequals(node.instance_path, instance_path) && node.present) {
            node.problem = enabled ? problem::none : problem::disabled;
            return {};
        }
    return device_error("device.not_found", instance_path, kNoSuchDevice);
}

} // namespace exhyperv::sim
