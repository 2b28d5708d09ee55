#include "transport/sim/world/jobs.h"
#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <algorithm>

namespace exhyperv::sim {

namespace {

class Jobs final : public Family {
  public:
    explicit Jobs(bool storage) : Family(kV2, storage ? "Msvm_StorageJob" : "Msvm_ConcreteJob"), storage_(storage) {}

    void each(const View& view, const Visit& visit) const override {
        for (const auto& job : view.world.jobs)
            if (job.storage == storage_ && !visit(Object{.item = &job})) return;
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& job = *static_cast<const Job*>(object.item);
        const auto progress = progress_of(job, view.now_ms);
        const auto caption = job_caption(job.type).in(view.chinese());
        row.text("InstanceID", job.id.str())
            .text("Name", caption)
            .text("Caption", caption)
            .text("ElementName", caption);
        row.text("Description", caption).number("JobType", job.type).number("JobState", progress.state);
        row.number("PercentComplete", progress.percent).number("ErrorCode", progress.finished() ? job.error_code : 0);
        if (progress.finished()) {
            row.text_or_null("ErrorDescription", job.error_description)
                .text_or_null("ErrorSummaryDescription", job.error_summary);
            row.when("TimeOfLastStateChange", job.finished_ms);
        }
        row.flag("Cancellable", false)
            .flag("DeleteOnCompletion", true)
            .number("Priority", 0)
            .number("LocalOrUtcTime", 2);
        row.text("JobStatus", progress.state == job_state::running ? "Job is running" : progress.ok() ? "OK" : "Error");
        row.when("TimeSubmitted", job.submitted_ms).when("StartTime", job.submitted_ms).number("JobRunTimes", 1);
        if (row.wants("ElapsedTime"))
            row.text("ElapsedTime", ids::interval(std::max<std::int64_t>(
                                        0, (job.finished_ms ? job.finished_ms : view.now_ms) - job.submitted_ms)));
        if (row.wants("TimeBeforeRemoval")) row.text("TimeBeforeRemoval", ids::interval(view.world.tuning.job_keep_ms));
        row.number("HealthState", 5).numbers("OperationalStatus", {2});
        if (storage_) row.number("JobCompletionStatusCode", progress.finished() ? job.error_code : 0);
    }

  private:
    bool storage_;
};

} // namespace

void add_jobs(Families& out) {
    out.push_back(std::make_unique<Jobs>(false));
    out.push_back(std::make_unique<Jobs>(true));
}

} // namespace exhyperv::sim
