#include "hyperv/jobs.h"

#include "hyperv/provider_error.h"
#include "support/log.h"

#include <algorithm>
#include <chrono>

namespace exhyperv::hyperv {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kJobStarted = 4096;
constexpr std::uint64_t kCompleted = 7, kCompletedWithWarnings = 32768, kTerminated = 8, kKilled = 9;
constexpr std::uint16_t kRequestTerminate = 4;

Error job_failure(const cim::Instance& job, std::uint64_t state, std::string_view operation) {
    std::string text = job.text_or("ErrorDescription", "");
    if (text.empty()) text = job.text_or("ErrorSummaryDescription", "");
    if (text.empty()) text = job.text_or("JobStatus", "");
    const auto code = static_cast<std::uint32_t>(job.uint("ErrorCode").value_or(0));
    Error error = provider_refusal(NativeKind::job, code, operation, std::move(text));
    if ((state == kTerminated || state == kKilled) && code == 0) error.code = "job.terminated";
    error.detail = "JobState " + std::to_string(state);
    return error;
}

/// The wait is over, the job is not: ask the provider to end it, so that its effect does not come after we gave up.
Error give_up(host::CimSession& session, const cim::ObjectPath& path, const cim::Instance& job,
              std::string_view operation, const Error& reason) {
    if (job.boolean("Cancellable").value_or(true)) {
        const auto stopped =
            session.invoke(path, "RequestStateChange", {{"RequestedState", cim::Value::uint16(kRequestTerminate)}},
                           CallContext::within(5s));
        if (!stopped) log(LogLevel::warn, "could not end the job: " + describe(stopped.error()));
    }
    Error error{
        reason.code == "call.cancelled" ? "job.cancelled" : "job.timeout",
        {{"operation", std::string(operation)}, {"percent", std::to_string(job.uint("PercentComplete").value_or(0))}},
        {},
        job.text_or("JobStatus", ""),
        describe(reason)};
    return error;
}

} // namespace

Result<Completion> finish(host::CimSession& session, const host::MethodResult& answer, std::string_view operation,
                          const CallContext& context) {
    if (answer.return_value == 0) return Completion{};
    if (answer.return_value != kJobStarted)
        return fail(provider_refusal(NativeKind::cim_return, answer.return_value, operation,
                                     answer.out.text_or("ErrorText", "")));

    const auto text = answer.out.text("Job");
    if (!text) return fail("job.lost", {{"operation", std::string(operation)}}, "4096 without a Job reference");
    TRY_ASSIGN(const auto path, cim::ObjectPath::parse(*text));

    Completion completion{path, false};
    for (auto pause = 10ms;; pause = std::min<std::chrono::milliseconds>(pause * 3 / 2, 500ms)) {
        const auto job = session.get(path, context);
        if (!job) {
            if (job.error().code != "cim.not_found") return fail(job.error());
            completion.job_gone = true;
            return completion;
        }
        const auto state = job->uint("JobState").value_or(0);
        if (state == kCompleted || state == kCompletedWithWarnings) return completion;
        if (state > kCompleted && state <= 11) return fail(job_failure(*job, state, operation));
        if (const auto slept = context.sleep(pause, operation); !slept)
            return fail(give_up(session, path, *job, operation, slept.error()));
    }
}

Result<Completion> invoke_and_finish(host::CimSession& session, const cim::ObjectPath& object, std::string_view method,
                                     const std::vector<cim::Property>& parameters, const CallContext& context) {
    TRY_ASSIGN(const auto answer, session.invoke(object, method, parameters, context));
    return finish(session, answer, method, context);
}

Result<std::vector<cim::ObjectPath>> affected_elements(host::CimSession& session, const cim::ObjectPath& job,
                                                       const CallContext& context) {
    cim::wql::Related related;
    related.object = job;
    related.assoc_class = "Msvm_AffectedJobElement";
    TRY_ASSIGN(const auto rows, session.query(host::kVirtualization, related, context));
    std::vector<cim::ObjectPath> paths;
    for (const cim::Instance& row : rows)
        if (row.path()) paths.push_back(*row.path());
    return paths;
}

} // namespace exhyperv::hyperv
