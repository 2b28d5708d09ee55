#include "host/wbem_error.h"
#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/calls.h"
#include "transport/wmi_com/class_object.h"
#include "transport/wmi_com/com_error.h"
#include "transport/wmi_com/waiting.h"

namespace exhyperv::wmi_com {

Result<ComPtr<IWbemClassObject>> Calls::in_parameters(IWbemServices& services, const cim::ObjectPath& object,
                                                      const std::string& method,
                                                      const std::vector<cim::Property>& parameters,
                                                      const CallContext& context) {
    const auto what = object.class_name + "." + method;
    TRY_ASSIGN(const auto type, class_of(services, object.class_name, context));
    ComPtr<IWbemClassObject> signature;
    HRESULT result = type->GetMethod(platform::to_wide(method).c_str(), 0, signature.GetAddressOf(), nullptr);
    if (result == kNotFound) {
        clear_error_object();
        return fail(host::wbem_error("cim.invalid_method", what));
    }
    if (FAILED(result)) return fail(com_error(result, what));

    ComPtr<IWbemClassObject> in;
    if (signature) { // none: the method takes nothing
        result = signature->SpawnInstance(0, in.GetAddressOf());
        if (FAILED(result)) return fail(com_error(result, what));
    }
    const MakeObject make = [&](const cim::Instance& one) { return made(services, one, context); };
    for (const auto& [name, value] : parameters) {
        if (!in) return fail(host::wbem_error("cim.invalid_parameter", method + "." + name));
        TRY(write_property(*in.Get(), name, value, make, method + "." + name));
    }
    return in;
}

Result<host::MethodResult> Calls::invoke(const cim::ObjectPath& object, const std::string& method,
                                         const std::vector<cim::Property>& parameters, const CallContext& context) {
    return connected(space_of(object), [&](IWbemServices& services) -> Result<host::MethodResult> {
        const auto what = object.class_name + "." + method;
        TRY_ASSIGN(const auto in, in_parameters(services, object, method, parameters, context));
        TRY(context.check(what)); // from here on the call may take effect
        const Bstr path(object.relative()), name(method);
        ComPtr<IWbemCallResult> call;
        const HRESULT result = services.ExecMethod(path.get(), name.get(), WBEM_FLAG_RETURN_IMMEDIATELY, nullptr,
                                                   in.Get(), nullptr, call.GetAddressOf());
        if (FAILED(result)) return fail(com_error(result, what));
        TRY_ASSIGN(const auto out, wait_for_object(*call.Get(), connections_.blanket(), context, what));

        host::MethodResult answer;
        if (!out) return answer; // a method without ReturnValue and OUT parameters
        TRY_ASSIGN(const auto values, read_object(*out.Get()));
        for (const auto& property : values.properties()) {
            if (property.value.is_null()) continue;
            if (!iequals(property.name, "ReturnValue")) {
                answer.out.set(property.name, property.value);
                continue;
            }
            // Some methods declare it as sint32; what counts are the bits.
            if (const auto number = property.value.as_uint())
                answer.return_value = static_cast<std::uint32_t>(*number);
            else if (const auto negative = property.value.as_int())
                answer.return_value = static_cast<std::uint32_t>(*negative);
        }
        return answer;
    });
}

Result<std::string> Calls::server_name(const CallContext& context) {
    return connected(std::string(host::kCimv2), [&](IWbemServices& services) -> Result<std::string> {
        TRY_ASSIGN(const auto type, class_of(services, "Win32_OperatingSystem", context));
        TRY_ASSIGN(const auto name, read_property(*type.Get(), "__SERVER"));
        return name.as_string().value_or("");
    });
}

} // namespace exhyperv::wmi_com
