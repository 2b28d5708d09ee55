#include "api/body.h"
#include "api/dto.h"
#include "api/plan_request.h"
#include "api/service_state.h"
#include "assign/state/waiting_guest.h"
#include "support/scope_guard.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::api {
namespace {

constexpr auto kPlanTime = std::chrono::minutes(2);
constexpr std::size_t kMostListed = 200;

Result<assign::Plan> make_plan(app::Session& session, const PlanRequest& request) {
    const CallContext context = CallContext::within(kPlanTime);
    return std::visit([&](const auto& wanted) { return session.plan(wanted, context); }, request);
}

Result<Response> plan(RouteCall& call) {
    if (!call.body()) return fail("api.bad_request", {{"reason", "the body is not a JSON object"}});
    TRY_ASSIGN(const auto request, parse_plan_request(*call.body()));
    TRY_ASSIGN(const auto session, call.host.open_session());
    TRY_ASSIGN(const auto made, make_plan(*session, request));
    call.state.plans.keep(made);
    return answer(200, dto(made));
}

tl::unexpected<Error> busy(RouteCall& call) {
    const auto running = call.state.operations.at_work_on(call.host);
    const auto document = running ? running->document() : nlohmann::json::object();
    const auto text = [&](const char* name) { return document.value(name, std::string("?")); };
    const std::string operation = running ? document["plan"].value("operation", std::string("?")) : "?";
    return fail(
        "operation.busy",
        {{"holder", text("who")}, {"process", "exhyperv serve"}, {"operation", operation}, {"since", text("started")}});
}

Result<Response> execute(RouteCall& call) {
    BodyReader body(call.body());
    const std::string id = body.text("plan");
    TRY(body.finish());
    if (!call.host.begin_operation()) return busy(call);
    ScopeGuard release([&] { call.host.end_operation(); });
    TRY_ASSIGN(auto taken, call.state.plans.take(id, call.host.uri().text));
    release.dismiss(); // the runner has it from here
    return answer(202, call.state.operations.execute(call.host, std::move(taken), call.request.principal));
}

Result<Response> list(RouteCall& call) {
    TRY_ASSIGN(auto entries, call.host.history());
    if (entries.size() > kMostListed) entries.resize(kMostListed);
    auto out = nlohmann::json::array();
    for (const auto& entry : entries) {
        const auto known = call.state.operations.find(entry.plan.id);
        out.push_back(known ? known->document() : dto(entry));
    }
    return answer(200, out);
}

Result<Response> one(RouteCall& call) {
    const std::string& id = call.parameters.front();
    if (const auto known = call.state.operations.find(id)) return answer(200, known->document());
    TRY_ASSIGN(const auto entries, call.host.history());
    for (const auto& entry : entries)
        if (iequals(entry.plan.id, id)) return answer(200, dto(entry));
    return fail("operation.not_found", {{"id", id}});
}

Result<Response> cancel(RouteCall& call) {
    const auto running = call.state.operations.find(call.parameters.front());
    if (!running || !running->at_work()) return fail("operation.not_running", {{"id", call.parameters.front()}});
    running->cancel.cancel();
    return answer(202);
}

Result<Response> recover(RouteCall& call) {
    BodyReader body(call.body());
    const std::size_t mode = body.choice("mode", {"roll_back", "resume"}, std::nullopt);
    TRY(body.finish());
    TRY_ASSIGN(auto open, call.host.open_operations());
    const auto wanted = std::find_if(open.begin(), open.end(), [&](const assign::HistoryEntry& entry) {
        return iequals(entry.plan.id, call.parameters.front());
    });
    if (!call.host.begin_operation()) return busy(call);
    ScopeGuard release([&] { call.host.end_operation(); });
    if (wanted == open.end()) return fail("operation.not_open", {{"id", call.parameters.front()}});
    release.dismiss();
    return answer(
        202, call.state.operations.recover(call.host, std::move(*wanted),
                                           mode == 1 ? assign::RecoveryMode::resume : assign::RecoveryMode::roll_back,
                                           call.request.principal));
}

Result<Response> waiting(RouteCall& call) {
    TRY_ASSIGN(const auto guests, assign::waiting_guests(call.host.state_directory()));
    auto out = nlohmann::json::array();
    for (const auto& guest : guests) {
        nlohmann::json entry{{"vm", guest.vm.str()}, {"vm_name", guest.vm_name}, {"since", guest.since},
                             {"who", guest.who},     {"tries", guest.tries},     {"given_up", guest.given_up}};
        if (!guest.next_try.empty()) entry["next_try"] = guest.next_try;
        if (!guest.problem.empty()) entry["problem"] = guest.problem;
        out.push_back(std::move(entry));
    }
    return answer(200, out);
}

constexpr Route kRoutes[] = {
    {"POST", "/plans", false, plan, Waits::for_work}, // changes nothing: a viewer may see what would be done
    {"GET", "/operations", false, list},
    {"GET", "/waiting", false, waiting, Waits::not_at_all},
    {"POST", "/operations", true, execute},
    {"GET", "/operations/{operation}", false, one},
    {"POST", "/operations/{operation}/cancel", true, cancel, Waits::not_at_all},
    {"POST", "/operations/{operation}/recover", true, recover},
};

} // namespace

std::span<const Route> change_routes() {
    return kRoutes;
}

} // namespace exhyperv::api
