#pragma once

#include "assign/operations.h"
#include "platform/file.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// What the journal tells of one step.
struct StepRecord {
    bool intended = false; ///< it was begun: its effect may be there, whole, half or not at all
    nlohmann::json before; ///< what undo needs, read before the step ran
    bool finished = false;
    bool changed = false;  ///< finished: something was done, so there is something to undo
    nlohmann::json record; ///< finished: what the step adds for undo (ids of what it made)
    bool undo_intended = false;
    bool undone = false;
    std::optional<Error> undo_error; ///< the last attempt to undo failed
};

/// One operation, as its journal file tells it.
struct JournalContent {
    std::string path;
    Plan plan;
    std::string who, started, finished;
    std::vector<StepRecord> steps; ///< as many as plan.steps
    std::optional<Error> error;    ///< why it was given up
    bool undoing = false;          ///< undo has begun: it can no longer be resumed
    bool ended = false;
    Outcome outcome = Outcome::done;
};

/// The append-only record of one operation: <state>/journal/open/<time>_<id>.jsonl while it is at work, moved to
/// journal/closed/ when it is over. One JSON object a line, numbered, flushed to the disk before the next thing
/// happens. A line torn by a crash can only be the last one; it counts as not written. A line that could not be written
/// or flushed is cut off again: what follows it stands where it would have stood.
class Journal {
  public:
    /// Begins an operation: the plan is on disk when it returns.
    static Result<Journal> begin(const std::string& state_directory, const Plan& plan);
    /// Takes up an open one; cuts off a torn last line.
    static Result<Journal> reopen(const JournalContent& content);

    [[nodiscard]] Result<> intent(std::size_t step, const nlohmann::json& before);
    [[nodiscard]] Result<> result(std::size_t step, bool changed, const nlohmann::json& record);
    [[nodiscard]] Result<> failed(std::size_t step, const Error& error);
    [[nodiscard]] Result<> undo_intent(std::size_t step);
    [[nodiscard]] Result<> undone(std::size_t step);
    [[nodiscard]] Result<> undo_failed(std::size_t step, const Error& error);
    [[nodiscard]] Result<> resumed(std::string_view mode);
    /// Writes the end. An outcome other than partly_undone also closes the operation (moves the file).
    [[nodiscard]] Result<> end(Outcome outcome);
    /// Closes an operation as it stands.
    [[nodiscard]] Result<> close();

  private:
    Journal(platform::File file, std::uint64_t size, std::uint64_t lines);
    [[nodiscard]] Result<> append(nlohmann::json line);
    [[nodiscard]] Result<> write_and_flush(const std::string& text);
    platform::File file_;
    std::uint64_t size_; ///< of the lines that are written and flushed
    std::uint64_t lines_;
    bool ragged_ = false; ///< behind size_ stands something of a line that failed
};

/// Bounded: 16 MiB a file, 10,000 lines. `journal.damaged` {path, line, where, id} when another line than the last is
/// not readable.
[[nodiscard]] Result<JournalContent> read_journal(const std::string& path);

/// A journal for people to look at, whatever became of its file.
struct JournalReading {
    JournalContent content;      ///< up to the damage; id and time at least, from the file's name
    std::optional<Error> damage; ///< journal.damaged, or why the file cannot be read
};
[[nodiscard]] JournalReading read_what_can_be_read(const std::string& path);

/// The id of the operation, from the name of its file.
[[nodiscard]] std::string operation_of_journal(const std::string& path);

/// Journal files, oldest first.
[[nodiscard]] Result<std::vector<std::string>> open_journals(const std::string& state_directory);
/// The newest `limit` of the closed ones, oldest first.
[[nodiscard]] Result<std::vector<std::string>> closed_journals(const std::string& state_directory, std::size_t limit);

[[nodiscard]] std::string_view outcome_name(Outcome outcome); ///< "done", "nothing_to_do", "undone", "partly_undone"

} // namespace exhyperv::assign
