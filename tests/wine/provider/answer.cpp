#include "answer.h"

#include "class_object.h"
#include "host/wbem_error.h"

namespace exhyperv::provider {

HRESULT number_of(const Error& error) {
    if (error.native.kind == NativeKind::hresult)
        return static_cast<HRESULT>(static_cast<std::uint32_t>(error.native.value));
    const auto* known = host::find_wbem_code(error.code);
    return known ? static_cast<HRESULT>(known->hresult) : static_cast<HRESULT>(WBEM_E_FAILED);
}

HRESULT refuse(const Error& error, const char* operation) {
    const HRESULT result = number_of(error);
    cim::Instance status("__ExtendedStatus");
    status.set("Description", cim::Value::string(error.provider_text));
    status.set("Operation", cim::Value::string(operation));
    const auto* what = error.arg("what");
    status.set("ParameterInfo", what ? cim::Value::string(*what) : cim::Value::null(cim::CimType::string));
    status.set("ProviderName", cim::Value::string("SimulatedHost"));
    status.set("StatusCode", cim::Value::uint32(static_cast<std::uint32_t>(result)));
    const auto object = make<ClassObject, IErrorInfo>(std::move(status), std::string());
    SetErrorInfo(0, object.Get());
    return result;
}

} // namespace exhyperv::provider
