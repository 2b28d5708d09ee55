#include "assign/inverse.h"

#include "assign/core/json_fields.h"

#include <algorithm>
#include <set>

namespace exhyperv::assign {

namespace {

const Step* step_of_kind(const Plan& plan, std::string_view kind) {
    const auto at = std::find_if(plan.steps.begin(), plan.steps.end(),
                                 [&](const Step& step) { return step.kind == kind && step.parameters; });
    return at == plan.steps.end() ? nullptr : &*at;
}

std::optional<InverseRequest> of_gpu_add(const Plan& plan) {
    const Step* added = step_of_kind(plan, "gpu.partition.add");
    if (!added) return std::nullopt; // the partition was there before: only its driver came
    GpuRemoveRequest request;
    request.vm = text_or(*added->parameters, "vm");
    request.gpu = text_or(*added->parameters, "gpu");
    request.purge = step_of_kind(plan, "guest.import") != nullptr;
    return request;
}

std::optional<InverseRequest> of_gpu_remove(const Plan& plan) {
    const Step* removed = step_of_kind(plan, "gpu.partition.remove");
    if (!removed) return std::nullopt;
    GpuAddRequest request;
    request.vm = text_or(*removed->parameters, "vm");
    request.gpu = text_or(*removed->parameters, "gpu");
    if (request.gpu.empty()) return std::nullopt; // old client builds do not tell which card it was
    return request;
}

/// What a device plan did: where each device came from and where it went.
struct Moves {
    std::vector<std::string> devices;
    std::set<std::string> from, to; ///< VMs
    bool from_host = false, came_home = false;
};

Moves moves_of(const Plan& plan) {
    Moves moves;
    const auto note = [&](const std::string& device) {
        if (std::find(moves.devices.begin(), moves.devices.end(), device) == moves.devices.end())
            moves.devices.push_back(device);
    };
    for (const Step& step : plan.steps) {
        if (!step.parameters) continue;
        const std::string device = text_or(*step.parameters, "device"), vm = text_or(*step.parameters, "vm");
        if (step.kind == "device.add") moves.to.insert(vm);
        if (step.kind == "device.remove") moves.from.insert(vm);
        if (step.kind == "device.dismount") moves.from_host = true;
        if (step.kind == "device.mount") moves.came_home = true;
        if (step.kind == "device.add" || step.kind == "device.remove") note(device);
    }
    return moves;
}

std::optional<InverseRequest> of_device_move(const Plan& plan) {
    const Moves moves = moves_of(plan);
    if (moves.devices.empty()) return std::nullopt;
    if (moves.from.empty()) { // host (or dismounted) to a VM: home again
        DeviceReturnRequest request;
        request.devices = moves.devices;
        return request;
    }
    const bool still_there =
        !moves.to.empty() || moves.came_home; // else a reference to a device that is gone was cleared
    if (moves.from.size() != 1 || moves.from_host || !still_there) return std::nullopt;
    DeviceAssignRequest request;
    request.devices = moves.devices;
    request.vm = *moves.from.begin();
    return request;
}

} // namespace

std::optional<InverseRequest> inverse_of(const Plan& plan) {
    if (plan.operation == "gpu.add") return of_gpu_add(plan);
    if (plan.operation == "gpu.remove") return of_gpu_remove(plan);
    if (plan.operation == "device.assign" || plan.operation == "device.return") return of_device_move(plan);
    if (plan.operation == "policy.allow") return PolicyRequest{PolicyRequest::Wish::restore};
    if (plan.operation == "policy.restore") return PolicyRequest{PolicyRequest::Wish::allow};
    return std::nullopt;
}

} // namespace exhyperv::assign
