#include "transport/wmi_com/ports/config_error.h"

#include "transport/wmi_com/ports/config_manager.h"

namespace exhyperv::wmi_com {

namespace {

const char* code_of(std::uint32_t code) {
    switch (code) {
    case cr::no_such_devnode:
        return "device.not_found";
    case cr::not_disableable:
        return "device.not_disableable";
    case cr::access_denied:
        return "device.access_denied";
    case cr::remove_vetoed:
        return "device.removal_vetoed";
    default:
        return "device.configuration_failed";
    }
}

} // namespace

tl::unexpected<Error> fail_config(std::uint32_t code, const std::string& device, const char* call) {
    Error error{code_of(code), {{"device", device}}, {}, {}, std::string(call)};
    error.with_native(NativeKind::win32, code);
    return fail(std::move(error));
}

} // namespace exhyperv::wmi_com
