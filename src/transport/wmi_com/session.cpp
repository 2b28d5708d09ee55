#include "transport/wmi_com/session.h"

#include "host/call_name.h"
#include "transport/wmi_com/bounded.h"
#include "transport/wmi_com/calls.h"

namespace exhyperv::wmi_com {

Result<std::unique_ptr<ComSession>> ComSession::open(const Target& target, const CallContext& context) {
    TRY_ASSIGN(auto apartment, Apartment::enter());
    auto calls = std::make_shared<Calls>(std::move(apartment), target);
    auto name = bounded(context, target.remote() ? target.computer : std::string(host::kCimv2),
                        [calls, context] { return calls->server_name(context); });
    if (!name) return tl::unexpected(std::move(name).error());
    return std::unique_ptr<ComSession>(new ComSession(std::move(calls), std::move(*name)));
}

Result<std::vector<cim::Instance>> ComSession::query(std::string_view name_space, const cim::wql::Query& query,
                                                     const CallContext& context) {
    return bounded(context, host::queried_class(query),
                   [calls = calls_, space = std::string(name_space), query, context] {
                       return calls->query(space, query, context);
                   });
}

Result<cim::Instance> ComSession::get(const cim::ObjectPath& path, const CallContext& context) {
    return bounded(context, path.relative(), [calls = calls_, path, context] { return calls->get(path, context); });
}

Result<> ComSession::put(const cim::Instance& instance, const CallContext& context) {
    return bounded(context, instance.class_name(),
                   [calls = calls_, instance, context] { return calls->put(instance, context); });
}

Result<host::MethodResult> ComSession::invoke(const cim::ObjectPath& object, std::string_view method,
                                              const std::vector<cim::Property>& parameters,
                                              const CallContext& context) {
    return bounded(context, object.class_name + "." + std::string(method),
                   [calls = calls_, object, method = std::string(method), parameters, context] {
                       return calls->invoke(object, method, parameters, context);
                   });
}

} // namespace exhyperv::wmi_com
