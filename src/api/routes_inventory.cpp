#include "api/service_state.h"

#include "assign/core/utc_time.h"

namespace exhyperv::api {
namespace {

template <HostSlot::Part part>
Result<Response> document(RouteCall& call) {
    TRY_ASSIGN(auto text, call.host.document(part));
    return Response{200, std::move(text)};
}

/// No host port tells the load yet: a sample without values is "unknown", never "idle".
Result<Response> utilization(RouteCall&) {
    return answer(200, {{"time", assign::utc_now()}, {"samples", nlohmann::json::array()}});
}

Result<Response> hosts(RouteCall& call) {
    auto list = nlohmann::json::array();
    for (const auto& host : call.state.hosts)
        list.push_back({{"uri", host->uri().text},
                        {"name", host->name()},
                        {"default", host.get() == call.state.hosts.front().get()}});
    return answer(200, list);
}

constexpr Route kRoutes[] = {
    {"GET", "/status", false, document<HostSlot::Part::status>},
    {"GET", "/vms", false, document<HostSlot::Part::vms>},
    {"GET", "/gpus", false, document<HostSlot::Part::gpus>},
    {"GET", "/gpus/utilization", false, utilization},
    {"GET", "/devices", false, document<HostSlot::Part::devices>},
    {"GET", "/hosts", false, hosts},
};

} // namespace

std::span<const Route> inventory_routes() {
    return kRoutes;
}

} // namespace exhyperv::api
