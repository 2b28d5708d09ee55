#include "assign/core/directory.h"
#include "assign/core/journal.h"
#include "assign/core/json_fields.h"
#include "assign/core/utc_time.h"
#include "assign/core/value_json.h"

namespace exhyperv::assign {

namespace {

Result<StepRecord*> step_of(JournalContent& content, const nlohmann::json& line) {
    TRY_ASSIGN(const auto index, number_field(line, "step"));
    if (index >= content.steps.size()) return corrupt("step");
    return &content.steps[index];
}

Result<> apply_begin(JournalContent& content, const nlohmann::json& line) {
    TRY_ASSIGN(content.started, text_field(line, "time"));
    TRY_ASSIGN(content.who, text_field(line, "who"));
    TRY_ASSIGN(content.plan, plan_from_json(field_or_null(line, "plan")));
    content.steps.resize(content.plan.steps.size());
    return {};
}

Result<> apply_end(JournalContent& content, const nlohmann::json& line) {
    TRY_ASSIGN(content.finished, text_field(line, "time"));
    TRY_ASSIGN(const auto outcome, text_field(line, "outcome"));
    for (const Outcome one : {Outcome::done, Outcome::nothing_to_do, Outcome::undone, Outcome::partly_undone})
        if (outcome == outcome_name(one)) {
            content.outcome = one;
            content.ended = true;
            return {};
        }
    return corrupt("outcome");
}

Result<> apply_step_line(JournalContent& content, const std::string& type, const nlohmann::json& line) {
    TRY_ASSIGN(StepRecord* const step, step_of(content, line));
    if (type == "intent") {
        step->intended = true;
        step->before = field_or_null(line, "before");
    } else if (type == "result") {
        TRY_ASSIGN(step->changed, bool_field(line, "changed"));
        step->finished = true;
        step->record = field_or_null(line, "record");
    } else if (type == "failed") {
        TRY_ASSIGN(content.error, error_from_json(field_or_null(line, "error")));
        content.undoing = true;
    } else if (type == "undo-intent") {
        step->undo_intended = true;
        content.undoing = true;
    } else if (type == "undone") {
        step->undone = true;
        step->undo_error.reset();
    } else if (type == "undo-failed") {
        TRY_ASSIGN(step->undo_error, error_from_json(field_or_null(line, "error")));
    } else {
        return corrupt("type");
    }
    return {};
}

Result<> apply(JournalContent& content, std::uint64_t number, const nlohmann::json& line) {
    TRY_ASSIGN(const auto written, number_field(line, "n"));
    if (written != number) return corrupt("n");
    TRY_ASSIGN(const auto type, text_field(line, "type"));
    if (number == 0) {
        if (type != "begin") return corrupt("begin");
        return apply_begin(content, line);
    }
    if (type == "end") return apply_end(content, line);
    if (type == "resumed") {
        content.ended = false;
        content.finished.clear();
        return {};
    }
    return apply_step_line(content, type, line);
}

Error damaged(const std::string& path, std::uint64_t number, const Error& reason) {
    const std::string* const where = reason.arg("where");
    return Error{"journal.damaged",
                 {{"path", path},
                  {"line", std::to_string(number + 1)},
                  {"where", where ? *where : reason.code},
                  {"id", operation_of_journal(path)}},
                 {},
                 {},
                 reason.detail};
}

/// Into `content`, as far as they can be read.
Result<> read_lines(const std::string& text, JournalContent& content) {
    std::uint64_t number = 0;
    for (std::size_t at = 0; at < text.size(); ++number) {
        const auto end = text.find('\n', at);
        if (end == std::string::npos) break; // torn by a crash: never written
        const auto line = nlohmann::json::parse(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
        const auto applied = number >= kMostJournalLines ? Result<>(corrupt("lines"))
                             : line.is_discarded()       ? Result<>(corrupt("JSON"))
                                                         : apply(content, number, line);
        if (!applied) return fail(damaged(content.path, number, applied.error()));
        at = end + 1;
    }
    if (number == 0) return fail(damaged(content.path, 0, corrupt("begin").value()));
    return {};
}

/// What the name of a journal file tells: <stamp>_<id>.jsonl.
std::string stem_of(const std::string& path) {
    const std::string name = platform::file_name_of(path);
    return name.substr(0, name.rfind('.'));
}

} // namespace

std::string operation_of_journal(const std::string& path) {
    const std::string stem = stem_of(path);
    return stem.substr(stem.find('_') + 1); // a name without one, given by a person, as it is
}

JournalReading read_what_can_be_read(const std::string& path) {
    JournalReading reading;
    reading.content.path = path;
    const auto text = platform::read_text_file(path, kMostJournalBytes);
    const auto read = text ? read_lines(*text, reading.content) : Result<>(fail(text.error()));
    if (!read) reading.damage = read.error();
    if (reading.content.plan.id.empty()) {
        const std::string stem = stem_of(path);
        reading.content.plan.id = operation_of_journal(path);
        reading.content.plan.operation = "unknown";
        reading.content.plan.title = {"plan.unreadable", {}};
        reading.content.started = time_of_stamp(stem.substr(0, stem.find('_')));
    }
    return reading;
}

Result<JournalContent> read_journal(const std::string& path) {
    TRY_ASSIGN(const auto text, platform::read_text_file(path, kMostJournalBytes));
    JournalContent content;
    content.path = path;
    TRY(read_lines(text, content));
    return content;
}
Result<std::vector<std::string>> open_journals(const std::string& state_directory) {
    return journal_files(open_directory(state_directory), 1000);
}

Result<std::vector<std::string>> closed_journals(const std::string& state_directory, std::size_t limit) {
    return journal_files(closed_directory(state_directory), limit);
}

} // namespace exhyperv::assign
