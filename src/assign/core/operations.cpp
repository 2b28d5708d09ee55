#include "assign/operations.h"

#include "assign/core/directory.h"
#include "assign/core/executor.h"
#include "assign/core/journal.h"
#include "assign/core/operation_lock.h"
#include "assign/core/test_point.h"
#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

constexpr std::size_t kHistoryLength = 500;

HistoryEntry entry_of(JournalContent content, bool running) {
    HistoryEntry entry;
    entry.undoing = content.undoing;
    entry.started = std::move(content.started);
    entry.finished = std::move(content.finished);
    entry.who = std::move(content.who);
    entry.error = std::move(content.error);
    for (const StepRecord& step : content.steps)
        entry.steps_done += step.finished && !step.undone ? 1 : 0;
    using State = HistoryEntry::State;
    if (!content.ended) {
        entry.state = running ? State::running : State::open;
    } else {
        switch (content.outcome) {
        case Outcome::done:
        case Outcome::nothing_to_do:
            entry.state = State::done;
            break;
        case Outcome::undone:
            entry.state = State::undone;
            break;
        case Outcome::partly_undone:
            entry.state = State::partly_undone;
            break;
        }
    }
    entry.plan = std::move(content.plan);
    return entry;
}

HistoryEntry entry_of(JournalReading reading, bool running) {
    HistoryEntry entry = entry_of(std::move(reading.content), running);
    if (!reading.damage) return entry;
    entry.state = HistoryEntry::State::damaged;
    entry.error = std::move(reading.damage);
    return entry;
}

/// Journals in the open directory, the damaged ones last. One that had ended before its file was moved (a kill in
/// between) is moved now: the caller holds the lock. One that is not even begun (its first line was torn) has done
/// nothing and is put away too.
Result<std::vector<JournalReading>> unfinished(const std::string& state_directory) {
    TRY_ASSIGN(const auto paths, open_journals(state_directory));
    std::vector<JournalReading> readings;
    for (const std::string& path : paths) {
        const auto text = platform::read_text_file(path, kMostJournalBytes);
        if (text && text->find('\n') == std::string::npos) {
            TRY(platform::remove_file(path));
            continue;
        }
        JournalReading reading = read_what_can_be_read(path);
        if (!reading.damage && reading.content.ended && reading.content.outcome != Outcome::partly_undone) {
            TRY(move_to_closed(path));
            continue;
        }
        readings.push_back(std::move(reading));
    }
    std::ranges::stable_partition(readings, [](const JournalReading& reading) { return !reading.damage; });
    return readings;
}

/// Why nothing may begin while this is open.
Error in_the_way(const JournalReading& open) {
    if (open.damage) return *open.damage;
    const Plan& plan = open.content.plan;
    return Error{"operation.recover_first",
                 {{"id", plan.id}, {"operation", plan.operation}, {"started", open.content.started}},
                 {},
                 {},
                 {}};
}

std::string failed_checks(const Plan& plan) {
    std::vector<std::string> ids;
    for (const Check& check : plan.checks)
        if (check.verdict == Verdict::fail) ids.push_back(check.id);
    return join(ids, ", ");
}

} // namespace

Result<OperationResult> execute(const Environment& environment, const Plan& plan, const EventSink& events,
                                const CallContext& context) {
    if (plan.blocked()) return fail("plan.blocked", {{"checks", failed_checks(plan)}});
    if (plan.host_uri != environment.host.uri())
        return fail("plan.other_host", {{"planned", plan.host_uri}, {"host", environment.host.uri()}});
    TRY_ASSIGN(const auto lock, OperationLock::acquire(environment.state_directory, plan.operation));
    TRY_ASSIGN(const auto open, unfinished(environment.state_directory));
    if (!open.empty()) return fail(in_the_way(open.front()));
    if (plan.nothing_to_do()) return OperationResult{Outcome::nothing_to_do, {}, {}, {}};

    TRY_ASSIGN(auto journal, Journal::begin(environment.state_directory, plan));
    JournalContent content;
    content.plan = plan;
    content.steps.resize(plan.steps.size());
    if (const auto point = test_point("operation.begin"); !point) {
        TRY(journal.end(Outcome::undone));
        return fail(point.error());
    }
    return Executor(environment, journal, content, events, context).run();
}

Result<std::vector<HistoryEntry>> history(const Environment& environment) {
    std::vector<HistoryEntry> entries;
    // Open ones first: one that closes meanwhile is then in both lists, and not in neither.
    TRY_ASSIGN(const auto open, open_journals(environment.state_directory));
    const bool running = !open.empty() && operation_running(environment.state_directory);
    TRY_ASSIGN(auto paths, closed_journals(environment.state_directory, kHistoryLength));
    for (const std::string& path : open)
        if (std::ranges::find(paths, platform::file_name_of(path), platform::file_name_of) == paths.end())
            paths.push_back(path);
    // By the stamps in the names, which tell apart what began in one second (journal.cpp).
    std::ranges::sort(paths, std::ranges::greater{}, platform::file_name_of);
    for (const std::string& path : paths) {
        auto reading = read_what_can_be_read(path);
        if (reading.damage && reading.damage->code == "file.not_found") // it has closed this moment
            reading = read_what_can_be_read(closed_directory(environment.state_directory) + "/" +
                                            platform::file_name_of(path));
        entries.push_back(entry_of(std::move(reading), running));
    }
    return entries;
}

Result<std::vector<HistoryEntry>> open_operations(const Environment& environment) {
    std::vector<HistoryEntry> entries;
    TRY_ASSIGN(const auto paths, open_journals(environment.state_directory));
    if (paths.empty() || operation_running(environment.state_directory)) return entries;
    TRY_ASSIGN(const auto lock, OperationLock::acquire(environment.state_directory, "recover"));
    TRY_ASSIGN(auto readings, unfinished(environment.state_directory));
    for (JournalReading& reading : readings)
        entries.push_back(entry_of(std::move(reading), false));
    return entries;
}

Result<OperationResult> recover(const Environment& environment, const std::string& operation_id, RecoveryMode mode,
                                const EventSink& events, const CallContext& context) {
    TRY_ASSIGN(const auto lock, OperationLock::acquire(environment.state_directory, "recover"));
    TRY_ASSIGN(auto readings, unfinished(environment.state_directory));
    for (auto& [content, damage] : readings) {
        if (!iequals(content.plan.id, operation_id)) continue;
        if (damage) {
            if (mode != RecoveryMode::accept) return fail(*damage);
            TRY(move_to_closed(content.path));
            return OperationResult{Outcome::partly_undone, {}, damage, {}};
        }
        if (content.plan.host_uri != environment.host.uri())
            return fail("plan.other_host", {{"planned", content.plan.host_uri}, {"host", environment.host.uri()}});
        if (mode == RecoveryMode::resume && content.undoing)
            return fail("operation.cannot_resume", {{"id", operation_id}});
        TRY_ASSIGN(auto journal, Journal::reopen(content));
        if (mode == RecoveryMode::accept) {
            TRY(journal.end(Outcome::partly_undone));
            TRY(journal.close());
            return OperationResult{Outcome::partly_undone, {}, content.error, {}};
        }
        TRY(journal.resumed(mode == RecoveryMode::resume ? "resume" : "roll-back"));
        Executor executor(environment, journal, content, events, context);
        return mode == RecoveryMode::resume ? executor.run() : executor.roll_back();
    }
    return fail("operation.not_open", {{"id", operation_id}});
}

} // namespace exhyperv::assign
