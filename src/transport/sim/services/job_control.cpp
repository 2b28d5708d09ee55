#include "cim/xml.h"
#include "support/strings.h"
#include "transport/sim/services/method.h"
#include "transport/sim/world/jobs.h"

namespace exhyperv::sim {

namespace {

Job* job_of(const Call& call) {
    auto id = Guid::parse(call.object.text_key("InstanceID"));
    for (auto& job : call.world.jobs)
        if (id && job.id == *id) return &job;
    return nullptr;
}

std::string error_text(const Job& job) {
    cim::Instance error("Msvm_Error");
    error.set("ErrorSource", cim::Value::string("Hyper-V"));
    error.set("Message", cim::Value::string(job.error_description));
    error.set("MessageID", cim::Value::string(std::to_string(job.error_code)));
    return cim::to_cim_xml(error);
}

bool failed(const Call& call, const Job* job) {
    return job && progress_of(*job, call.now_ms).finished() && !progress_of(*job, call.now_ms).ok();
}

Outcome get_error(Call& call) {
    const auto* job = job_of(call);
    Outcome outcome;
    if (failed(call, job)) outcome.out.push_back({"Error", cim::Value::string(error_text(*job))});
    return outcome;
}

Outcome get_errors(Call& call) {
    const auto* job = job_of(call);
    Outcome outcome;
    if (failed(call, job)) outcome.out.push_back({"Errors", cim::Value::strings({error_text(*job)})});
    return outcome;
}

/// Terminate (4) or kill (5): what has not happened yet does not happen any more.
Outcome stop(Call& call) {
    auto* job = job_of(call);
    const auto wanted = call.parameter("RequestedState").as_uint().value_or(0);
    if (!job || (wanted != 4 && wanted != 5)) return Outcome::failure(code::invalid_parameter, {});
    if (progress_of(*job, call.now_ms).finished()) return Outcome::failure(code::invalid_state, {});
    job->request.reset();
    job->state = wanted == 4 ? job_state::terminated : job_state::killed;
    job->finished_ms = call.now_ms;
    if (auto* vm = job->vm ? find_vm(call.world, *job->vm) : nullptr) {
        if (vm->state == vm_state::starting) vm->state = vm_state::off;
        if (vm->state == vm_state::stopping || vm->state == vm_state::saving) vm->state = vm_state::running;
    }
    return {};
}

} // namespace

void add_job_control(Methods& out) {
    for (auto name : {"Msvm_ConcreteJob", "Msvm_StorageJob"}) {
        out.push_back({name, "GetError", 0, false, false, nullptr, nullptr, get_error, nullptr});
        out.push_back({name, "GetErrorEx", 0, false, false, nullptr, nullptr, get_errors, nullptr});
        out.push_back({name, "RequestStateChange", 0, false, false, nullptr, nullptr, stop, nullptr});
    }
}

} // namespace exhyperv::sim
