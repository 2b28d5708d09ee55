#include "hyperv/assignable_devices.h"

#include "cim/xml.h"
#include "hyperv/default_template.h"
#include "hyperv/jobs.h"
#include "hyperv/provider.h"
#include "hyperv/resource_settings.h"
#include "hyperv/setting_id.h"

#include <array>

namespace exhyperv::hyperv {

namespace {

using cim::wql::Compare;
using namespace std::chrono_literals;

constexpr std::string_view kManagement = "Msvm_VirtualSystemManagementService";
constexpr std::uint64_t kPciExpressType = 32769;
constexpr auto kRegistrationTime = 60s;

/// What a person may have set on a port (wmi-facts 1.7); the rest is the template's.
constexpr std::array<const char*, 6> kPortOptions = {"VirtualFunctions",     "AllowDirectTranslatedP2P",
                                                     "NumaAwarePlacement",   "TargetVtl",
                                                     "AllowUntranslatedP2P", "GuestPciExpressMode"};

Result<std::vector<cim::Instance>> find_setting(host::CimSession& session, const std::string& setting_id,
                                                std::vector<std::string> columns, const CallContext& context) {
    return read_class(session, "Msvm_PciExpressSettingData", std::move(columns),
                      cim::wql::where("InstanceID", Compare::equal, setting_id), context);
}

Result<DeviceState> wait_for_registration(host::Host& host, const std::string& pure_id, const CallContext& context) {
    const auto patience = Deadline::after(kRegistrationTime);
    for (std::chrono::milliseconds pause = 2ms;; pause = std::min<std::chrono::milliseconds>(pause * 2, 500ms)) {
        TRY_ASSIGN(auto state, read_device_state(host, pure_id, context));
        if (!state.express_path.empty()) return state;
        if (!state.dismounted() || patience.expired()) return fail("device.not_registered", {{"device", pure_id}});
        TRY(context.sleep(pause, "device " + pure_id));
    }
}

Result<cim::Instance> port_for(host::CimSession& session, const DeviceState& device, const std::string& like,
                               const CallContext& context) {
    TRY_ASSIGN(auto found, default_template(session, kPciExpressType, "Msvm_PciExpressSettingData", context));
    if (!found) return fail("device.no_template");
    cim::Instance port = std::move(*found);
    port.set("InstanceID", cim::Value::null(cim::CimType::string));
    port.set("HostResource", cim::Value::strings({device.express_path}));
    if (like.empty()) return port;
    TRY_ASSIGN(const auto earlier, cim::parse_cim_xml(like));
    for (const char* name : kPortOptions)
        if (const cim::Value* value = earlier.find(name); value && !value->is_null() && port.find(name))
            port.set(name, *value);
    return port;
}

} // namespace

Result<DeviceReference> assign_device(host::Host& host, const Guid& vm, const std::string& pure_id,
                                      const std::string& like, const CallContext& context) {
    auto& session = host.cim();
    TRY_ASSIGN(const auto device, wait_for_registration(host, pure_id, context));
    if (const DeviceReference* present = device.reference_of(vm)) return *present;
    TRY_ASSIGN(const auto port, port_for(session, device, like, context));
    TRY(add_resource_setting(session, vm, port, context));
    TRY_ASSIGN(const auto after, read_device_state(host, pure_id, context));
    if (const DeviceReference* added = after.reference_of(vm)) return *added;
    return fail("device.not_assigned", {{"device", pure_id}, {"vm", vm.str()}});
}

Result<> unassign_device(host::CimSession& session, const std::string& setting_id, const CallContext& context) {
    TRY_ASSIGN(const auto rows, find_setting(session, setting_id, {"InstanceID"}, context));
    if (rows.empty()) return {};
    if (!rows.front().path() || is_template(setting_id))
        return fail("device.not_unassigned", {{"setting", setting_id}}, "a template, or a row without a path");
    TRY_ASSIGN(const auto service, service_path(session, kManagement, context));
    TRY(invoke_and_finish(session, service, "RemoveResourceSettings",
                          {{"ResourceSettings", cim::Value::references({rows.front().path()->full()})}}, context));
    TRY_ASSIGN(const auto left, find_setting(session, setting_id, {"InstanceID"}, context));
    if (!left.empty()) return fail("device.not_unassigned", {{"setting", setting_id}});
    return {};
}

Result<std::string> read_device_port(host::CimSession& session, const std::string& setting_id,
                                     const CallContext& context) {
    TRY_ASSIGN(const auto rows, find_setting(session, setting_id, {}, context));
    return rows.empty() ? std::string() : cim::to_cim_xml(rows.front());
}

} // namespace exhyperv::hyperv
