#include "api/body.h"
#include "api/host_documents.h"
#include "api/service_state.h"
#include "support/guid.h"
#include "support/scope_guard.h"

namespace exhyperv::api {
namespace {

constexpr auto kLongestWait = std::chrono::minutes(3);
constexpr int kAtOnce = 3; ///< fewer than a lane has threads: plans can still be made

Result<Response> change(RouteCall& call) {
    const auto id = Guid::parse(call.parameters.front());
    if (!id) return fail("api.bad_request", {{"reason", "vm is not a GUID"}});
    static constexpr app::PowerAction actions[] = {app::PowerAction::start, app::PowerAction::shut_down,
                                                   app::PowerAction::turn_off};
    static constexpr const char* names[] = {"start", "shut_down", "turn_off"};
    BodyReader body(call.body());
    const std::size_t action = body.choice("action", {names[0], names[1], names[2]}, std::nullopt);
    TRY(body.finish());

    const ScopeGuard leave([&] { --call.state.slow_calls; });
    if (++call.state.slow_calls > kAtOnce) return fail("api.busy");
    const CallContext context = CallContext::within(kLongestWait);
    TRY_ASSIGN(const auto session, call.host.open_session());
    const auto done = session->change_power(*id, actions[action], context);
    if (call.state.options.note)
        call.state.options.note(call.request.principal, std::string("vm.") + names[action] + " vm=" + id->str(),
                                done ? "done" : done.error().code);
    (void)call.host.refresh(); // whatever became of it, the pages shall see it
    TRY(done);
    HostReading reading;
    TRY_ASSIGN(reading.inventory, session->inventory(context));
    TRY_ASSIGN(const auto vm, session->find_vm(reading.inventory, id->str()));
    return answer(200, vm_document(reading, vm));
}

constexpr Route kRoutes[] = {{"POST", "/vms/{vm}/power", true, change, Waits::for_work}};

} // namespace

std::span<const Route> power_routes() {
    return kRoutes;
}

} // namespace exhyperv::api
