#include "api/plan_request.h"

#include "api/body.h"
#include "assign/inverse.h"

namespace exhyperv::api {
namespace {

constexpr std::uint32_t kMostPartition = 128;
constexpr std::size_t kMostDevices = 16, kMostDangers = 64;

assign::PowerPolicy power(BodyReader& body) {
    static constexpr assign::PowerPolicy policies[] = {assign::PowerPolicy::refuse, assign::PowerPolicy::shut_down,
                                                       assign::PowerPolicy::turn_off};
    return policies[body.choice("power", {"refuse", "shut_down", "turn_off"}, 0)];
}

std::optional<guest::Engine> engine(BodyReader& body) {
    static constexpr std::optional<guest::Engine> engines[] = {std::nullopt, guest::Engine::direct,
                                                               guest::Engine::windows};
    return engines[body.choice("engine", {"auto", "direct", "windows"}, 0)];
}

Result<PlanRequest> gpu_add(BodyReader& body) {
    assign::GpuAddRequest request;
    request.gpu = body.text("gpu");
    request.vm = body.guid("vm");
    request.power = power(body);
    request.drivers = body.flag("drivers", true);
    request.disk = body.maybe_text("disk");
    request.partition = body.number("partition", kMostPartition, 0);
    request.engine = engine(body);
    TRY(body.finish());
    return request;
}

Result<PlanRequest> gpu_remove(BodyReader& body) {
    assign::GpuRemoveRequest request;
    request.vm = body.guid("vm");
    request.gpu = body.maybe_text("gpu").value_or("");
    request.power = power(body);
    request.purge = body.flag("purge", false);
    request.engine = engine(body);
    TRY(body.finish());
    return request;
}

Result<PlanRequest> gpu_sync(BodyReader& body) {
    assign::GpuSyncRequest request;
    request.vm = body.maybe_guid("vm");
    request.power = power(body);
    request.when_off = body.flag("when_off", false);
    request.forget_waiting = body.flag("forget_waiting", false);
    request.engine = engine(body);
    TRY(body.finish());
    if (!request.vm && request.power != assign::PowerPolicy::refuse) // VMs are not shut down by the dozen
        return fail("api.bad_request", {{"reason", "power needs a vm"}});
    return request;
}

Result<PlanRequest> device_recover(BodyReader& body) {
    assign::DeviceRecoverRequest request;
    request.devices = body.texts("devices", 0, kMostDevices);
    request.with_disabled = body.flag("with_disabled", false);
    request.power = power(body);
    TRY(body.finish());
    return request;
}

Result<PlanRequest> policy(BodyReader& body, assign::PolicyRequest::Wish wish) {
    TRY(body.finish());
    return assign::PolicyRequest{wish};
}

Result<PlanRequest> device_assign(BodyReader& body) {
    assign::DeviceAssignRequest request;
    request.devices = body.texts("devices", 1, kMostDevices);
    request.vm = body.guid("vm");
    request.power = power(body);
    request.with_companions = body.flag("with_companions", false);
    request.accept = body.texts("accept", 0, kMostDangers);
    TRY(body.finish());
    return request;
}

Result<PlanRequest> device_return(BodyReader& body) {
    assign::DeviceReturnRequest request;
    request.devices = body.texts("devices", 1, kMostDevices);
    request.power = power(body);
    request.with_companions = body.flag("with_companions", false);
    TRY(body.finish());
    return request;
}

} // namespace

Result<PlanRequest> parse_plan_request(const nlohmann::json& document) {
    BodyReader body(&document);
    const std::size_t operation = body.choice("operation",
                                              {"gpu.add", "gpu.remove", "gpu.sync", "device.assign", "device.return",
                                               "device.recover", "policy.allow", "policy.restore"},
                                              std::nullopt);
    const bool named = document.is_object() && document.contains("operation");
    if (!named) {
        TRY(body.finish());
    }
    switch (operation) {
    case 0:
        return gpu_add(body);
    case 1:
        return gpu_remove(body);
    case 2:
        return gpu_sync(body);
    case 3:
        return device_assign(body);
    case 4:
        return device_return(body);
    case 5:
        return device_recover(body);
    case 6:
        return policy(body, assign::PolicyRequest::Wish::allow);
    default:
        return policy(body, assign::PolicyRequest::Wish::restore);
    }
}

nlohmann::json undo_request(const assign::Plan& plan) {
    struct ToJson {
        nlohmann::json operator()(const assign::GpuAddRequest& request) const {
            return {{"operation", "gpu.add"}, {"gpu", request.gpu}, {"vm", request.vm}};
        }
        nlohmann::json operator()(const assign::GpuRemoveRequest& request) const {
            return {{"operation", "gpu.remove"}, {"gpu", request.gpu}, {"vm", request.vm}, {"purge", request.purge}};
        }
        nlohmann::json operator()(const assign::DeviceAssignRequest& request) const {
            return {{"operation", "device.assign"}, {"devices", request.devices}, {"vm", request.vm}};
        }
        nlohmann::json operator()(const assign::DeviceReturnRequest& request) const {
            return {{"operation", "device.return"}, {"devices", request.devices}};
        }
        nlohmann::json operator()(const assign::PolicyRequest& request) const {
            return {
                {"operation", request.wish == assign::PolicyRequest::Wish::allow ? "policy.allow" : "policy.restore"}};
        }
    };
    const auto inverse = assign::inverse_of(plan);
    return inverse ? std::visit(ToJson{}, *inverse) : nlohmann::json();
}

} // namespace exhyperv::api
