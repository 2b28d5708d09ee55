#pragma once

#include "assign/plan.h"

#include <nlohmann/json.hpp>

namespace exhyperv::assign {

inline Plan sample_plan(std::size_t steps = 2) {
    Plan plan;
    plan.id = Guid::random().str();
    plan.operation = "gpu.add";
    plan.title = {"plan.gpu_add.title", {{"gpu", "NVIDIA \"RTX\" 4070"}, {"vm", "虚拟机\n1"}}};
    plan.host_uri = "sim:test";
    plan.checks.push_back({"host.build", Verdict::warn, {"check.host.build.ok", {{"build", "26100"}}}, {}});
    for (std::size_t i = 0; i < steps; ++i) {
        Step step;
        step.id = "step" + std::to_string(i);
        step.kind = "vm.settings";
        step.what = {"step.settings.what", {{"vm", "x"}}};
        step.needs_vm_off = i == 0;
        step.parameters = std::make_shared<const nlohmann::json>(nlohmann::json{{"vm", "y"}, {"n", i}});
        plan.steps.push_back(std::move(step));
    }
    return plan;
}

} // namespace exhyperv::assign
