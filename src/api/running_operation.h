#pragma once

#include "assign/operations.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::api {

/// An operation as pages see it while it runs: its plan and the state of each step. Fed by the executor's events from
/// the working thread, read by others.
class RunningOperation {
  public:
    using Clock = std::chrono::steady_clock;
    RunningOperation(assign::Plan plan, std::string who, std::string started);

    /// The step's new StepState document when pages should hear of it; nullopt for progress that came too soon after
    /// the last.
    [[nodiscard]] std::optional<nlohmann::json> apply(const assign::StepEvent& event,
                                                      Clock::time_point now = Clock::now());
    void finish(const Result<assign::OperationResult>& result, std::string finished);

    [[nodiscard]] nlohmann::json document() const; ///< an Operation of schema/openapi.yaml
    [[nodiscard]] const std::string& id() const { return plan_.id; }
    [[nodiscard]] bool at_work() const;
    CancelToken cancel;

  private:
    nlohmann::json progress_of(const Progress& progress, Clock::time_point now);

    const assign::Plan plan_;
    const std::string who_, started_;
    mutable std::mutex mutex_;
    std::string state_ = "running", finished_;
    std::vector<nlohmann::json> steps_;
    std::optional<nlohmann::json> error_;
    nlohmann::json undo_errors_ = nlohmann::json::array();
    Clock::time_point last_told_{};
    struct Sample {
        Clock::time_point when;
        std::uint64_t done;
    };
    std::vector<Sample> samples_; ///< of the step at work, for its rate
};

/// How an operation of the journal is told, running ones aside.
[[nodiscard]] nlohmann::json dto(const assign::HistoryEntry& entry);
[[nodiscard]] const char* outcome_name(assign::Outcome outcome);

} // namespace exhyperv::api
