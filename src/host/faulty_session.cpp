#include "host/faulty_session.h"

#include "host/call_name.h"
#include "host/fault_injection.h"
#include "host/wbem_error.h"

namespace exhyperv::host {

Error lost_connection(std::string_view what) {
    return wbem_error("session.lost", std::string(what));
}

Result<std::vector<cim::Instance>> FaultySession::query(std::string_view name_space, const cim::wql::Query& query,
                                                        const CallContext& context) {
    const std::string class_name = queried_class(query), text = query.text();
    return run_with_fault(script_.next({"query", class_name, {}, text}), "query " + class_name, context,
                          [&] { return inner_.query(name_space, query, context); });
}

Result<cim::Instance> FaultySession::get(const cim::ObjectPath& path, const CallContext& context) {
    const std::string target = path.relative();
    return run_with_fault(script_.next({"get", path.class_name, {}, target}), "get " + path.class_name, context,
                          [&] { return inner_.get(path, context); });
}

Result<> FaultySession::put(const cim::Instance& instance, const CallContext& context) {
    const std::string target = instance.path() ? instance.path()->relative() : std::string{};
    return run_with_fault(script_.next({"put", instance.class_name(), {}, target}), "put " + instance.class_name(),
                          context, [&] { return inner_.put(instance, context); });
}

Result<MethodResult> FaultySession::invoke(const cim::ObjectPath& object, std::string_view method,
                                           const std::vector<cim::Property>& parameters, const CallContext& context) {
    const std::string target = object.relative();
    const auto fault = script_.next({"invoke", object.class_name, method, target});
    return run_with_fault(fault, object.class_name + "." + std::string(method), context, [&]() -> Result<MethodResult> {
        if (fault && fault->return_value) return MethodResult{*fault->return_value, cim::Instance("__PARAMETERS")};
        return inner_.invoke(object, method, parameters, context);
    });
}

} // namespace exhyperv::host
