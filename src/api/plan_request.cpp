#include "api/plan_request.h"

#include "api/body.h"

namespace exhyperv::api {
namespace {

constexpr std::uint32_t kMostPartition = 128;
constexpr std::size_t kMostDevices = 16, kMostDangers = 64;

assign::PowerPolicy power(BodyReader& body) {
    static constexpr assign::PowerPolicy policies[] = {assign::PowerPolicy::refuse, assign::PowerPolicy::shut_down,
                                                       assign::PowerPolicy::turn_off};
    return policies[body.choice("power", {"refuse", "shut_down", "turn_off"}, 0)];
}

Result<PlanRequest> gpu_add(BodyReader& body) {
    assign::GpuAddRequest request;
    request.gpu = body.text("gpu");
    request.vm = body.guid("vm");
    request.power = power(body);
    request.drivers = body.flag("drivers", true);
    request.disk = body.maybe_text("disk");
    request.partition = body.number("partition", kMostPartition, 0);
    TRY(body.finish());
    return request;
}

Result<PlanRequest> gpu_remove(BodyReader& body) {
    assign::GpuRemoveRequest request;
    request.vm = body.guid("vm");
    request.gpu = body.maybe_text("gpu").value_or("");
    request.power = power(body);
    request.purge = body.flag("purge", false);
    TRY(body.finish());
    return request;
}

Result<PlanRequest> gpu_sync(BodyReader& body) {
    assign::GpuSyncRequest request;
    request.vm = body.guid("vm");
    request.power = power(body);
    TRY(body.finish());
    return request;
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
    const std::size_t operation =
        body.choice("operation", {"gpu.add", "gpu.remove", "gpu.sync", "device.assign", "device.return"}, std::nullopt);
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
    default:
        return device_return(body);
    }
}

} // namespace exhyperv::api
