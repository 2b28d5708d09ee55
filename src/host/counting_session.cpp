#include "host/counting_session.h"

#include "host/call_name.h"

namespace exhyperv::host {

CountingSession::Counts CountingSession::counts() const {
    const std::lock_guard lock(guard_);
    return counts_;
}

void CountingSession::reset() {
    const std::lock_guard lock(guard_);
    counts_ = {};
}

void CountingSession::count(std::size_t Counts::*kind, std::string name) {
    const std::lock_guard lock(guard_);
    ++(counts_.*kind);
    ++counts_.by_name[std::move(name)];
}

Result<std::vector<cim::Instance>> CountingSession::query(std::string_view name_space, const cim::wql::Query& query,
                                                          const CallContext& context) {
    count(&Counts::query, "query " + queried_class(query));
    return inner_.query(name_space, query, context);
}

Result<cim::Instance> CountingSession::get(const cim::ObjectPath& path, const CallContext& context) {
    count(&Counts::get, "get " + path.class_name);
    return inner_.get(path, context);
}

Result<> CountingSession::put(const cim::Instance& instance, const CallContext& context) {
    count(&Counts::put, "put " + instance.class_name());
    return inner_.put(instance, context);
}

Result<MethodResult> CountingSession::invoke(const cim::ObjectPath& object, std::string_view method,
                                             const std::vector<cim::Property>& parameters, const CallContext& context) {
    count(&Counts::invoke, "invoke " + object.class_name + "." + std::string(method));
    return inner_.invoke(object, method, parameters, context);
}

} // namespace exhyperv::host
