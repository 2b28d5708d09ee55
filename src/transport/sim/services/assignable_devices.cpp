#include "cim/xml.h"
#include "support/strings.h"
#include "transport/sim/services/embedded.h"
#include "transport/sim/services/method.h"
#include "transport/sim/world/texts.h"

namespace exhyperv::sim {

namespace {

constexpr std::string_view kClass = "Msvm_AssignableDeviceService";

Outcome not_found(const Call& call, const std::string& device) {
    return Outcome::failure(code::failed,
                            {say(call.chinese(), failures::device_not_found, {device, call.world.host.name})});
}

/// Either path alone is enough; when both are given they must mean the same function.
PciFunction* named_function(const Call& call, const std::string& instance_path, const std::string& location_path) {
    if (instance_path.empty() && location_path.empty()) return nullptr;
    auto* by_location = location_path.empty() ? nullptr : find_function_at(call.world, location_path);
    if (instance_path.empty()) return by_location;
    auto* by_instance = find_function(call.world, instance_path);
    if (!by_instance || by_instance->gone) return nullptr;
    return location_path.empty() || by_location == by_instance ? by_instance : nullptr;
}

Outcome dismount(Call& call) {
    auto embedded =
        read_embedded(call.view(), call.text("DismountSettingData"), "Msvm_AssignableDeviceDismountSettingData");
    if (!embedded.instance) return Outcome::failure(code::invalid_parameter, {embedded.reason});
    const auto& given = *embedded.instance;
    const auto instance_path = given.text_or("DeviceInstancePath", ""),
               location_path = given.text_or("DeviceLocationPath", "");
    auto* function = named_function(call, instance_path, location_path);
    // Checks in the provider's order: there, disabled, bus under the system's control, ACS, mitigations
    // (wmi-facts 7.5).
    if (!function || !function->on_host())
        return not_found(call, location_path.empty() ? instance_path : location_path);
    const auto zh = call.chinese();
    if (function->problem != problem::disabled)
        return Outcome::failure(code::invalid_state, {say(zh, failures::device_enabled, {function->instance_path()})});
    const auto acs_missing = function->acs_compatible == 0u && given.boolean("RequireAcsSupport").value_or(true);
    if (!function->os_controls_pcie || acs_missing)
        return Outcome::failure(code::failed, {say(zh, failures::no_pcie_control)});
    if (!function->has_mitigations && given.boolean("RequireDeviceMitigations").value_or(true))
        return Outcome::failure(code::failed, {say(zh, failures::no_mitigations)});
    function->node_phantom = true;
    function->twin = Twin::present;
    function->registered_ms = call.now_ms + call.world.tuning.lag_ms;
    Outcome outcome;
    outcome.out.push_back({"DismountedDeviceInstancePath", cim::Value::string(function->twin_path())});
    return outcome;
}

Outcome mount(Call& call) {
    const auto instance_path = call.text("DeviceInstancePath"), location_path = call.text("DeviceLocationPath");
    auto* function = named_function(call, instance_path, location_path);
    if (!function || !function->dismounted())
        return not_found(call, location_path.empty() ? instance_path : location_path);
    if (owner_of(call.world, *function))
        return Outcome::failure(code::in_use, {say(call.chinese(), failures::device_taken, {function->location_path})});
    function->node_phantom = false;
    function->twin = Twin::phantom;
    function->registered_ms = 0;
    function->problem = function->mount_returns_disabled ? problem::disabled : problem::none;
    Outcome outcome;
    outcome.out.push_back({"MountedDeviceInstancePath", cim::Value::string(function->instance_path())});
    return outcome;
}

} // namespace

void add_assignable_devices(Methods& out) {
    out.push_back({kClass, "DismountAssignableDevice", 260, true, true, nullptr, nullptr, dismount, nullptr});
    out.push_back({kClass, "MountAssignableDevice", 260, true, true, nullptr, nullptr, mount, nullptr});
}

} // namespace exhyperv::sim
