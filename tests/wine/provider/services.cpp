#include "services.h"

#include "answer.h"
#include "class_object.h"
#include "host/wbem_error.h"
#include "support/strings.h"
#include "transport/wmi_com/bstr.h"

#include <algorithm>

namespace exhyperv::provider {
namespace {

using wmi_com::from_bstr;

constexpr auto kDisconnected = static_cast<HRESULT>(0x80010108); // RPC_E_DISCONNECTED

std::vector<std::string> keys_of(const Simulation& simulation, std::string_view name_space, std::string_view name) {
    std::vector<std::string> out;
    const auto* info = cim::class_table::find(name_space, name, simulation.build());
    if (!info) return out;
    for (const auto* property : cim::class_table::properties(*info, simulation.build()))
        if (property->key) out.emplace_back(property->name);
    return out;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::any_of(names, [&](const auto& one) { return iequals(one, name); });
}

} // namespace

Services::Services(std::shared_ptr<Simulation> simulation, std::string name_space)
    : simulation_(std::move(simulation)), name_space_(std::move(name_space)), generation_(simulation_->generation()) {}

HRESULT Services::usable() const {
    if (generation_ != simulation_->generation()) return kDisconnected;
    return covered() ? S_OK : E_ACCESSDENIED;
}

void Services::note(const char* call, const std::string& about) {
    simulation_->note(std::string(call) + " " + name_space_ + ": " + about);
}

Reply Services::wrapped(cim::Instance instance) const {
    return make<ClassObject, IWbemClassObject>(std::move(instance), simulation_->name());
}

HRESULT Services::start(LONG flags, const char* operation, std::function<Result<Reply>(const CallContext&)> call,
                        IWbemClassObject** object, IWbemCallResult** result) {
    if ((flags & WBEM_FLAG_RETURN_IMMEDIATELY) != 0) {
        if (!result) return WBEM_E_INVALID_PARAMETER;
        *result = make<CallResult, IWbemCallResult>(std::move(call), operation).Detach();
        return WBEM_S_NO_ERROR;
    }
    auto answer = call(CallContext::within(std::chrono::hours(1)));
    if (!answer) return refuse(answer.error(), operation);
    if (object && *answer) answer->CopyTo(object);
    return WBEM_S_NO_ERROR;
}

HRESULT Services::GetObject(const BSTR path, LONG flags, IWbemContext*, IWbemClassObject** object,
                            IWbemCallResult** call) {
    if (const HRESULT ready = usable(); FAILED(ready)) return ready;
    auto parsed = cim::ObjectPath::parse(from_bstr(path));
    if (!parsed) return number_of(parsed.error());
    if (parsed->name_space.empty()) parsed->name_space = name_space_;
    note("GetObject", parsed->relative());
    const auto find = [self = ComPtr<Services>(this), wanted = *parsed](const CallContext& context) -> Result<Reply> {
        const auto& simulation = *self->simulation_;
        const auto* info = cim::class_table::find(wanted.name_space, wanted.class_name, simulation.build());
        if (!info) return fail(host::wbem_error("cim.not_found", wanted.class_name));
        if (wanted.keys.empty() && !wanted.singleton)
            return Reply(make<ClassObject, IWbemClassObject>(*info, simulation.build(), simulation.name()));
        TRY_ASSIGN(auto instance, self->simulation_->session().get(wanted, context));
        return self->wrapped(std::move(instance));
    };
    return start(flags, "GetObject", find, object, call);
}

HRESULT Services::PutInstance(IWbemClassObject* instance, LONG flags, IWbemContext*, IWbemCallResult** call) {
    if (const HRESULT ready = usable(); FAILED(ready)) return ready;
    if (!instance) return WBEM_E_INVALID_PARAMETER;
    auto content = content_of(*instance);
    if (!content) return number_of(content.error());
    note("PutInstance", content->path() ? content->path()->relative() : content->class_name());
    const auto put = [self = ComPtr<Services>(this), content = *content](const CallContext& context) -> Result<Reply> {
        TRY(self->simulation_->session().put(content, context));
        return Reply();
    };
    return start(flags, "PutInstance", put, nullptr, call);
}

HRESULT Services::ExecQuery(const BSTR language, const BSTR text, LONG flags, IWbemContext*,
                            IEnumWbemClassObject** objects) {
    if (const HRESULT ready = usable(); FAILED(ready)) return ready;
    if (!objects) return WBEM_E_INVALID_PARAMETER;
    if (!iequals(from_bstr(language), "WQL")) return WBEM_E_INVALID_QUERY_TYPE;
    if ((flags & WBEM_FLAG_FORWARD_ONLY) == 0) return WBEM_E_NOT_SUPPORTED;
    auto query = cim::wql::Query::parse(from_bstr(text));
    if (!query) return refuse(query.error(), "ExecQuery");
    note("ExecQuery", from_bstr(text));
    const auto run = [self = ComPtr<Services>(this), query = std::move(*query),
                      flags](const CallContext& context) -> Result<Rows> {
        auto asked = query;
        bool has_path = true;
        if (query.select() && !query.select()->properties.empty()) {
            auto select = *query.select();
            const auto keys = keys_of(*self->simulation_, self->name_space_, select.from);
            has_path = std::ranges::all_of(keys, [&](const auto& key) { return contains(select.properties, key); });
            if ((flags & WBEM_FLAG_ENSURE_LOCATABLE) != 0 && !has_path) {
                for (const auto& key : keys)
                    if (!contains(select.properties, key)) select.properties.push_back(key);
                has_path = true;
            }
            asked = cim::wql::Query(std::move(select));
        }
        TRY_ASSIGN(auto rows, self->simulation_->session().query(self->name_space_, asked, context));
        if (has_path) return rows;
        Rows without;
        for (const auto& row : rows) {
            cim::Instance bare(row.class_name());
            for (const auto& property : row.properties())
                bare.set(property.name, property.value);
            without.push_back(std::move(bare));
        }
        return without;
    };
    *objects = make<Enumerator, IEnumWbemClassObject>(simulation_, run).Detach();
    return WBEM_S_NO_ERROR;
}

HRESULT Services::ExecMethod(const BSTR path, const BSTR method, LONG flags, IWbemContext*, IWbemClassObject* in,
                             IWbemClassObject** out, IWbemCallResult** call) {
    if (const HRESULT ready = usable(); FAILED(ready)) return ready;
    auto object = cim::ObjectPath::parse(from_bstr(path));
    if (!object) return number_of(object.error());
    if (object->name_space.empty()) object->name_space = name_space_;
    std::vector<cim::Property> parameters;
    if (in) {
        auto content = content_of(*in);
        if (!content) return number_of(content.error());
        for (const auto& property : content->properties())
            if (!property.value.is_null()) parameters.push_back(property);
    }
    const auto name = from_bstr(method);
    note("ExecMethod", object->relative() + "." + name);
    const auto invoke = [self = ComPtr<Services>(this), object = *object, name,
                         parameters](const CallContext& context) -> Result<Reply> {
        TRY_ASSIGN(auto result, self->simulation_->session().invoke(object, name, parameters, context));
        result.out.set("ReturnValue", cim::Value::uint32(result.return_value));
        return self->wrapped(std::move(result.out));
    };
    return start(flags, "ExecMethod", invoke, out, call);
}

} // namespace exhyperv::provider
