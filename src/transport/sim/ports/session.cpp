#include "transport/sim/ports/session.h"

#include "host/call_name.h"
#include "host/wbem_error.h"
#include "support/strings.h"
#include "transport/sim/cim/query.h"
#include "transport/sim/services/dispatch.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

/// A stopped management service answers nothing of its own namespace.
Result<> check_service(const World& world, std::string_view name_space) {
    if (world.host.service_running || !world.host.hyperv_installed || !iequals(name_space, kV2)) return {};
    return fail(host::wbem_error("cim.provider_failure", std::string(name_space)));
}

/// PutInstance: only Msvm_PartitionableGpu.PartitionCount can be written, to one of ValidPartitionCounts
/// (wmi-facts 1.8).
Result<> write_instance(World& world, const View& view, const cim::Instance& given) {
    const auto& path = *given.path();
    TRY_ASSIGN(auto current, get_instance(view, path));
    if (!world.host.elevated) return fail(host::wbem_error("cim.access_denied", path.relative()));
    const auto* shape = ClassShape::find(kV2, path.class_name, view.build());
    std::optional<std::uint64_t> count;
    for (const auto& property : given.properties()) {
        const auto* now = current.find(property.name);
        const auto what = path.class_name + "." + property.name;
        if (!now) return fail(host::wbem_error("cim.invalid_parameter", what));
        if (*now == property.value) continue;
        if (property.value.type() != now->type() || property.value.is_array() != now->is_array())
            return fail(host::wbem_error("cim.type_mismatch", what));
        int index = shape->index(property.name);
        const auto writable = shape->properties()[static_cast<std::size_t>(index)]->writable;
        if (!writable || !iequals(property.name, "PartitionCount"))
            return fail(host::wbem_error("cim.invalid_parameter", what));
        count = property.value.as_uint();
    }
    if (!count) return {};
    for (auto& gpu : world.gpus) {
        if (!iequals(gpu.interface_path, path.text_key("Name"))) continue;
        if (std::find(gpu.valid_counts.begin(), gpu.valid_counts.end(), *count) == gpu.valid_counts.end())
            return fail(host::wbem_error("cim.invalid_parameter", "Msvm_PartitionableGpu.PartitionCount"));
        gpu.partition_count = static_cast<std::uint16_t>(*count);
    }
    return {};
}

} // namespace

Result<std::vector<cim::Instance>> SimSession::query(std::string_view name_space, const cim::wql::Query& query,
                                                     const CallContext& context) {
    const auto class_name = host::queried_class(query), text = query.text();
    host::FaultCall call{.call = "query", .class_name = class_name, .method = {}, .target = text};
    return base_.run(call, context, [&](const auto&) -> Result<std::vector<cim::Instance>> {
        std::vector<cim::Instance> out;
        auto looked = base_.keeper.read(context, [&](const World& world, std::int64_t now) -> Result<> {
            TRY(check_service(world, name_space));
            TRY_ASSIGN(out, run_query({world, now}, name_space, query));
            return {};
        });
        TRY(std::move(looked));
        return out;
    });
}

Result<cim::Instance> SimSession::get(const cim::ObjectPath& path, const CallContext& context) {
    const auto text = path.relative();
    host::FaultCall call{.call = "get", .class_name = path.class_name, .method = {}, .target = text};
    return base_.run(call, context, [&](const auto&) -> Result<cim::Instance> {
        std::optional<cim::Instance> out;
        auto looked = base_.keeper.read(context, [&](const World& world, std::int64_t now) -> Result<> {
            TRY(check_service(world, path.name_space.empty() ? kV2 : std::string_view(path.name_space)));
            TRY_ASSIGN(out, get_instance({world, now}, path));
            return {};
        });
        TRY(std::move(looked));
        return std::move(*out);
    });
}

Result<> SimSession::put(const cim::Instance& instance, const CallContext& context) {
    if (!instance.path()) return fail(host::wbem_error("cim.invalid_parameter", instance.class_name()));
    const auto text = instance.path()->relative();
    host::FaultCall call{.call = "put", .class_name = instance.class_name(), .method = {}, .target = text};
    return base_.run(call, context, [&](const auto&) -> Result<> {
        return base_.keeper.change(context, [&](World& world, std::int64_t now) -> Result<> {
            TRY(check_service(world, kV2));
            return write_instance(world, {world, now}, instance);
        });
    });
}

Result<host::MethodResult> SimSession::invoke(const cim::ObjectPath& object, std::string_view method,
                                              const std::vector<cim::Property>& parameters,
                                              const CallContext& context) {
    const auto text = object.relative();
    host::FaultCall call{.call = "invoke", .class_name = object.class_name, .method = method, .target = text};
    return base_.run(call, context, [&](const std::optional<host::FaultAction>& fault) -> Result<host::MethodResult> {
        if (fault && fault->return_value) return host::MethodResult{.return_value = *fault->return_value};
        host::MethodResult out;
        auto looked = base_.keeper.change(context, [&](World& world, std::int64_t now) -> Result<> {
            TRY(check_service(world, object.name_space.empty() ? kV2 : std::string_view(object.name_space)));
            TRY_ASSIGN(out, invoke_method(world, now, workshop_, object, method, parameters,
                                          fault ? fault->job : std::nullopt));
            return {};
        });
        TRY(std::move(looked));
        return out;
    });
}

} // namespace exhyperv::sim
