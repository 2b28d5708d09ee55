#include "assign/core/journal.h"

#include "assign/core/directory.h"
#include "assign/core/json_fields.h"
#include "assign/core/test_point.h"
#include "assign/core/utc_time.h"
#include "assign/core/value_json.h"
#include "platform/process.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

constexpr std::size_t kStamp = 19; ///< characters of utc_file_stamp()

/// Names sort as the operations began, though a clock may be set back, or tick slower than operations are short.
Result<std::string> next_stamp(const std::string& state_directory) {
    TRY_ASSIGN(auto paths, open_journals(state_directory));
    TRY_ASSIGN(const auto closed, closed_journals(state_directory, 1));
    paths.insert(paths.end(), closed.begin(), closed.end());
    std::string latest;
    for (const auto& path : paths)
        latest = std::max(latest, path.substr(path.find_last_of("/\\") + 1).substr(0, kStamp));
    const auto now = utc_file_stamp();
    return now > latest ? now : later_stamp(latest);
}

} // namespace

Journal::Journal(platform::File file, std::uint64_t size, std::uint64_t lines)
    : file_(std::move(file)), size_(size), lines_(lines) {}

Result<Journal> Journal::begin(const std::string& state_directory, const Plan& plan) {
    const std::string directory = open_directory(state_directory);
    TRY(platform::make_directories(directory));
    TRY(platform::make_directories(closed_directory(state_directory)));
    TRY_ASSIGN(const auto stamp, next_stamp(state_directory));
    const std::string path = directory + "/" + stamp + "_" + plan.id + ".jsonl";
    TRY_ASSIGN(auto file, platform::File::open(path, platform::OpenMode::create_new));
    Journal journal(std::move(file), 0, 0);
    TRY(journal.append({{"type", "begin"},
                        {"version", 1},
                        {"time", utc_now()},
                        {"who", platform::user_and_machine()},
                        {"process", platform::process_id()},
                        {"plan", to_json(plan)}}));
    TRY(platform::flush_directory(directory));
    return journal;
}

Result<Journal> Journal::reopen(const JournalContent& content) {
    TRY_ASSIGN(auto file, platform::File::open(content.path, platform::OpenMode::read_write));
    TRY_ASSIGN(const auto text, platform::read_text_file(content.path, kMostJournalBytes));
    const auto end = text.rfind('\n');
    const std::uint64_t good = end == std::string::npos ? 0 : end + 1;
    std::uint64_t lines = 0;
    for (std::size_t i = 0; i < good; ++i)
        lines += text[i] == '\n' ? 1 : 0;
    if (good != text.size()) TRY(file.resize(good));
    return Journal(std::move(file), good, lines);
}

Result<> Journal::append(nlohmann::json line) {
    if (ragged_) { // a shorter line would leave the end of the failed one behind, as a line of its own
        TRY(file_.resize(size_));
        ragged_ = false;
    }
    line["n"] = lines_;
    const std::string text = one_line(line) + "\n";
    const auto written = write_and_flush(text);
    if (!written) {
        ragged_ = !file_.resize(size_); // now, too: this process may not come to write another line
        return written;
    }
    size_ += text.size();
    ++lines_;
    return {};
}

Result<> Journal::write_and_flush(const std::string& text) {
    TRY(file_.write_at(size_, std::as_bytes(std::span(text.data(), text.size()))));
    TRY(test_point("journal.flush"));
    return file_.flush();
}

Result<> Journal::intent(std::size_t step, const nlohmann::json& before) {
    return append({{"type", "intent"}, {"step", step}, {"time", utc_now()}, {"before", before}});
}

Result<> Journal::result(std::size_t step, bool changed, const nlohmann::json& record) {
    return append({{"type", "result"}, {"step", step}, {"time", utc_now()}, {"changed", changed}, {"record", record}});
}

Result<> Journal::failed(std::size_t step, const Error& error) {
    return append({{"type", "failed"}, {"step", step}, {"time", utc_now()}, {"error", to_json(error)}});
}

Result<> Journal::undo_intent(std::size_t step) {
    return append({{"type", "undo-intent"}, {"step", step}, {"time", utc_now()}});
}

Result<> Journal::undone(std::size_t step) {
    return append({{"type", "undone"}, {"step", step}, {"time", utc_now()}});
}

Result<> Journal::undo_failed(std::size_t step, const Error& error) {
    return append({{"type", "undo-failed"}, {"step", step}, {"time", utc_now()}, {"error", to_json(error)}});
}

Result<> Journal::resumed(std::string_view mode) {
    return append({{"type", "resumed"},
                   {"mode", mode},
                   {"time", utc_now()},
                   {"who", platform::user_and_machine()},
                   {"process", platform::process_id()}});
}

Result<> Journal::end(Outcome outcome) {
    TRY(append({{"type", "end"}, {"time", utc_now()}, {"outcome", outcome_name(outcome)}}));
    if (outcome == Outcome::partly_undone) return {}; // stays open: undo can be tried again
    return close();
}

Result<> Journal::close() {
    return move_to_closed(file_.path());
}

std::string_view outcome_name(Outcome outcome) {
    switch (outcome) {
    case Outcome::done:
        return "done";
    case Outcome::nothing_to_do:
        return "nothing_to_do";
    case Outcome::undone:
        return "undone";
    case Outcome::partly_undone:
        break;
    }
    return "partly_undone";
}

} // namespace exhyperv::assign
