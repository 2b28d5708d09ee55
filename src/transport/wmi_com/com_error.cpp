#include "transport/wmi_com/com_error.h"

#include "host/wbem_error.h"
#include "support/strings.h"
#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/variant.h"

namespace exhyperv::wmi_com {
namespace {

constexpr std::size_t kLongestText = 64 * 1024;

std::string property_text(IWbemClassObject& object, const wchar_t* name) {
    Variant value;
    if (FAILED(object.Get(name, 0, value.put(), nullptr, nullptr)) || value.get().vt != VT_BSTR) return {};
    return from_bstr(value.get().bstrVal).substr(0, kLongestText);
}

struct Extended {
    std::string text, detail;
};

Extended extended_status() {
    Extended out;
    ComPtr<IErrorInfo> info;
    if (GetErrorInfo(0, info.GetAddressOf()) != S_OK || !info) return out;
    ComPtr<IWbemClassObject> object;
    if (SUCCEEDED(info.As(&object)) && object) {
        // __ExtendedStatus says Description; the error classes of providers (CIM_Error, Msvm_Error) say Message.
        out.text = property_text(*object.Get(), L"Description");
        if (out.text.empty()) out.text = property_text(*object.Get(), L"Message");
        for (const wchar_t* name : {L"ProviderName", L"Operation", L"ParameterInfo"}) {
            const auto value = property_text(*object.Get(), name);
            if (!value.empty())
                out.detail += (out.detail.empty() ? "" : "; ") + platform::from_wide(name) + ": " + value;
        }
    }
    if (out.text.empty()) {
        Bstr description;
        if (SUCCEEDED(info->GetDescription(description.put())))
            out.text = from_bstr(description.get()).substr(0, kLongestText);
    }
    out.text = std::string(trim(out.text));
    return out;
}

/// What Windows itself says to an HRESULT, in the language of the system; empty when it knows nothing.
std::string system_text(HRESULT result) {
    wchar_t* text = nullptr;
    const DWORD length =
        FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       nullptr, static_cast<DWORD>(result), 0, reinterpret_cast<wchar_t*>(&text), 0, nullptr);
    if (length == 0) return {};
    std::string out(trim(platform::from_wide({text, length})));
    LocalFree(text);
    return out;
}

} // namespace

Error com_error(HRESULT result, std::string what) {
    auto extended = extended_status();
    auto error = host::wbem_error(static_cast<std::uint32_t>(result), std::move(what), std::move(extended.text));
    if (error.provider_text.empty()) error.provider_text = system_text(result);
    error.detail = std::move(extended.detail);
    return error;
}

void clear_error_object() {
    SetErrorInfo(0, nullptr);
}

} // namespace exhyperv::wmi_com
