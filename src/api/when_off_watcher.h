#pragma once

#include "api/host_slot.h"
#include "api/operation_runner.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace exhyperv::api {

/// Carries out `gpu sync --when-off`: looks every `poll` whether a VM that waits is off, and runs its plan as any other
/// operation, one a host. A host where nothing waits costs a look into a directory. Nothing is kept here: another
/// program of the same host, or the next start, goes on from the files.
class WhenOffWatcher {
  public:
    /// The hosts and the runner outlive the watcher.
    WhenOffWatcher(const std::vector<std::unique_ptr<HostSlot>>& hosts, OperationRunner& runner,
                   std::chrono::milliseconds poll);
    ~WhenOffWatcher() { stop(); }
    WhenOffWatcher(const WhenOffWatcher&) = delete;
    WhenOffWatcher& operator=(const WhenOffWatcher&) = delete;

    /// No operation is begun afterwards. Those at work are the runner's.
    void stop();

  private:
    struct Running {
        std::string operation;
        Guid vm;
    };
    void run();
    void look(HostSlot& host);
    [[nodiscard]] Result<> settle(HostSlot& host);
    [[nodiscard]] Result<> begin_next(HostSlot& host);

    const std::vector<std::unique_ptr<HostSlot>>& hosts_;
    OperationRunner& runner_;
    const std::chrono::milliseconds poll_;
    std::map<const HostSlot*, Running> running_;
    std::map<const HostSlot*, std::chrono::steady_clock::time_point> not_before_; ///< hosts that could not be read

    std::mutex mutex_;
    std::condition_variable ends_;
    bool ending_ = false;
    std::thread thread_;
};

} // namespace exhyperv::api
