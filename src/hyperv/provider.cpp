#include "hyperv/provider.h"

#include "hyperv/provider_error.h"

namespace exhyperv::hyperv {

namespace {

bool unknown_column(const Error& error) {
    return error.code == "cim.bad_query" || error.code == "cim.unknown_property";
}

} // namespace

Result<std::vector<cim::Instance>> read_class(host::CimSession& session, std::string_view class_name,
                                              std::vector<std::string> columns,
                                              std::optional<cim::wql::Condition> condition,
                                              const CallContext& context) {
    cim::wql::Select select{std::move(columns), std::string(class_name), std::move(condition)};
    auto rows = session.query(host::kVirtualization, select, context);
    if (!rows && !select.properties.empty() && unknown_column(rows.error())) {
        select.properties.clear();
        rows = session.query(host::kVirtualization, select, context);
    }
    if (!rows) return fail(session_error(std::move(rows).error(), class_name));
    return rows;
}

Result<std::vector<cim::Instance>> read_optional_class(host::CimSession& session, std::string_view class_name,
                                                       std::vector<std::string> columns, const CallContext& context) {
    auto rows = read_class(session, class_name, std::move(columns), std::nullopt, context);
    if (!rows && rows.error().code == "hyperv.class_missing") return std::vector<cim::Instance>{};
    return rows;
}

Result<cim::ObjectPath> service_path(host::CimSession& session, std::string_view class_name,
                                     const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_class(session, class_name, {"Name"}, std::nullopt, context));
    for (const cim::Instance& row : rows)
        if (row.path()) return *row.path();
    return fail("hyperv.not_installed", {{"class", std::string(class_name)}}, "the service class has no instance");
}

} // namespace exhyperv::hyperv
