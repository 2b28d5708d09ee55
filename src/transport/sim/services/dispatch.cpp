#include "transport/sim/services/dispatch.h"

#include "host/wbem_error.h"
#include "support/strings.h"
#include "transport/sim/cim/configs.h"
#include "transport/sim/cim/query.h"
#include "transport/sim/sim_host.h"
#include "transport/sim/world/jobs.h"
#include "transport/sim/world/texts.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

using host::wbem_error;

Result<> check_parameters(const cim::MethodInfo& method, const std::vector<cim::Property>& parameters,
                          std::uint32_t build) {
    for (const auto& given : parameters) {
        const cim::ParameterInfo* info = nullptr;
        for (const auto& candidate : method.parameters)
            if (iequals(candidate.name, given.name) && candidate.builds.contains(build)) info = &candidate;
        const auto what = std::string(method.name) + "." + given.name;
        if (!info || info->direction == cim::Direction::out) return fail(wbem_error("cim.invalid_parameter", what));
        if (given.value.is_null()) continue;
        const auto same_kind = given.value.type() == info->type ||
                               (cim::is_text(given.value.type()) && cim::is_text(info->type)) ||
                               (cim::is_integer(given.value.type()) && cim::is_integer(info->type));
        if (!same_kind || given.value.is_array() != info->array) return fail(wbem_error("cim.type_mismatch", what));
    }
    return {};
}

Job new_job(const World& world, std::int64_t now_ms, const Method& method, const Call& call) {
    Job job;
    job.id = Guid::random();
    job.type = method.type_of ? method.type_of(call) : method.job_type;
    job.storage = iequals(method.class_name, "Msvm_ImageManagementService");
    if (method.vm) job.vm = method.vm(call);
    job.submitted_ms = now_ms;
    job.due_ms = now_ms + world.tuning.job_ms;
    return job;
}

void fail_job(Job& job, std::uint32_t error, std::string description, std::string summary) {
    job.state = job_state::exception;
    job.error_code = static_cast<std::uint16_t>(error);
    job.error_description = std::move(description);
    job.error_summary =
        summary.empty() ? job.error_description.substr(0, job.error_description.find('\n')) : std::move(summary);
}

void finish(Job& job, Outcome outcome) {
    job.request.reset();
    job.finished_ms = job.due_ms;
    job.affected = std::move(outcome.affected);
    if (outcome.code == code::done)
        job.state = job_state::completed;
    else
        fail_job(job, outcome.code, std::move(outcome.description), std::move(outcome.summary));
}

host::MethodResult job_answer(World& world, Job job) {
    cim::ObjectPath path;
    path.host = world.host.name;
    path.name_space = kV2;
    path.class_name = job.storage ? "Msvm_StorageJob" : "Msvm_ConcreteJob";
    path.keys.emplace_back("InstanceID", job.id.str());
    host::MethodResult result;
    result.return_value = code::job_started;
    result.out.set("Job", cim::Value::reference(path.full()));
    world.jobs.push_back(std::move(job));
    return result;
}

host::MethodResult direct_answer(Outcome outcome) {
    host::MethodResult result;
    result.return_value = outcome.code;
    if (outcome.code != code::done) return result;
    for (auto& property : outcome.out)
        result.out.set(property.name, std::move(property.value));
    if (!outcome.results_name.empty() && outcome.results_array)
        result.out.set(outcome.results_name, cim::Value::references(std::move(outcome.affected)));
    else if (!outcome.results_name.empty() && !outcome.affected.empty())
        result.out.set(outcome.results_name, cim::Value::reference(outcome.affected.front()));
    return result;
}

Outcome run_request(World& world, std::int64_t now_ms, const DiskProbe& disks, const Request& request) {
    auto object = cim::ObjectPath::parse(request.object);
    const auto* info =
        object ? cim::class_table::find(object->name_space, object->class_name, world.host.build) : nullptr;
    const auto* method = info ? find_method(*info, request.method) : nullptr;
    if (!method) return Outcome::failure(code::failed, {});
    Call call{world, now_ms, disks, *object, request};
    return method->run(call);
}

/// A job that a fault script ends: its effect never happens.
void script_job(Job& job, const host::JobFault& fault, const World& world) {
    job.state = fault.state;
    job.error_code = static_cast<std::uint16_t>(fault.error_code);
    job.stops_at_percent = std::min<std::uint16_t>(fault.percent, 100);
    job.error_description = fault.text.empty() ? say(world.host.chinese(), failures::invalid_state) : fault.text;
    job.error_summary = job.error_description.substr(0, job.error_description.find('\n'));
    job.finished_ms = 0;
}

} // namespace

cim::Value Call::parameter(std::string_view name) const {
    for (const auto& [given, value] : request.parameters)
        if (iequals(given, name)) return to_value(value);
    return cim::Value::null(cim::CimType::string);
}

Outcome Outcome::failure(std::uint32_t code, std::vector<std::string> layers) {
    Outcome outcome;
    outcome.code = code;
    std::erase_if(layers, [](const std::string& layer) { return layer.empty(); });
    if (!layers.empty()) outcome.summary = layers.front();
    outcome.description = join(layers, "\n\n");
    return outcome;
}

const Method* find_method(const cim::ClassInfo& info, std::string_view name) {
    static const Methods all = [] {
        Methods out;
        add_system_management(out);
        add_state_changes(out);
        add_assignable_devices(out);
        add_image_management(out);
        add_snapshots(out);
        add_job_control(out);
        add_plug_and_play_methods(out);
        return out;
    }();
    for (const auto& method : all)
        if (iequals(method.name, name) && cim::class_table::derives_from(info, method.class_name)) return &method;
    return nullptr;
}

Result<host::MethodResult> invoke_method(World& world, std::int64_t now_ms, const DiskProbe& disks,
                                         const cim::ObjectPath& object, std::string_view method_name,
                                         const std::vector<cim::Property>& parameters,
                                         const std::optional<host::JobFault>& fault) {
    auto path = object;
    if (path.name_space.empty()) path.name_space = kV2;
    View view{world, now_ms};
    TRY(check_namespace(view, path.name_space));
    const auto* info = cim::class_table::find(path.name_space, path.class_name, world.host.build);
    if (!info) return fail(wbem_error("cim.invalid_class", path.class_name));
    const auto* declared = cim::class_table::method(*info, method_name, world.host.build);
    if (!declared) return fail(wbem_error("cim.invalid_method", path.class_name + "." + std::string(method_name)));
    TRY(check_parameters(*declared, parameters, world.host.build));
    if (!world.host.elevated) return fail(wbem_error("cim.access_denied", std::string(method_name)));
    auto end = resolve(view, path);
    if (!end) return fail(wbem_error("cim.not_found", path.relative()));
    if (iequals(path.class_name, "Msvm_VirtualSystemMigrationService")) {
        auto error = wbem_error("cim.invalid_method", path.class_name + "." + std::string(method_name));
        error.provider_text = say(world.host.chinese(), failures::no_migration);
        return fail(std::move(error));
    }
    const auto* method = find_method(*info, method_name);
    if (!method) return host::MethodResult{.return_value = code::not_supported};

    Request request{end->family->path_of(view, end->object).full(), std::string(method_name), {}};
    for (const auto& parameter : parameters)
        request.parameters.emplace_back(parameter.name, to_stored(parameter.value));
    path = *cim::ObjectPath::parse(request.object);
    Call call{world, now_ms, disks, path, request};
    if (method->refuse)
        if (auto refused = method->refuse(call); refused != code::done)
            return host::MethodResult{.return_value = refused};

    if (fault && method->can_job) {
        auto job = new_job(world, now_ms, *method, call);
        script_job(job, *fault, world);
        return job_answer(world, std::move(job));
    }
    const auto answers = static_cast<Answers>(world.tuning.answers);
    if (method->can_job && (answers == Answers::job || (answers == Answers::natural && method->usually_job))) {
        auto job = new_job(world, now_ms, *method, call);
        if (method->begin) method->begin(call);
        job.request = request;
        return job_answer(world, std::move(job));
    }
    if (method->begin) method->begin(call);
    auto outcome = method->run(call);
    if (outcome.code != code::done && method->can_job && answers == Answers::natural) {
        auto job = new_job(world, now_ms, *method, call);
        finish(job, std::move(outcome));
        return job_answer(world, std::move(job));
    }
    return direct_answer(std::move(outcome));
}

bool has_due(const World& world, std::int64_t now_ms) {
    for (const auto& job : world.jobs) {
        if (job.finished_ms == 0 && job.due_ms <= now_ms) return true;
        if (job.finished_ms != 0 && job.finished_ms + world.tuning.job_keep_ms <= now_ms) return true;
    }
    return std::any_of(world.vms.begin(), world.vms.end(),
                       [&](const Vm& vm) { return vm.goes_off_ms != 0 && vm.goes_off_ms <= now_ms; });
}

void advance(World& world, std::int64_t now_ms, const DiskProbe& disks) {
    // By index: running a job may add to the list.
    for (std::size_t i = 0; i < world.jobs.size(); ++i) {
        auto& job = world.jobs[i];
        if (job.finished_ms != 0 || job.due_ms > now_ms) continue;
        if (!job.request) {
            job.finished_ms = job.due_ms;
            continue;
        }
        auto request = *job.request;
        auto outcome = run_request(world, now_ms, disks, request);
        finish(world.jobs[i], std::move(outcome));
    }
    std::erase_if(world.jobs, [&](const Job& job) {
        return job.finished_ms != 0 && job.finished_ms + world.tuning.job_keep_ms <= now_ms;
    });
    for (auto& vm : world.vms)
        if (vm.goes_off_ms != 0 && vm.goes_off_ms <= now_ms) {
            vm.goes_off_ms = 0;
            if (vm.running() || vm.state == vm_state::shutting_down) {
                vm.state = vm_state::off;
                vm.process_id = 0;
            }
            vm.state_since_ms = now_ms;
        }
}

} // namespace exhyperv::sim
