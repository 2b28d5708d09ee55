#include "transport/wmi_com/calls.h"

#include "host/call_name.h"
#include "host/wbem_error.h"
#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/class_object.h"
#include "transport/wmi_com/com_error.h"
#include "transport/wmi_com/waiting.h"

#include <algorithm>
#include <vector>

namespace exhyperv::wmi_com {
namespace {

bool is_hresult(const Error& error, HRESULT result) {
    return error.native ==
           NativeCode{NativeKind::hresult, static_cast<std::int64_t>(static_cast<std::uint32_t>(result))};
}

/// WMI may send keys along with named properties so that the object has a path; they were not asked for.
void keep_selected(cim::Instance& row, const std::vector<std::string>& names) {
    if (names.empty()) return;
    std::vector<std::string> superfluous;
    for (const auto& property : row.properties())
        if (std::ranges::none_of(names, [&](const auto& name) { return iequals(name, property.name); }))
            superfluous.push_back(property.name);
    for (const auto& name : superfluous)
        row.erase(name);
}

} // namespace

Result<std::vector<cim::Instance>> Calls::query(const std::string& name_space, const cim::wql::Query& query,
                                                const CallContext& context) {
    return connected(name_space, [&](IWbemServices& services) -> Result<std::vector<cim::Instance>> {
        const auto what = host::queried_class(query);
        const std::vector<std::string> names = query.select() ? query.select()->properties : std::vector<std::string>{};
        LONG flags = WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY;
        if (!names.empty()) flags |= WBEM_FLAG_ENSURE_LOCATABLE; // else rows without their keys have no path
        const Bstr language("WQL"), text(query.text());
        ComPtr<IEnumWbemClassObject> objects;
        const HRESULT result = services.ExecQuery(language.get(), text.get(), flags, nullptr, objects.GetAddressOf());
        if (FAILED(result)) return fail(com_error(result, what));
        std::vector<cim::Instance> rows;
        TRY(for_each_object(*objects.Get(), connections_.blanket(), context, what,
                            [&](IWbemClassObject& object) -> Result<> {
                                TRY_ASSIGN(auto row, read_object(object));
                                keep_selected(row, names);
                                rows.push_back(std::move(row));
                                return {};
                            }));
        return rows;
    });
}

Result<ComPtr<IWbemClassObject>> Calls::fetch(IWbemServices& services, const std::string& relative,
                                              const CallContext& context) {
    const Bstr path(relative);
    ComPtr<IWbemCallResult> call;
    const HRESULT result =
        services.GetObject(path.get(), WBEM_FLAG_RETURN_IMMEDIATELY, nullptr, nullptr, call.GetAddressOf());
    if (FAILED(result)) return fail(com_error(result, relative));
    TRY_ASSIGN(auto object, wait_for_object(*call.Get(), connections_.blanket(), context, relative));
    if (!object) return fail(host::wbem_error("cim.not_found", relative));
    return object;
}

Result<ComPtr<IWbemClassObject>> Calls::class_of(IWbemServices& services, const std::string& name,
                                                 const CallContext& context) {
    auto found = fetch(services, name, context);
    // WMI calls a class that it does not have "not found", in a query "invalid class": one thing, one code.
    if (!found && is_hresult(found.error(), kNotFound)) return fail(host::wbem_error("cim.invalid_class", name));
    return found;
}

Result<ComPtr<IWbemClassObject>> Calls::object(IWbemServices& services, const cim::ObjectPath& path,
                                               const CallContext& context) {
    auto found = fetch(services, path.relative(), context);
    if (!found && is_hresult(found.error(), kNotFound)) TRY(class_of(services, path.class_name, context));
    return found;
}

Result<cim::Instance> Calls::get(const cim::ObjectPath& path, const CallContext& context) {
    return connected(space_of(path), [&](IWbemServices& services) -> Result<cim::Instance> {
        TRY_ASSIGN(const auto found, object(services, path, context));
        return read_object(*found.Get());
    });
}

Result<> Calls::put(const cim::Instance& instance, const CallContext& context) {
    if (!instance.path()) return fail(host::wbem_error("cim.invalid_parameter", instance.class_name()));
    const auto& path = *instance.path();
    return connected(space_of(path), [&](IWbemServices& services) -> Result<> {
        TRY_ASSIGN(const auto target, object(services, path, context));
        TRY_ASSIGN(const auto current, read_object(*target.Get()));
        const MakeObject make = [&](const cim::Instance& one) { return made(services, one, context); };
        bool differs = false;
        for (const auto& [name, value] : instance.properties()) {
            const auto* now = current.find(name);
            if (now && *now == value) continue;
            TRY(write_property(*target.Get(), name, value, make, path.class_name + "." + name));
            differs = true;
        }
        if (!differs) return {};
        ComPtr<IWbemCallResult> call;
        const HRESULT result =
            services.PutInstance(target.Get(), LONG{WBEM_FLAG_UPDATE_ONLY} | LONG{WBEM_FLAG_RETURN_IMMEDIATELY},
                                 nullptr, call.GetAddressOf());
        if (FAILED(result)) return fail(com_error(result, path.relative()));
        return wait_for_end(*call.Get(), connections_.blanket(), context, path.relative());
    });
}

Result<ComPtr<IWbemClassObject>> Calls::made(IWbemServices& services, const cim::Instance& instance,
                                             const CallContext& context) {
    TRY_ASSIGN(const auto type, class_of(services, instance.class_name(), context));
    ComPtr<IWbemClassObject> object;
    if (const HRESULT result = type->SpawnInstance(0, object.GetAddressOf()); FAILED(result))
        return fail(com_error(result, instance.class_name()));
    const MakeObject make = [&](const cim::Instance& one) { return made(services, one, context); };
    for (const auto& [name, value] : instance.properties())
        TRY(write_property(*object.Get(), name, value, make, instance.class_name() + "." + name));
    return object;
}

} // namespace exhyperv::wmi_com
