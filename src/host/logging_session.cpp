#include "host/logging_session.h"

#include "support/log.h"

#include <fmt/format.h>

namespace exhyperv::host {
namespace {

template <class Call, class Summary>
auto logged(std::string what, Call&& call, Summary&& summary) {
    const auto start = std::chrono::steady_clock::now();
    auto result = call();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    const std::string outcome = result ? summary(result) : describe(result.error());
    log(result ? LogLevel::debug : LogLevel::warn, fmt::format("{}: {} ({:.1f} ms)", what, outcome, took.count()));
    return result;
}

std::string path_of(const cim::Instance& instance) {
    return instance.path() ? instance.path()->relative() : instance.class_name();
}

} // namespace

Result<std::vector<cim::Instance>> LoggingSession::query(std::string_view name_space, const cim::wql::Query& query,
                                                         const CallContext& context) {
    return logged(
        fmt::format("query {}: {}", name_space, query.text()), [&] { return inner_.query(name_space, query, context); },
        [](const auto& rows) { return fmt::format("{} rows", rows->size()); });
}

Result<cim::Instance> LoggingSession::get(const cim::ObjectPath& path, const CallContext& context) {
    return logged(
        "get " + path.relative(), [&] { return inner_.get(path, context); },
        [](const auto&) { return std::string("ok"); });
}

Result<> LoggingSession::put(const cim::Instance& instance, const CallContext& context) {
    return logged(
        "put " + path_of(instance), [&] { return inner_.put(instance, context); },
        [](const auto&) { return std::string("ok"); });
}

Result<MethodResult> LoggingSession::invoke(const cim::ObjectPath& object, std::string_view method,
                                            const std::vector<cim::Property>& parameters, const CallContext& context) {
    return logged(
        fmt::format("invoke {}.{}", object.relative(), method),
        [&] { return inner_.invoke(object, method, parameters, context); },
        [](const auto& result) { return fmt::format("returned {}", result->return_value); });
}

} // namespace exhyperv::host
