#include "api/plan_request.h"

#include "api/body.h"

namespace exhyperv::api {
namespace {

constexpr std::uint32_t kMostPartition = 128;
constexpr std::size_t kMostDevices = 16;

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
    (void)body.guid("vm");
    (void)power(body);
    TRY(body.finish());
    return UnavailablePlan{"gpu.sync"};
}

Result<PlanRequest> devices(BodyReader& body, bool assign) {
    (void)body.texts("devices", 1, kMostDevices);
    if (assign) (void)body.guid("vm");
    (void)power(body);
    (void)body.flag("with_companions", false);
    (void)body.texts("accept", 0, 64);
    TRY(body.finish());
    return UnavailablePlan{assign ? "device.assign" : "device.return"};
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
    default:
        return devices(body, operation == 3);
    }
}

} // namespace exhyperv::api
