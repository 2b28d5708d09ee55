#include "transitions.h"

#include <stdexcept>

namespace exhyperv::assign {

namespace {

sim::PciFunction& card(sim::World& world) {
    return *sim::find_function(world, kGpuId);
}

void assign_to(World& world, const std::vector<std::string>& devices, const std::string& vm) {
    if (const auto result = world.run(world.plan_assign(devices, vm)); outcome_text(result) != "done")
        throw std::runtime_error(outcome_text(result));
}

void to_alpha(World& world) {
    assign_to(world, {kGpu}, "alpha");
}

void make_dismounted(World& world) {
    world.intervene([](sim::World& w) {
        card(w).node_phantom = true;
        card(w).problem = sim::problem::disabled;
        card(w).twin = sim::Twin::present;
    });
}

void make_disabled(World& world) {
    world.intervene([](sim::World& w) { card(w).problem = sim::problem::disabled; });
}

void make_stale(World& world) {
    to_alpha(world);
    world.intervene([](sim::World& w) { card(w).gone = true; });
}

void make_leftover(World& world) {
    to_alpha(world);
    world.intervene([](sim::World& w) {
        card(w).node_phantom = false;
        card(w).problem = sim::problem::none;
        card(w).twin = sim::Twin::phantom;
    });
}

Result<Plan> assign_card(World& world) {
    return world.plan_assign({kGpu}, "beta");
}

Result<Plan> return_card(World& world) {
    return world.plan_return({kGpuId});
}

} // namespace

const std::vector<Transition>& all_transitions() {
    static const std::vector<Transition> transitions = {
        {"host to VM", [](World&) {}, assign_card},
        {"controller with disks to VM", [](World&) {}, [](World& w) { return w.plan_assign({kStorage}, "alpha"); }},
        {"card with companions to VM", [](World&) {},
         [](World& w) {
             DeviceAssignRequest request;
             request.with_companions = true;
             return w.plan_assign({kGpu}, "alpha", request);
         }},
        {"disabled to VM", make_disabled, assign_card},
        {"dismounted to VM", make_dismounted, assign_card},
        {"VM to VM", to_alpha, assign_card},
        {"leftover to VM", make_leftover, assign_card, true},
        {"VM to host", to_alpha, return_card},
        {"controller with disks to host", [](World& w) { assign_to(w, {kStorage}, "alpha"); },
         [](World& w) { return w.plan_return({kStorage}); }},
        {"dismounted to host", make_dismounted, return_card},
        {"disabled to host", make_disabled, return_card},
        {"stale to nothing", make_stale, return_card, true},
        {"leftover to nothing", make_leftover, return_card, true},
    };
    return transitions;
}

} // namespace exhyperv::assign
