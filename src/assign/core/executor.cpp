#include "assign/core/executor.h"

#include "assign/core/json_fields.h"
#include "assign/core/test_point.h"
#include "hyperv/power.h"
#include "support/log.h"

#include <chrono>

namespace exhyperv::assign {

namespace {

/// Undo has its own time: it must also work after the operation's deadline has passed or the user has cancelled it.
constexpr std::chrono::minutes kUndoTime{30};

Result<const StepHandler*> handler_for(const Step& step) {
    if (const StepHandler* handler = handler_of(step.kind)) return handler;
    return fail("operation.unknown_step", {{"kind", step.kind}});
}

} // namespace

Executor::Executor(const Environment& environment, Journal& journal, JournalContent& content, const EventSink& events,
                   const CallContext& context)
    : environment_(environment), journal_(journal), content_(content), events_(events), context_(context) {}

void Executor::tell(StepEvent::Kind kind, std::size_t index, const Error* error) const {
    if (events_) events_({kind, index, {}, error});
}

/// Time has passed since the plan was made: what every step of its sort relies on is looked at again.
Result<> Executor::ready(const Step& step) const {
    if (step.needs_elevation && !environment_.host.elevated()) return fail("operation.needs_elevation");
    const std::string vm = text_or(*step.parameters, "vm");
    if (!step.needs_vm_off || vm.empty()) return {};
    const auto id = Guid::parse(vm);
    if (!id) return corrupt("vm");
    TRY_ASSIGN(const auto state, hyperv::read_vm_state(environment_.host.cim(), *id, context_));
    if (state == model::VmState::off) return {};
    return fail("vm.not_off",
                {{"vm", text_or(*step.parameters, "vm_name", vm)}, {"state", std::string(vm_state_name(state))}});
}

Result<StepResult> Executor::run_step(std::size_t index) {
    const Step& step = content_.plan.steps[index];
    StepRecord& record = content_.steps[index];
    const std::string point = "step." + step.id;
    TRY(test_point(point + ".before"));
    TRY(context_.check(step.id));
    TRY_ASSIGN(const StepHandler* const handler, handler_for(step));
    TRY(ready(step));

    const StepContext context{environment_, *step.parameters, context_, [&](const Progress& progress) {
                                  if (events_) events_({StepEvent::Kind::progress, index, progress, nullptr});
                              }};
    const bool begun_before = record.intended; // by a process that died: its effect may be there and is ours to undo
    if (!begun_before) {
        TRY_ASSIGN(record.before, handler->prepare(context));
        TRY(journal_.intent(index, record.before));
        record.intended = true;
    }
    TRY(test_point(point + ".after-intent"));
    TRY_ASSIGN(auto run, handler->run(context, record.before));
    record.record = std::move(run.record);
    record.changed = run.changed || begun_before;
    TRY(test_point(point + ".after-run"));
    TRY(journal_.result(index, record.changed, record.record));
    record.finished = true;
    TRY(test_point(point + ".after-result"));
    return StepResult{step.id, run.changed, std::move(run.facts), std::move(run.warnings)};
}

Result<OperationResult> Executor::run() {
    for (std::size_t index = 0; index < content_.steps.size(); ++index) {
        if (content_.steps[index].finished) {
            outcome_.steps.push_back({content_.plan.steps[index].id, content_.steps[index].changed, {}, {}});
            tell(StepEvent::Kind::already_done, index);
            continue;
        }
        tell(StepEvent::Kind::started, index);
        auto result = run_step(index);
        if (!result) {
            outcome_.error = result.error();
            content_.error = result.error();
            tell(StepEvent::Kind::failed, index, &*outcome_.error);
            if (const auto written = journal_.failed(index, *outcome_.error); !written)
                log(LogLevel::error, "journal not written, undoing all the same: " + describe(written.error()));
            return roll_back();
        }
        tell(result->changed ? StepEvent::Kind::done : StepEvent::Kind::already_done, index);
        outcome_.steps.push_back(std::move(*result));
    }
    outcome_.outcome = Outcome::done;
    TRY(test_point("operation.before-end"));
    TRY(journal_.end(Outcome::done));
    TRY(test_point("operation.after-end"));
    return std::move(outcome_);
}

Result<> Executor::undo_step(std::size_t index) {
    const Step& step = content_.plan.steps[index];
    StepRecord& record = content_.steps[index];
    const std::string point = "undo." + step.id;
    TRY_ASSIGN(const StepHandler* const handler, handler_for(step));
    TRY(test_point(point + ".before"));
    if (const auto written = journal_.undo_intent(index); !written) // a full disk must not keep a device from its owner
        log(LogLevel::error, "journal not written: " + describe(written.error()));
    const CallContext call = CallContext::within(kUndoTime);
    const StepContext context{environment_, *step.parameters, call, {}};
    TRY_ASSIGN(auto warnings, handler->undo(context, record.before, record.record));
    TRY(test_point(point + ".after-run"));
    if (!warnings.empty()) outcome_.steps.push_back({step.id, true, {}, std::move(warnings)});
    TRY(journal_.undone(index));
    record.undone = true;
    record.undo_error.reset();
    return test_point(point + ".after-result");
}

Result<OperationResult> Executor::roll_back() {
    if (!outcome_.error) outcome_.error = content_.error;
    for (std::size_t index = content_.steps.size(); index-- > 0;) {
        StepRecord& record = content_.steps[index];
        if (!record.intended || record.undone || (record.finished && !record.changed)) continue;
        tell(StepEvent::Kind::undo_started, index);
        const auto undone = undo_step(index);
        if (undone) {
            tell(StepEvent::Kind::undone, index);
            continue;
        }
        outcome_.undo_errors.push_back(undone.error());
        tell(StepEvent::Kind::undo_failed, index, &undone.error());
        if (const auto written = journal_.undo_failed(index, undone.error()); !written)
            log(LogLevel::error, "journal not written: " + describe(written.error()));
    }
    outcome_.outcome = outcome_.undo_errors.empty() ? Outcome::undone : Outcome::partly_undone;
    if (const auto ended = journal_.end(outcome_.outcome); !ended) {
        // What was undone is undone; only the record is not closed, and the next start will say so.
        log(LogLevel::error, "journal not closed: " + describe(ended.error()));
        outcome_.undo_errors.push_back(ended.error());
        outcome_.outcome = Outcome::partly_undone;
    }
    return std::move(outcome_);
}

} // namespace exhyperv::assign
