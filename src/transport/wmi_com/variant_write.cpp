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

tl::unexpected<Error> mismatch(CimType type) {
    return fail(host::wbem_error("cim.type_mismatch", std::string(type_name(type))));
}

VARTYPE vartype(CimType type) {
    switch (type) {
    case CimType::boolean:
        return VT_BOOL;
    case CimType::uint8:
        return VT_UI1;
    case CimType::sint8:
    case CimType::sint16:
    case CimType::char16:
        return VT_I2;
    case CimType::uint16:
    case CimType::uint32:
    case CimType::sint32:
        return VT_I4;
    case CimType::real32:
        return VT_R4;
    case CimType::real64:
        return VT_R8;
    case CimType::object:
        return VT_UNKNOWN;
    default:
        return VT_BSTR; // texts, and the 64-bit integers as decimal text
    }
}

template <class Number>
Number number_of(const Value& value) {
    if (const auto u = value.as_uint()) return static_cast<Number>(*u); // a uint32 above 2^31 keeps its bits
    return static_cast<Number>(value.as_int().value_or(0));
}

Result<Variant> scalar_variant(const Value::Scalar& scalar, CimType type, const MakeObject& make_object) {
    Variant out;
    VARIANT& v = *out.put();
    if (type == CimType::object) {
        const auto* object = std::get_if<std::shared_ptr<const cim::Instance>>(&scalar);
        if (!object || !make_object) return mismatch(type);
        TRY_ASSIGN(auto made, make_object(**object));
        v.punkVal = made.Detach();
    } else if (is_text(type)) {
        const auto* text = std::get_if<std::string>(&scalar);
        if (!text) return mismatch(type);
        v.bstrVal = Bstr(*text).release();
    } else {
        if (std::holds_alternative<std::string>(scalar) || scalar.index() == 5) return mismatch(type);
        // Through its text the value is checked against the range of the type it goes to.
        const auto fitting = Value::parse(type, Value::scalar_text(scalar));
        if (!fitting) return mismatch(type);
        switch (vartype(type)) {
        case VT_BOOL:
            v.boolVal = *fitting->as_bool() ? VARIANT_TRUE : VARIANT_FALSE;
            break;
        case VT_UI1:
            v.bVal = number_of<BYTE>(*fitting);
            break;
        case VT_I2:
            v.iVal = number_of<SHORT>(*fitting);
            break;
        case VT_I4:
            v.lVal = number_of<LONG>(*fitting);
            break;
        case VT_R4:
            v.fltVal = static_cast<FLOAT>(std::get<double>(fitting->elements().front()));
            break;
        case VT_R8:
            v.dblVal = std::get<double>(fitting->elements().front());
            break;
        default:
            v.bstrVal = Bstr(fitting->text()).release();
        }
    }
    v.vt = vartype(type);
    return out;
}

} // namespace

Result<Variant> to_variant(const Value& value, CimType type, const MakeObject& make_object) {
    Variant out;
    if (value.is_null()) {
        out.put()->vt = VT_NULL;
        return out;
    }
    if (!value.is_array()) return scalar_variant(value.elements().front(), type, make_object);

    const VARTYPE element_type = vartype(type);
    SAFEARRAY* array = SafeArrayCreateVector(element_type, 0, static_cast<ULONG>(value.elements().size()));
    if (!array) return fail(com_error(E_OUTOFMEMORY, std::string(type_name(type))));
    out.put()->parray = array;
    out.put()->vt = static_cast<VARTYPE>(VT_ARRAY | element_type);
    for (LONG i = 0; i < static_cast<LONG>(value.elements().size()); ++i) {
        TRY_ASSIGN(auto element, scalar_variant(value.elements()[static_cast<std::size_t>(i)], type, make_object));
        // Texts and objects are given by the pointer itself, everything else by its address; the array keeps a copy.
        const bool pointer = element_type == VT_BSTR || element_type == VT_UNKNOWN;
        void* content = pointer ? static_cast<void*>(element.get().byref) : static_cast<void*>(&element.put()->bVal);
        if (const HRESULT result = SafeArrayPutElement(array, &i, content); FAILED(result))
            return fail(com_error(result, std::string(type_name(type))));
    }
    return out;
}

} // namespace exhyperv::wmi_com
