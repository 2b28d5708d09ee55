#include "host/retry_session.h"

#include "host/wbem_error.h"
#include "support/log.h"

namespace exhyperv::host {

template <class Read>
auto RetrySession::repeated(Read&& read, const CallContext& context, std::string_view what) {
    auto wait = policy_.first_wait;
    for (int tries = 1;; ++tries, wait *= 2) {
        auto result = read();
        if (result || tries >= policy_.tries || !connection_lost(result.error()) || context.deadline.left() <= wait)
            return result;
        log(LogLevel::info, std::string(what) + ": trying again after " + describe(result.error()));
        if (auto slept = context.sleep(wait, what); !slept)
            return decltype(result)(tl::unexpected(std::move(slept).error()));
    }
}

Result<std::vector<cim::Instance>> RetrySession::query(std::string_view name_space, const cim::wql::Query& query,
                                                       const CallContext& context) {
    return repeated([&] { return inner_.query(name_space, query, context); }, context, "query");
}

Result<cim::Instance> RetrySession::get(const cim::ObjectPath& path, const CallContext& context) {
    return repeated([&] { return inner_.get(path, context); }, context, "get");
}

Result<> RetrySession::put(const cim::Instance& instance, const CallContext& context) {
    return inner_.put(instance, context);
}

Result<MethodResult> RetrySession::invoke(const cim::ObjectPath& object, std::string_view method,
                                          const std::vector<cim::Property>& parameters, const CallContext& context) {
    return inner_.invoke(object, method, parameters, context);
}

} // namespace exhyperv::host
