#pragma once

#include "api/plan_store.h"
#include "api/service.h"
#include "api/when_off_watcher.h"

#include <atomic>
#include <condition_variable>
#include <span>
#include <string_view>
#include <thread>

namespace exhyperv::api {

/// What the routes work with. Inside the service only.
struct Service::State {
    State(ServiceOptions given, EventHub& hub);

    ServiceOptions options;
    EventHub& events;
    std::vector<std::unique_ptr<HostSlot>> hosts;
    PlanStore plans;
    OperationRunner operations;
    std::atomic<int> slow_calls{0}; ///< calls at work that may wait for minutes

    std::mutex watch_mutex;
    std::condition_variable watch_ends;
    bool ending = false;
    std::thread watcher; ///< refreshes the hosts while pages are open

    std::unique_ptr<WhenOffWatcher> when_off; ///< VMs that wait; last: it uses what stands above

    void watch();
};

/// A request on its way: which host it is about, and what stands in the place of {…} in its path.
struct RouteCall {
    Service::State& state;
    const Request& request;
    HostSlot& host;
    std::vector<std::string> parameters;
    [[nodiscard]] const nlohmann::json* body() const { return request.body ? &*request.body : nullptr; }
};

/// What a call may have to wait for: nothing but this process; the host's lists, which are read one at a time; or work
/// of its own on the host (a plan, a guest's disk, a machine that starts), for minutes.
enum class Waits : std::uint8_t { not_at_all, for_lists, for_work };

struct Route {
    std::string_view method, path; ///< "/vms/{vm}/guest"
    bool changes;                  ///< operators only
    Result<Response> (*answer)(RouteCall& call);
    Waits waits = Waits::for_lists;
};

// One list a file.
[[nodiscard]] std::span<const Route> inventory_routes();
[[nodiscard]] std::span<const Route> guest_routes();
[[nodiscard]] std::span<const Route> power_routes();
[[nodiscard]] std::span<const Route> change_routes();

} // namespace exhyperv::api
