#include "hyperv/resource_settings.h"

#include "cim/xml.h"
#include "hyperv/jobs.h"
#include "hyperv/provider.h"
#include "hyperv/setting_id.h"

namespace exhyperv::hyperv {

Result<> add_resource_setting(host::CimSession& session, const Guid& vm, const cim::Instance& setting,
                              const CallContext& context) {
    TRY_ASSIGN(const auto service, service_path(session, "Msvm_VirtualSystemManagementService", context));
    cim::ObjectPath vm_settings;
    vm_settings.host = service.host;
    vm_settings.name_space = service.name_space;
    vm_settings.class_name = "Msvm_VirtualSystemSettingData";
    vm_settings.keys.emplace_back("InstanceID", settings_id(vm));
    TRY(invoke_and_finish(session, service, "AddResourceSettings",
                          {{"AffectedConfiguration", cim::Value::reference(vm_settings.full())},
                           {"ResourceSettings", cim::Value::strings({cim::to_cim_xml(setting)})}},
                          context));
    return {};
}

} // namespace exhyperv::hyperv
