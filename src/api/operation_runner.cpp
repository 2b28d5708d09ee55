#include "api/operation_runner.h"

#include "assign/core/utc_time.h"
#include "support/strings.h"

#include <exception>
#include <vector>

namespace exhyperv::api {
namespace {

constexpr auto kLongest = std::chrono::hours(6);
constexpr std::size_t kRemembered = 64;

std::string change_text(const assign::Plan& plan) {
    std::string out = plan.operation;
    for (const auto& [name, value] : plan.title.args)
        out += ' ' + name + '=' + value;
    return out;
}

std::string result_text(const Result<assign::OperationResult>& result) {
    if (!result) return result.error().code;
    std::string text = outcome_name(result->outcome);
    if (result->error) text += " (" + result->error->code + ")";
    return text;
}

} // namespace

nlohmann::json OperationRunner::execute(HostSlot& host, assign::Plan plan, const Principal& who) {
    auto operation = std::make_shared<RunningOperation>(plan, who.user, assign::utc_now());
    std::string what = change_text(plan);
    return start(
        host, std::move(operation), std::move(what), who,
        [plan = std::move(plan)](app::Session& session, const assign::EventSink& events, const CallContext& context) {
            return session.execute(plan, events, context);
        });
}

nlohmann::json OperationRunner::recover(HostSlot& host, assign::HistoryEntry entry, assign::RecoveryMode mode,
                                        const Principal& who) {
    auto operation = std::make_shared<RunningOperation>(entry.plan, entry.who, entry.started);
    std::string what =
        (mode == assign::RecoveryMode::resume ? "recover.resume " : "recover.roll_back ") + change_text(entry.plan);
    return start(
        host, std::move(operation), std::move(what), who,
        [id = entry.plan.id, mode](app::Session& session, const assign::EventSink& events, const CallContext& context) {
            return session.recover(id, mode, events, context);
        });
}

nlohmann::json OperationRunner::start(HostSlot& host, std::shared_ptr<RunningOperation> operation, std::string what,
                                      const Principal& who, Work work) {
    const std::lock_guard lock(mutex_);
    forget_old();
    if (stopped_) operation->cancel.cancel();
    auto document = operation->document();
    events_.publish("operation", document.dump());
    note_(who, what, "started");
    Job& job = jobs_.emplace_back(Job{&host, std::move(operation), std::move(what), who, std::move(work), {}});
    host.operation_decided();
    job.thread = std::thread([this, &host, &job] { run(host, job); });
    return document;
}

void OperationRunner::run(HostSlot& host, Job& job) {
    RunningOperation& operation = *job.operation;
    const assign::EventSink sink = [&](const assign::StepEvent& event) {
        if (auto step = operation.apply(event))
            events_.publish("step", nlohmann::json{{"operation", operation.id()}, {"step", std::move(*step)}}.dump(
                                        -1, ' ', false, nlohmann::json::error_handler_t::replace));
    };
    const auto result = [&]() -> Result<assign::OperationResult> {
        try {
            TRY_ASSIGN(const auto session, host.open_session());
            return job.work(*session, sink, {Deadline::after(kLongest), operation.cancel});
        } catch (const std::exception& problem) { // no layer throws: a defect, which must not take the server down
            return fail("api.internal", {}, problem.what());
        }
    }();
    host.end_operation();
    operation.finish(result, assign::utc_now());
    note_(job.who, job.what, result_text(result));
    events_.publish("operation", operation.document().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    (void)host.refresh(); // an unreadable host is told to whoever asks for it next
}

void OperationRunner::forget_old() {
    for (auto job = jobs_.begin(); jobs_.size() >= kRemembered && job != jobs_.end();) {
        if (job->operation->at_work()) {
            ++job;
            continue;
        }
        if (job->thread.joinable()) job->thread.join();
        job = jobs_.erase(job);
    }
}

std::shared_ptr<RunningOperation> OperationRunner::find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    for (auto job = jobs_.rbegin(); job != jobs_.rend();
         ++job) // a recovery has its operation's id: the later one counts
        if (iequals(job->operation->id(), id)) return job->operation;
    return nullptr;
}

std::shared_ptr<RunningOperation> OperationRunner::at_work_on(const HostSlot& host) {
    const std::lock_guard lock(mutex_);
    for (const Job& job : jobs_)
        if (job.host == &host && job.operation->at_work()) return job.operation;
    return nullptr;
}

bool OperationRunner::idle() {
    const std::lock_guard lock(mutex_);
    for (const Job& job : jobs_)
        if (job.operation->at_work()) return false;
    return true;
}

void OperationRunner::stop() {
    std::vector<std::thread> ending;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (Job& job : jobs_) {
            job.operation->cancel.cancel();
            if (job.thread.joinable()) ending.push_back(std::move(job.thread));
        }
    }
    for (std::thread& thread : ending) // without the lock: pages may watch the undo meanwhile
        thread.join();
}

} // namespace exhyperv::api
