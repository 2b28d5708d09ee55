#include "cli/documents/json.h"

namespace exhyperv::cli {
namespace {

std::string_view outcome_name(assign::Outcome outcome) {
    switch (outcome) {
    case assign::Outcome::done:
        return "done";
    case assign::Outcome::nothing_to_do:
        return "nothing_to_do";
    case assign::Outcome::undone:
        return "undone";
    case assign::Outcome::partly_undone:
        return "partly_undone";
    }
    return "unknown";
}

std::string_view state_name(assign::HistoryEntry::State state) {
    using State = assign::HistoryEntry::State;
    switch (state) {
    case State::open:
        return "open";
    case State::running:
        return "running";
    case State::done:
        return "done";
    case State::undone:
        return "undone";
    case State::partly_undone:
        return "partly_undone";
    case State::damaged:
        return "damaged";
    }
    return "unknown";
}

void put_message(Json& object, const char* name, const Message& message, text::Language language) {
    if (!message.key.empty()) object[name] = json_of(message, language);
}

} // namespace

Json json_of(const assign::Check& check, text::Language language) {
    Json entry{{"id", check.id},
               {"verdict", assign::verdict_name(check.verdict)},
               {"evidence", json_of(check.evidence, language)}};
    put_message(entry, "remedy", check.remedy, language);
    return entry;
}

Json json_of(const assign::Plan& plan, text::Language language) {
    Json checks = Json::array(), steps = Json::array();
    for (const auto& check : plan.checks)
        checks.push_back(json_of(check, language));
    for (const auto& step : plan.steps) {
        Json entry{{"id", step.id}, {"what", json_of(step.what, language)}, {"why", json_of(step.why, language)}};
        put_message(entry, "undo", step.undo, language);
        entry["needs_vm_off"] = step.needs_vm_off;
        entry["needs_elevation"] = step.needs_elevation;
        steps.push_back(std::move(entry));
    }
    return {{"id", plan.id},
            {"operation", plan.operation},
            {"title", json_of(plan.title, language)},
            {"host", plan.host_uri},
            {"blocked", plan.blocked()},
            {"nothing_to_do", plan.nothing_to_do()},
            {"checks", std::move(checks)},
            {"steps", std::move(steps)}};
}

Json json_of(const assign::HistoryEntry& entry, text::Language language) {
    Json out{{"id", entry.plan.id},      {"state", state_name(entry.state)},
             {"started", entry.started}, {"finished", entry.finished},
             {"who", entry.who},         {"steps_done", entry.steps_done}};
    if (entry.finished.empty()) out.erase("finished");
    if (entry.error) out["error"] = json_of(*entry.error, language);
    out["plan"] = json_of(entry.plan, language);
    return out;
}

Document change_document(const assign::Plan& plan, const assign::OperationResult* result, bool dry_run,
                         text::Language language) {
    Json out{{"dry_run", dry_run}};
    if (result) {
        out["outcome"] = outcome_name(result->outcome);
        out["steps"] = Json::array();
        for (const auto& step : result->steps)
            out["steps"].push_back({{"id", step.id},
                                    {"changed", step.changed},
                                    {"facts", json_of(step.facts, language)},
                                    {"warnings", json_of(step.warnings, language)}});
        if (!result->undo_errors.empty()) {
            out["undo_errors"] = Json::array();
            for (const auto& error : result->undo_errors)
                out["undo_errors"].push_back(json_of(error, language));
        }
    } else if (!dry_run && !plan.blocked() && plan.nothing_to_do()) {
        out["outcome"] = "nothing_to_do";
    }
    out["plan"] = json_of(plan, language);
    return Document(std::move(out));
}

Document history_document(const std::vector<assign::HistoryEntry>& entries, text::Language language) {
    Json list = Json::array();
    for (const auto& entry : entries)
        list.push_back(json_of(entry, language));
    return Document(Json{{"operations", std::move(list)}});
}

} // namespace exhyperv::cli
