#include "api/service_state.h"

namespace exhyperv::api {
namespace {

template <HostSlot::Part part>
Result<Response> document(RouteCall& call) {
    TRY_ASSIGN(auto text, call.host.document(part));
    return Response{200, std::move(text)};
}

Result<Response> utilization(RouteCall& call) {
    TRY_ASSIGN(auto text, call.host.utilization());
    return Response{200, std::move(text)};
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
    {"GET", "/hosts", false, hosts, Waits::not_at_all},
};

} // namespace

std::span<const Route> inventory_routes() {
    return kRoutes;
}

} // namespace exhyperv::api
