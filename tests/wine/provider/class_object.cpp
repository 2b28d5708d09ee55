#include "class_object.h"

#include "answer.h"
#include "support/strings.h"
#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/class_object.h"

namespace exhyperv::provider {
namespace {

using cim::Value;
using wmi_com::Bstr;

constexpr LONG kSystemFlavor = WBEM_FLAVOR_ORIGIN_SYSTEM, kLocalFlavor = WBEM_FLAVOR_ORIGIN_LOCAL;

std::string narrow(LPCWSTR text) {
    return text ? platform::from_wide(text) : std::string();
}

cim::Instance empty_instance(const cim::Instance& like) {
    cim::Instance out(like.class_name());
    for (const auto& property : like.properties())
        out.set(property.name, Value::null(property.value.type(), property.value.is_array()));
    return out;
}

/// The parameters of one direction, NULL; nullopt when the method has none.
std::optional<cim::Instance> signature(const cim::MethodInfo& method, std::uint32_t build, bool in) {
    cim::Instance out("__PARAMETERS");
    for (const auto& parameter : method.parameters) {
        if (!parameter.builds.contains(build)) continue;
        const bool goes_in = parameter.direction != cim::Direction::out,
                   comes_out = parameter.direction != cim::Direction::in;
        if (in ? goes_in : comes_out)
            out.set(std::string(parameter.name), Value::null(parameter.type, parameter.array));
    }
    if (!in) out.set("ReturnValue", Value::null(cim::CimType::uint32));
    if (out.properties().empty()) return std::nullopt;
    return out;
}

} // namespace

ClassObject::ClassObject(const cim::ClassInfo& info, std::uint32_t build, std::string server)
    : content_(std::string(info.name)), server_(std::move(server)), info_(&info), build_(build) {
    for (const auto* property : cim::class_table::properties(info, build))
        content_.set(std::string(property->name), Value::null(property->type, property->array));
    cim::ObjectPath path;
    path.host = server_;
    path.name_space = info.name_space;
    path.class_name = info.name;
    content_.set_path(std::move(path));
}

cim::Instance ClassObject::content() const {
    const std::lock_guard lock(mutex_);
    return content_;
}

std::optional<Value> ClassObject::system_value(std::string_view name) const {
    const auto text = [](std::string value) {
        return value.empty() ? Value::null(cim::CimType::string) : Value::string(std::move(value));
    };
    const auto& path = content_.path();
    if (iequals(name, "__CLASS")) return text(content_.class_name());
    if (iequals(name, "__PATH")) return text(path ? path->full() : "");
    if (iequals(name, "__RELPATH")) return text(path ? path->relative() : "");
    if (iequals(name, "__NAMESPACE")) return text(path ? path->name_space : "");
    if (iequals(name, "__SERVER")) return text(server_);
    if (iequals(name, "__GENUS")) return Value::sint32(info_ ? WBEM_GENUS_CLASS : WBEM_GENUS_INSTANCE);
    if (iequals(name, "__PROPERTY_COUNT"))
        return Value::sint32(static_cast<std::int32_t>(content_.properties().size()));
    return std::nullopt;
}

HRESULT ClassObject::hand_out(const Value& value, VARIANT* variant, CIMTYPE* type, LONG* flavor) const {
    if (type) *type = wmi_com::to_cimtype(value.type(), value.is_array());
    if (flavor) *flavor = kLocalFlavor;
    if (!variant) return S_OK;
    const wmi_com::MakeObject embedded = [&](const cim::Instance& one) -> Result<ComPtr<IWbemClassObject>> {
        return make<ClassObject, IWbemClassObject>(one, server_);
    };
    auto made = wmi_com::to_variant(value, value.type(), embedded);
    if (!made) return refuse(made.error(), "Get");
    *variant = made->release();
    return S_OK;
}

HRESULT ClassObject::Get(LPCWSTR name, LONG, VARIANT* value, CIMTYPE* type, LONG* flavor) {
    const std::lock_guard lock(mutex_);
    const auto wanted = narrow(name);
    if (const auto system = system_value(wanted)) {
        const HRESULT result = hand_out(*system, value, type, flavor);
        if (flavor) *flavor = kSystemFlavor;
        return result;
    }
    const auto* found = content_.find(wanted);
    return found ? hand_out(*found, value, type, flavor) : wmi_com::kNotFound;
}

HRESULT ClassObject::Put(LPCWSTR name, LONG, VARIANT* value, CIMTYPE type) {
    const std::lock_guard lock(mutex_);
    const auto wanted = narrow(name);
    const auto* found = content_.find(wanted);
    if (!found) return WBEM_E_NOT_FOUND;
    const auto own = wmi_com::to_cimtype(found->type(), found->is_array());
    if (type != 0 && type != own) return WBEM_E_TYPE_MISMATCH;
    if (!value) return WBEM_E_INVALID_PARAMETER;
    auto read = wmi_com::from_variant(*value, own, content_of);
    if (!read) return number_of(read.error());
    content_.set(wanted, std::move(*read));
    return S_OK;
}

HRESULT ClassObject::BeginEnumeration(LONG flags) {
    const std::lock_guard lock(mutex_);
    if (flags != WBEM_FLAG_NONSYSTEM_ONLY) return WBEM_E_NOT_SUPPORTED;
    next_ = 0;
    enumerating_ = true;
    return S_OK;
}

HRESULT ClassObject::Next(LONG, BSTR* name, VARIANT* value, CIMTYPE* type, LONG* flavor) {
    const std::lock_guard lock(mutex_);
    if (!enumerating_) return WBEM_E_UNEXPECTED;
    if (next_ >= content_.properties().size()) return WBEM_S_NO_MORE_DATA;
    const auto& property = content_.properties()[next_++];
    if (name) *name = Bstr(property.name).release();
    return hand_out(property.value, value, type, flavor);
}

HRESULT ClassObject::EndEnumeration() {
    const std::lock_guard lock(mutex_);
    enumerating_ = false;
    return S_OK;
}

HRESULT ClassObject::Clone(IWbemClassObject** copy) {
    if (!copy) return WBEM_E_INVALID_PARAMETER;
    *copy = make<ClassObject, IWbemClassObject>(content(), server_).Detach();
    return S_OK;
}

HRESULT ClassObject::SpawnInstance(LONG, IWbemClassObject** instance) {
    if (!instance) return WBEM_E_INVALID_PARAMETER;
    *instance = make<ClassObject, IWbemClassObject>(empty_instance(content()), server_).Detach();
    return S_OK;
}

HRESULT ClassObject::InheritsFrom(LPCWSTR ancestor) {
    if (!info_) return iequals(narrow(ancestor), content_.class_name()) ? S_OK : S_FALSE;
    return cim::class_table::derives_from(*info_, narrow(ancestor)) ? S_OK : S_FALSE;
}

HRESULT ClassObject::GetMethod(LPCWSTR name, LONG, IWbemClassObject** in, IWbemClassObject** out) {
    if (!info_) return WBEM_E_ILLEGAL_OPERATION; // WMI tells methods of classes only
    const auto* method = cim::class_table::method(*info_, narrow(name), build_);
    if (!method) return WBEM_E_NOT_FOUND;
    const auto give = [&](IWbemClassObject** place, bool goes_in) {
        if (!place) return;
        *place = nullptr;
        if (auto parameters = signature(*method, build_, goes_in))
            *place = make<ClassObject, IWbemClassObject>(std::move(*parameters), server_).Detach();
    };
    give(in, true);
    give(out, false);
    return S_OK;
}

HRESULT ClassObject::GetGUID(GUID* guid) {
    if (!guid) return E_POINTER;
    *guid = __uuidof(IWbemServices);
    return S_OK;
}

HRESULT ClassObject::GetSource(BSTR* source) {
    if (!source) return E_POINTER;
    *source = Bstr("WinMgmt").release();
    return S_OK;
}

HRESULT ClassObject::GetDescription(BSTR* description) {
    if (!description) return E_POINTER;
    *description = Bstr(content().text_or("Description", "")).release();
    return S_OK;
}

Result<cim::Instance> content_of(IWbemClassObject& object) {
    return wmi_com::read_object(object);
}

} // namespace exhyperv::provider
