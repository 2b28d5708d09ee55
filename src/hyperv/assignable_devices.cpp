#include "hyperv/assignable_devices.h"

#include "cim/xml.h"
#include "hyperv/jobs.h"
#include "hyperv/provider.h"

#include <algorithm>
#include <functional>

namespace exhyperv::hyperv {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kService = "Msvm_AssignableDeviceService";

/// How long a device may take to appear where a finished call has put it. Recorded lags are up to 2.5 s.
constexpr auto kPatience = 60s;

/// Reads until `there` is content, or patience is at its end: then the last state, for the caller to judge.
Result<DeviceState> wait_for(host::Host& host, const std::string& pure_id, const CallContext& context,
                             const std::function<bool(const DeviceState&)>& there) {
    const auto patience = Deadline::after(kPatience);
    for (std::chrono::milliseconds pause = 2ms;; pause = std::min<std::chrono::milliseconds>(pause * 2, 500ms)) {
        TRY_ASSIGN(auto state, read_device_state(host, pure_id, context));
        if (there(state) || patience.expired()) return state;
        TRY(context.sleep(pause, "device " + pure_id));
    }
}

tl::unexpected<Error> not_reached(const std::string& pure_id, const char* wanted) {
    return fail("device.state_not_reached", {{"device", pure_id}, {"wanted", wanted}});
}

/// The provider's general failure, under a code that says which of our steps it was. Other errors pass.
Error refusal(Error error, std::string code, const std::string& pure_id) {
    if (error.code != "hyperv.failed" && error.code != "hyperv.invalid_state") return error;
    error.code = std::move(code);
    error.args.insert(error.args.begin(), {"device", pure_id});
    return error;
}

} // namespace

Result<> set_device_enabled(host::Host& host, const std::string& pure_id, bool enabled, const CallContext& context) {
    TRY_ASSIGN(const auto before, read_device_state(host, pure_id, context));
    if (!before.node_present) return fail("device.not_found", {{"device", pure_id}});
    if (before.enabled() == enabled) return {};
    TRY(enabled ? host.devices().enable(before.instance_path, context)
                : host.devices().disable(before.instance_path, context));
    TRY_ASSIGN(const auto after,
               wait_for(host, pure_id, context, [&](const DeviceState& now) { return now.enabled() == enabled; }));
    if (after.enabled() != enabled) return not_reached(pure_id, enabled ? "enabled" : "disabled");
    return {};
}

Result<> dismount_device(host::Host& host, const std::string& pure_id, DismountGuards guards,
                         const CallContext& context) {
    TRY_ASSIGN(const auto before, read_device_state(host, pure_id, context));
    if (before.gone()) return fail("device.not_found", {{"device", pure_id}});
    if (!before.dismounted()) {
        cim::Instance wish("Msvm_AssignableDeviceDismountSettingData");
        wish.set("DeviceInstancePath", cim::Value::string(before.instance_path));
        wish.set("DeviceLocationPath", cim::Value::string(before.location_path));
        wish.set("RequireAcsSupport", cim::Value::boolean(guards.acs));
        wish.set("RequireDeviceMitigations", cim::Value::boolean(guards.mitigations));
        TRY_ASSIGN(const auto service, service_path(host.cim(), kService, context));
        if (auto done =
                invoke_and_finish(host.cim(), service, "DismountAssignableDevice",
                                  {{"DismountSettingData", cim::Value::string(cim::to_cim_xml(wish))}}, context);
            !done)
            return fail(refusal(std::move(done).error(), "device.dismount_refused", pure_id));
    }
    TRY_ASSIGN(const auto after, wait_for(host, pure_id, context, [](const DeviceState& now) {
                   return now.dismounted() && !now.express_path.empty();
               }));
    if (!after.dismounted()) return not_reached(pure_id, "dismounted");
    if (after.express_path.empty()) return fail("device.not_registered", {{"device", pure_id}});
    return {};
}

Result<> mount_device(host::Host& host, const std::string& pure_id, const CallContext& context) {
    TRY_ASSIGN(const auto before, read_device_state(host, pure_id, context));
    if (before.gone()) return fail("device.not_found", {{"device", pure_id}});
    if (before.node_present) return {};
    const bool by_location = !before.location_path.empty();
    TRY_ASSIGN(const auto service, service_path(host.cim(), kService, context));
    if (auto done = invoke_and_finish(host.cim(), service, "MountAssignableDevice",
                                      {{"DeviceInstancePath", by_location ? cim::Value::null(cim::CimType::string)
                                                                          : cim::Value::string("PCIP\\" + pure_id)},
                                       {"DeviceLocationPath", by_location ? cim::Value::string(before.location_path)
                                                                          : cim::Value::null(cim::CimType::string)}},
                                      context);
        !done)
        return fail(refusal(std::move(done).error(), "device.mount_refused", pure_id));
    TRY_ASSIGN(const auto after,
               wait_for(host, pure_id, context, [](const DeviceState& now) { return now.node_present; }));
    if (!after.node_present) return not_reached(pure_id, "host");
    return {};
}

} // namespace exhyperv::hyperv
