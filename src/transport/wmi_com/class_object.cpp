#include "transport/wmi_com/class_object.h"

#include "host/wbem_error.h"
#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/com_error.h"

namespace exhyperv::wmi_com {
namespace {

constexpr std::size_t kMostProperties = 4096;
constexpr int kDeepest = 16;

tl::unexpected<Error> too_large(const std::string& class_name, const char* why) {
    auto error = host::wbem_error("cim.provider_failure", class_name);
    error.detail = why;
    return fail(std::move(error));
}

/// A system property's text; empty when it is NULL, as __PATH is of an object that has none.
Result<std::string> system_text(IWbemClassObject& object, const wchar_t* name) {
    Variant value;
    if (const HRESULT result = object.Get(name, 0, value.put(), nullptr, nullptr); FAILED(result))
        return fail(com_error(result, platform::from_wide(name)));
    return value.get().vt == VT_BSTR ? from_bstr(value.get().bstrVal) : std::string();
}

Result<cim::Instance> read_at(IWbemClassObject& object, int depth) {
    TRY_ASSIGN(auto class_name, system_text(object, L"__CLASS"));
    cim::Instance out(class_name);
    if (depth > kDeepest) return too_large(class_name, "objects inside objects are nested too deeply");
    TRY_ASSIGN(const auto path, system_text(object, L"__PATH"));
    if (!path.empty()) {
        TRY_ASSIGN(auto parsed, cim::ObjectPath::parse(path));
        if (!parsed.keys.empty() || parsed.singleton) out.set_path(std::move(parsed));
    }
    const ReadObject inner = [depth](IWbemClassObject& embedded) { return read_at(embedded, depth + 1); };
    if (const HRESULT result = object.BeginEnumeration(WBEM_FLAG_NONSYSTEM_ONLY); FAILED(result))
        return fail(com_error(result, class_name));
    for (std::size_t count = 0;; ++count) {
        Bstr name;
        Variant value;
        CIMTYPE type = CIM_EMPTY;
        const HRESULT result = object.Next(0, name.put(), value.put(), &type, nullptr);
        if (result == WBEM_S_NO_MORE_DATA) break;
        if (FAILED(result)) return fail(com_error(result, class_name));
        if (count >= kMostProperties) return too_large(class_name, "too many properties");
        auto read = from_variant(value.get(), type, inner);
        if (!read) {
            auto error = std::move(read).error();
            error.detail += " (" + class_name + "." + from_bstr(name.get()) + ")";
            return fail(std::move(error));
        }
        out.set(from_bstr(name.get()), std::move(*read));
    }
    object.EndEnumeration();
    return out;
}

} // namespace

Result<cim::Instance> read_object(IWbemClassObject& object) {
    return read_at(object, 0);
}

Result<cim::Value> read_property(IWbemClassObject& object, std::string_view name) {
    Variant value;
    CIMTYPE type = CIM_EMPTY;
    const HRESULT result = object.Get(platform::to_wide(name).c_str(), 0, value.put(), &type, nullptr);
    if (FAILED(result)) return fail(com_error(result, std::string(name)));
    return from_variant(value.get(), type, read_object);
}

Result<> write_property(IWbemClassObject& object, std::string_view name, const cim::Value& value,
                        const MakeObject& make_object, const std::string& what) {
    const auto wide = platform::to_wide(name);
    CIMTYPE cimtype = CIM_EMPTY;
    Variant current;
    HRESULT result = object.Get(wide.c_str(), 0, current.put(), &cimtype, nullptr);
    if (result == kNotFound) {
        clear_error_object();
        return fail(host::wbem_error("cim.invalid_parameter", what));
    }
    if (FAILED(result)) return fail(com_error(result, what));
    const auto type = from_cimtype(cimtype);
    const bool array = (cimtype & CIM_FLAG_ARRAY) != 0;
    const auto kind = [](cim::CimType one) {
        return is_text(one) ? 0 : is_integer(one) ? 1 : 2 + static_cast<int>(one);
    };
    if (!type || (!value.is_null() && (value.is_array() != array || kind(value.type()) != kind(*type))))
        return fail(host::wbem_error("cim.type_mismatch", what));
    TRY_ASSIGN(auto variant, to_variant(value, *type, make_object));
    result = object.Put(wide.c_str(), 0, variant.put(), 0);
    if (FAILED(result)) return fail(com_error(result, what));
    return {};
}

} // namespace exhyperv::wmi_com
