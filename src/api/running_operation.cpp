#include "api/running_operation.h"

#include "api/dto.h"
#include "api/plan_request.h"
#include "assign/core/utc_time.h"

#include <algorithm>

namespace exhyperv::api {
namespace {

constexpr auto kBetweenProgress = std::chrono::milliseconds(150);
constexpr auto kRateWindow = std::chrono::seconds(5);

const char* step_state(assign::StepEvent::Kind kind) {
    using Kind = assign::StepEvent::Kind;
    switch (kind) {
    case Kind::started:
    case Kind::progress:
        return "running";
    case Kind::done:
        return "done";
    case Kind::already_done:
        return "already_done";
    case Kind::failed:
        return "failed";
    case Kind::undo_started:
        return "undoing";
    case Kind::undone:
        return "undone";
    case Kind::undo_failed:
        return "undo_failed";
    }
    return "running";
}

template <class List>
nlohmann::json list_of(const List& items) {
    nlohmann::json array = nlohmann::json::array();
    for (const auto& item : items)
        array.push_back(dto(item));
    return array;
}

void put_undo(nlohmann::json& document, const assign::Plan& plan) {
    if (auto request = undo_request(plan); !request.is_null()) document["undo"] = std::move(request);
}

} // namespace

const char* outcome_name(assign::Outcome outcome) {
    switch (outcome) {
    case assign::Outcome::done:
    case assign::Outcome::nothing_to_do:
        return "done";
    case assign::Outcome::undone:
        return "undone";
    case assign::Outcome::partly_undone:
        return "partly_undone";
    }
    return "done";
}

RunningOperation::RunningOperation(assign::Plan plan, std::string who, std::string started)
    : plan_(std::move(plan)), who_(std::move(who)), started_(std::move(started)) {
    for (const auto& step : plan_.steps)
        steps_.push_back({{"id", step.id}, {"state", "waiting"}});
}

std::optional<nlohmann::json> RunningOperation::apply(const assign::StepEvent& event, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (event.step >= steps_.size()) return std::nullopt;
    nlohmann::json& step = steps_[event.step];
    step["state"] = step_state(event.kind);
    if (event.error) step["error"] = dto(*event.error);
    using Kind = assign::StepEvent::Kind;
    if (event.kind == Kind::started)
        step["started"] = assign::utc_now();
    else if (event.kind != Kind::progress && event.kind != Kind::undo_started)
        step["finished"] = assign::utc_now();
    if (event.kind == assign::StepEvent::Kind::progress) {
        step["progress"] = progress_of(event.progress, now);
        if (now - last_told_ < kBetweenProgress) return std::nullopt;
    } else {
        step.erase("progress");
        samples_.clear();
    }
    last_told_ = now;
    return step;
}

nlohmann::json RunningOperation::progress_of(const Progress& progress, Clock::time_point now) {
    nlohmann::json document{{"done", progress.done}, {"total", progress.total}};
    if (!progress.item.empty()) document["item"] = std::string(progress.item);
    std::erase_if(samples_,
                  [&](const Sample& sample) { return now - sample.when > kRateWindow || sample.done > progress.done; });
    if (!samples_.empty()) {
        const double seconds = std::chrono::duration<double>(now - samples_.front().when).count();
        const double rate = seconds > 0.2 ? static_cast<double>(progress.done - samples_.front().done) / seconds : 0;
        if (rate > 0 && progress.total > progress.done) {
            document["bytes_per_second"] = static_cast<std::uint64_t>(rate);
            document["seconds_left"] =
                static_cast<std::uint64_t>(static_cast<double>(progress.total - progress.done) / rate) + 1;
        }
    }
    // One sample a tenth of a second is enough for a rate, however often the importer reports.
    if (samples_.empty() || now - samples_.back().when > std::chrono::milliseconds(100))
        samples_.push_back({now, progress.done});
    return document;
}

void RunningOperation::finish(const Result<assign::OperationResult>& result, std::string finished) {
    const std::lock_guard lock(mutex_);
    finished_ = std::move(finished);
    if (!result) {
        // The executor itself could not go on: what it had done stands in the journal and waits to be recovered.
        const bool begun =
            std::any_of(steps_.begin(), steps_.end(), [](const auto& step) { return step["state"] != "waiting"; });
        state_ = begun ? "open" : "undone";
        error_ = dto(result.error());
        return;
    }
    state_ = outcome_name(result->outcome);
    if (result->error) error_ = dto(*result->error);
    undo_errors_ = list_of(result->undo_errors);
    for (const auto& outcome : result->steps)
        for (auto& step : steps_)
            if (step["id"] == outcome.id) {
                step["facts"] = list_of(outcome.facts);
                step["warnings"] = list_of(outcome.warnings);
            }
}

bool RunningOperation::at_work() const {
    const std::lock_guard lock(mutex_);
    return state_ == "running";
}

nlohmann::json RunningOperation::document() const {
    const std::lock_guard lock(mutex_);
    nlohmann::json document{{"id", plan_.id},      {"plan", dto(plan_)}, {"state", state_},
                            {"started", started_}, {"who", who_},        {"steps", steps_}};
    if (!finished_.empty()) document["finished"] = finished_;
    if (error_) document["error"] = *error_;
    if (!undo_errors_.empty()) document["undo_errors"] = undo_errors_;
    if (state_ == "done") put_undo(document, plan_);
    return document;
}

nlohmann::json dto(const assign::HistoryEntry& entry) {
    using State = assign::HistoryEntry::State;
    static constexpr const char* names[] = {"open", "running", "done", "undone", "partly_undone", "damaged"};
    auto steps = nlohmann::json::array();
    for (std::size_t i = 0; i < entry.plan.steps.size(); ++i) {
        const bool done = i < entry.steps_done;
        const bool undone = done && (entry.state == State::undone);
        steps.push_back({{"id", entry.plan.steps[i].id}, {"state", undone ? "undone" : done ? "done" : "waiting"}});
    }
    nlohmann::json document{
        {"id", entry.plan.id},      {"plan", dto(entry.plan)}, {"state", names[static_cast<std::size_t>(entry.state)]},
        {"started", entry.started}, {"who", entry.who},        {"steps", std::move(steps)}};
    if (!entry.finished.empty()) document["finished"] = entry.finished;
    if (entry.error) document["error"] = dto(*entry.error);
    if (entry.state == State::done) put_undo(document, entry.plan);
    return document;
}

} // namespace exhyperv::api
