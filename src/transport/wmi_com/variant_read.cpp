#include "cim/instance.h"
#include "host/wbem_error.h"
#include "support/strings.h"
#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/com_error.h"
#include "transport/wmi_com/variant.h"

namespace exhyperv::wmi_com {
namespace {

using cim::CimType;
using cim::Value;

constexpr LONG kMostElements = 1 << 20;

tl::unexpected<Error> mismatch(CimType type, VARTYPE found) {
    auto error = host::wbem_error("cim.type_mismatch", std::string(type_name(type)));
    error.detail = "VARIANT type " + std::to_string(found);
    return fail(std::move(error));
}

/// The integer in a VARIANT, sign-extended; nullopt when it holds none.
std::optional<Value::Scalar> integer_of(const VARIANT& v) {
    switch (v.vt) {
    case VT_I1:
        return std::int64_t{v.cVal};
    case VT_I2:
        return std::int64_t{v.iVal};
    case VT_I4:
    case VT_INT:
        return std::int64_t{v.lVal};
    case VT_I8:
        return std::int64_t{v.llVal};
    case VT_UI1:
        return std::uint64_t{v.bVal};
    case VT_UI2:
        return std::uint64_t{v.uiVal};
    case VT_UI4:
    case VT_UINT:
        return std::uint64_t{v.ulVal};
    case VT_UI8:
        return std::uint64_t{v.ullVal};
    default:
        return std::nullopt;
    }
}

/// An unsigned value that arrived in a signed VARIANT of at least its width has kept its bits only: 4294967295 is -1.
Value::Scalar unsigned_again(CimType type, Value::Scalar scalar) {
    const auto* number = std::get_if<std::int64_t>(&scalar);
    if (!number || *number >= 0) return scalar;
    if (type == CimType::uint8 && *number >= INT8_MIN) return std::uint64_t{static_cast<std::uint8_t>(*number)};
    if ((type == CimType::uint16 || type == CimType::char16) && *number >= INT16_MIN)
        return std::uint64_t{static_cast<std::uint16_t>(*number)};
    if (type == CimType::uint32 && *number >= INT32_MIN) return std::uint64_t{static_cast<std::uint32_t>(*number)};
    if (type == CimType::uint64) return static_cast<std::uint64_t>(*number);
    return scalar;
}

Result<Value> number_from(const VARIANT& v, CimType type) {
    std::string text;
    if (v.vt == VT_BSTR)
        text = from_bstr(v.bstrVal);
    else if (v.vt == VT_BOOL)
        text = type == CimType::boolean ? (v.boolVal ? "TRUE" : "FALSE") : (v.boolVal ? "1" : "0");
    else if (v.vt == VT_R4)
        text = Value::scalar_text(static_cast<double>(v.fltVal));
    else if (v.vt == VT_R8)
        text = Value::scalar_text(v.dblVal);
    else if (const auto integer = integer_of(v))
        text = Value::scalar_text(unsigned_again(type, *integer));
    if (type == CimType::boolean && v.vt != VT_BOOL && v.vt != VT_BSTR) return mismatch(type, v.vt);
    if (auto value = Value::parse(type, text)) return std::move(*value);
    return mismatch(type, v.vt);
}

Result<Value> object_from(const VARIANT& v, const ReadObject& read_object) {
    if ((v.vt != VT_UNKNOWN && v.vt != VT_DISPATCH) || !v.punkVal || !read_object)
        return mismatch(CimType::object, v.vt);
    ComPtr<IWbemClassObject> object;
    if (const HRESULT result = v.punkVal->QueryInterface(IID_PPV_ARGS(object.GetAddressOf())); FAILED(result))
        return fail(com_error(result, "object"));
    TRY_ASSIGN(auto instance, read_object(*object.Get()));
    return Value::object(std::move(instance));
}

Result<Value> scalar_from(const VARIANT& v, CimType type, const ReadObject& read_object) {
    if (type == CimType::object) return object_from(v, read_object);
    if (!is_text(type)) return number_from(v, type);
    if (v.vt != VT_BSTR) return mismatch(type, v.vt);
    auto text = from_bstr(v.bstrVal);
    if (type == CimType::datetime) return Value::datetime(std::move(text));
    if (type == CimType::reference) return Value::reference(std::move(text));
    return Value::string(std::move(text));
}

Result<Value> array_from(const VARIANT& v, CimType type, const ReadObject& read_object) {
    const auto element_type = static_cast<VARTYPE>(v.vt & VT_TYPEMASK);
    SAFEARRAY* array = (v.vt & VT_BYREF) != 0 ? nullptr : v.parray;
    LONG first = 0, last = -1;
    if (!array || SafeArrayGetDim(array) != 1 || FAILED(SafeArrayGetLBound(array, 1, &first)) ||
        FAILED(SafeArrayGetUBound(array, 1, &last)) || (last >= first && last - first >= kMostElements))
        return mismatch(type, v.vt);
    std::vector<Value::Scalar> elements;
    for (LONG i = first; i <= last; ++i) {
        Variant element;
        const bool whole = element_type == VT_VARIANT;
        void* place = whole ? static_cast<void*>(element.put()) : static_cast<void*>(&element.put()->bVal);
        if (const HRESULT result = SafeArrayGetElement(array, &i, place); FAILED(result))
            return fail(com_error(result, std::string(type_name(type))));
        if (!whole) element.put()->vt = element_type;
        TRY_ASSIGN(const auto value, scalar_from(element.get(), type, read_object));
        elements.push_back(value.elements().front());
    }
    return Value::array(type, std::move(elements));
}

} // namespace

Result<Value> from_variant(const VARIANT& variant, CIMTYPE cimtype, const ReadObject& read_object) {
    const auto type = from_cimtype(cimtype);
    if (!type) {
        auto error = host::wbem_error("cim.type_mismatch", "CIM type " + std::to_string(cimtype));
        return fail(std::move(error));
    }
    const bool array = (cimtype & CIM_FLAG_ARRAY) != 0;
    if (variant.vt == VT_NULL || variant.vt == VT_EMPTY) return Value::null(*type, array);
    if (((variant.vt & VT_ARRAY) != 0) != array) return mismatch(*type, variant.vt);
    return array ? array_from(variant, *type, read_object) : scalar_from(variant, *type, read_object);
}

} // namespace exhyperv::wmi_com
