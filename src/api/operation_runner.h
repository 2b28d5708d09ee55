#pragma once

#include "api/event_hub.h"
#include "api/host_slot.h"
#include "api/request.h"
#include "api/running_operation.h"

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace exhyperv::api {

/// Tells of every change: who, what ("gpu.add gpu=… vm=…"), and how it stands ("started", "done", an error code).
using ChangeNote = std::function<void(const Principal&, const std::string& what, const std::string& result)>;

/// Operations at work, each on a thread of its own with a session of its own. Progress goes to the event hub as `step`,
/// beginning and end as `operation`. Thread-safe.
class OperationRunner {
  public:
    OperationRunner(EventHub& events, ChangeNote note) : events_(events), note_(std::move(note)) {}
    ~OperationRunner() { stop(); }

    /// Return when it has begun: its document. The caller has called host.begin_operation(); the runner ends it.
    [[nodiscard]] nlohmann::json execute(HostSlot& host, assign::Plan plan, const Principal& who);
    [[nodiscard]] nlohmann::json recover(HostSlot& host, assign::HistoryEntry entry, assign::RecoveryMode mode,
                                         const Principal& who);

    /// At work, or ended not long ago: these know more than the journal tells. Null when unknown.
    [[nodiscard]] std::shared_ptr<RunningOperation> find(const std::string& id);
    [[nodiscard]] std::shared_ptr<RunningOperation> at_work_on(const HostSlot& host);
    [[nodiscard]] bool idle();

    /// Cancels what is at work (it undoes itself) and waits for it. What begins afterwards is cancelled at once.
    void stop();

  private:
    using Work =
        std::function<Result<assign::OperationResult>(app::Session&, const assign::EventSink&, const CallContext&)>;
    struct Job {
        const HostSlot* host;
        std::shared_ptr<RunningOperation> operation;
        std::string what;
        Principal who;
        Work work;
        std::thread thread;
    };
    nlohmann::json start(HostSlot& host, std::shared_ptr<RunningOperation> operation, std::string what,
                         const Principal& who, Work work);
    void run(HostSlot& host, Job& job);
    void forget_old();

    EventHub& events_;
    const ChangeNote note_;
    std::mutex mutex_;
    std::list<Job> jobs_; ///< a list: threads hold references into it
    bool stopped_ = false;
};

} // namespace exhyperv::api
