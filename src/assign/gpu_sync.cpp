#include "assign/gpu_sync.h"

#include "assign/gpu_drift.h"
#include "assign/gpu_steps.h"
#include "assign/preflight/groups.h"
#include "assign/state/waiting_guest.h"
#include "hyperv/lookup.h"
#include "support/strings.h"

#include <algorithm>
#include <set>

namespace exhyperv::assign {

namespace {

class SyncPlanner {
  public:
    SyncPlanner(const Environment& environment, const GpuSyncRequest& request, const Survey& survey,
                const CallContext& context)
        : environment_(environment), request_(request), survey_(survey), context_(context) {}

    Result<> add(const model::Vm& vm, const DriftRow& row) {
        const bool purge = is_orphan(row);
        const bool given = row.on_host && row.drift.state != drivers::DriftState::missing;
        const bool wished = given && !request_.scope.none(); // what the guest has is not all it is to have, maybe
        const bool seen = row.source != DriftRow::Source::nothing && !row.problem;
        if (row.on_host && row.has_partition && !given && seen) missing_.insert(vm.name + " (" + row.card_name + ")");
        if (!purge && !lags(row) && !wished) {
            in_step_ += row.on_host && row.drift.state == drivers::DriftState::same ? 1 : 0;
            return {};
        }
        if (vm.state != model::VmState::off) {
            if (request_.when_off) return wait(vm);
            waiting_.insert(vm.name);
            if (!request_.vm || request_.power == PowerPolicy::refuse) return {};
        }
        if (purge) {
            const auto engine = choose_engine(environment_.host.uri(), request_.engine, {row.disk});
            add_engine_check(checks, engine);
            purges.push_back(
                purge_step(vm, row.disk, row.partition, row.card, row.card_name, engine.engine, ++purges_));
            return {};
        }
        const auto gpu =
            std::ranges::find_if(survey_.gpus, [&](const auto& one) { return iequals(one.instance_path, row.card); });
        if (gpu == survey_.gpus.end()) return {};
        const auto disk = row.disk.empty() ? std::nullopt : std::optional(row.disk);
        const auto guest = survey_guest(environment_, vm, *gpu,
                                        {disk, row.partition, false, request_.scope, request_.engine}, context_);
        if (guest.in_step) {
            ++in_step_;
            return {};
        }
        const auto against =
            std::ranges::find_if(guest.checks, [](const Check& check) { return check.verdict == Verdict::fail; });
        if (against != guest.checks.end() && !request_.vm) {
            checks.push_back(make_check("sync.left_out", Verdict::warn, "check",
                                        {{"vm", vm.name}, {"gpu", row.card_name}, {"check", against->id}}));
            checks.push_back(*against);
            checks.back().verdict = Verdict::warn; // it keeps this VM out, not the others
            return {};
        }
        for (const Check& check : guest.checks)
            if (request_.vm || check.verdict != Verdict::pass || check.id == "guest.driver") checks.push_back(check);
        add_engine_check(checks, guest.engine);
        steps.push_back(import_of(vm, row, guest));
        return {};
    }

    /// VMs that wait leave the list, whatever their drivers are like.
    Result<> forget(const std::vector<model::Vm>& vms, const model::Vm* one) {
        TRY_ASSIGN(const auto guests, waiting_guests(environment_.state_directory));
        for (const auto& guest : guests) {
            if (one != nullptr && guest.vm != one->id) continue;
            const auto known = std::ranges::find_if(vms, [&](const auto& vm) { return vm.id == guest.vm; });
            model::Vm gone;
            gone.id = guest.vm;
            gone.name = guest.vm_name;
            steps.push_back(forget_wait_step(known == vms.end() ? gone : *known, steps.size() + 1));
        }
        return {};
    }

    void finish(const model::Vm* one) {
        // Last: a driver that is gone from the host could not be brought back when a later step failed.
        std::ranges::move(purges, std::back_inserter(steps));
        if (!remembered_.empty())
            checks.push_back(make_check("sync.when_off", Verdict::pass, "remembered",
                                        {{"vms", join({remembered_.begin(), remembered_.end()}, ", ")}}));
        if (one != nullptr && !request_.when_off) {
            const bool anything = !steps.empty() || !waiting_.empty();
            checks.push_back(check_power(*one, anything, anything, request_.power));
            if (!steps.empty() && one->state != model::VmState::off && request_.power != PowerPolicy::refuse)
                steps.insert(steps.begin(), power_step(*one, request_.power == PowerPolicy::turn_off));
        } else if (!waiting_.empty()) {
            checks.push_back(make_check("sync.running", Verdict::warn, "wait",
                                        {{"vms", join({waiting_.begin(), waiting_.end()}, ", ")}}));
        }
        if (!missing_.empty())
            checks.push_back(make_check("sync.missing", Verdict::warn, "none",
                                        {{"vms", join({missing_.begin(), missing_.end()}, ", ")}}));
        checks.push_back(make_check("sync.in_step", Verdict::pass, "count", {{"count", std::to_string(in_step_)}}));
    }

    Checks checks;
    std::vector<Step> steps, purges;

  private:
    Result<> wait(const model::Vm& vm) {
        if (!remembered_.insert(vm.name).second) return {}; // another card of the VM has asked
        TRY_ASSIGN(const auto known, waiting_guest(environment_.state_directory, vm.id));
        if (!known || known->given_up || !known->problem.empty() || known->scope != request_.scope)
            steps.push_back(wait_step(vm, request_.scope, ++waits_));
        return {};
    }

    Step import_of(const model::Vm& vm, const DriftRow& row, const GuestSurvey& guest) {
        DriverStepText text{row.card, row.card_name, row.drift.host_version, "?",
                            "?",      false,         request_.scope,         guest.engine.engine};
        text.linux_guest = guest.choice && guest.choice->linux_system;
        if (guest.import) {
            text.size = size_text(guest.import->bytes_to_write);
            text.files = std::to_string(guest.import->count(drivers::FileAction::add) +
                                        guest.import->count(drivers::FileAction::replace));
        } else if (guest.drivers) {
            text.size = size_text(guest.drivers->total_bytes());
            text.files = std::to_string(guest.drivers->total_files());
        }
        auto step = guest.choice ? import_step(vm, guest.choice->disk, guest.choice->windows.partition, text)
                                 : import_step(vm, row.disk, row.partition, text);
        step.undo = {"step.import_sync.undo", {{"vm", vm.name}}};
        if (++imports_ > 1) step.id += "." + std::to_string(imports_);
        return step;
    }

    const Environment& environment_;
    const GpuSyncRequest& request_;
    const Survey& survey_;
    const CallContext& context_;
    std::set<std::string, ILess> waiting_;    ///< VMs that are not off
    std::set<std::string, ILess> missing_;    ///< partitions whose guest has no driver of the card
    std::set<std::string, ILess> remembered_; ///< those of them that are done when they are
    std::size_t in_step_ = 0, imports_ = 0, purges_ = 0, waits_ = 0;
};

} // namespace

Result<Plan> plan_gpu_sync(const Environment& environment, const GpuSyncRequest& request, const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_survey(environment, context));
    std::optional<model::Vm> one;
    if (request.vm) {
        TRY_ASSIGN(one, hyperv::find_vm(survey.vms, *request.vm));
    }

    Plan plan;
    plan.id = Guid::random().str();
    plan.operation = "gpu.sync";
    plan.title = one ? Message{"plan.gpu_sync.title_one", {{"vm", one->name}}} : Message{"plan.gpu_sync.title", {}};
    plan.host_uri = environment.host.uri();
    append(plan.checks, check_host_without_partitions(survey));

    SyncPlanner planner(environment, request, survey, context);
    if (request.forget_waiting) {
        plan.title = {"plan.gpu_sync.title_forget", {}};
        TRY(planner.forget(survey.vms, one ? &*one : nullptr));
        plan.steps = std::move(planner.steps);
        return plan;
    }
    TRY_ASSIGN(const auto rows, gpu_drift(environment, request.vm, context));
    for (const auto& row : rows) {
        const auto vm = std::ranges::find_if(survey.vms, [&](const auto& v) { return v.id == row.vm; });
        if (vm != survey.vms.end()) TRY(planner.add(*vm, row));
    }
    planner.finish(one ? &*one : nullptr);
    append(plan.checks, std::move(planner.checks));
    plan.steps = std::move(planner.steps);
    return plan;
}

} // namespace exhyperv::assign
