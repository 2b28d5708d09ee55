#include "assign/device/compatibility.h"

#include "support/strings.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace exhyperv::assign {

extern const std::string_view kCompatibilityJson; // generated from data/compatibility.json

namespace {

using Json = nlohmann::json;
using Answer = CompatibilityRow::Answer;

constexpr std::size_t kMaxRows = 10'000, kMaxText = 1'000;

tl::unexpected<Error> bad(const std::string& where, std::string reason) {
    return fail("device.table_invalid", {{"where", where}, {"reason", std::move(reason)}});
}

/// Refuses members outside the list: a misspelt one would otherwise silently mean its default.
Result<> only_members(const Json& object, const std::string& where, std::initializer_list<std::string_view> allowed) {
    if (!object.is_object()) return bad(where, "not an object");
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(allowed, key) == allowed.end()) return bad(where, "unknown member \"" + key + "\"");
    return {};
}

Result<std::string> text(const Json& object, const std::string& where, const char* key, bool required) {
    const auto found = object.find(key);
    if (found == object.end()) {
        if (required) return bad(where, std::string("no \"") + key + "\"");
        return std::string();
    }
    if (!found->is_string()) return bad(where, std::string("\"") + key + "\" is not text");
    auto value = found->get<std::string>();
    if (value.size() > kMaxText || (required && value.empty()))
        return bad(where, std::string("\"") + key + "\" is empty or too long");
    return value;
}

Result<Answer> answer(const Json& object, const std::string& where, const char* key) {
    TRY_ASSIGN(const auto word, text(object, where, key, true));
    for (const auto value : {Answer::unknown, Answer::yes, Answer::no, Answer::conditional})
        if (word == answer_name(value)) return value;
    return bad(where, std::string("\"") + key + "\" is none of yes, no, conditional, unknown");
}

bool is_id(std::string_view id) {
    const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
    return id.size() == 9 && id[4] == ':' && std::all_of(id.begin(), id.begin() + 4, hex) &&
           std::all_of(id.begin() + 5, id.end(), hex);
}

Result<CompatibilityRow> parse_row(const Json& json, const std::string& where) {
    TRY(only_members(json, where,
                     {"card", "ids", "identified", "function_level_reset", "display_output", "note", "source"}));
    CompatibilityRow row;
    TRY_ASSIGN(row.card, text(json, where, "card", true));
    TRY_ASSIGN(row.source, text(json, where, "source", true));
    TRY_ASSIGN(row.identified, answer(json, where, "identified"));
    TRY_ASSIGN(row.function_level_reset, answer(json, where, "function_level_reset"));
    TRY_ASSIGN(row.display_output, answer(json, where, "display_output"));
    const auto ids = json.find("ids");
    if (ids == json.end() || !ids->is_array() || ids->empty() || ids->size() > 64)
        return bad(where, "\"ids\" is not a list of 1 to 64");
    for (const auto& id : *ids) {
        if (!id.is_string() || !is_id(id.get<std::string>())) return bad(where, "an id is not like \"10DE:2786\"");
        row.ids.push_back(id.get<std::string>());
    }
    if (const auto note = json.find("note"); note != json.end()) {
        TRY(only_members(*note, where + ".note", {"en", "zh-Hans"}));
        TRY_ASSIGN(row.note_en, text(*note, where + ".note", "en", true));
        TRY_ASSIGN(row.note_zh, text(*note, where + ".note", "zh-Hans", true));
    }
    const bool conditional = row.identified == Answer::conditional || row.display_output == Answer::conditional ||
                             row.function_level_reset == Answer::conditional;
    if (conditional && row.note_en.empty()) return bad(where, "\"conditional\" without a note that says when");
    return row;
}

} // namespace

std::string_view answer_name(CompatibilityRow::Answer value) {
    switch (value) {
    case Answer::yes:
        return "yes";
    case Answer::no:
        return "no";
    case Answer::conditional:
        return "conditional";
    case Answer::unknown:
        break;
    }
    return "unknown";
}

Result<std::vector<CompatibilityRow>> parse_compatibility(std::string_view json) {
    const auto document = Json::parse(json, nullptr, false);
    if (document.is_discarded()) return bad("document", "not JSON");
    TRY(only_members(document, "document", {"$schema", "format", "cards"}));
    if (document.value("format", Json()) != 1) return bad("format", "only format 1 is known");
    const auto cards = document.find("cards");
    if (cards == document.end() || !cards->is_array() || cards->size() > kMaxRows)
        return bad("document", "\"cards\" is not a list");
    std::vector<CompatibilityRow> table;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < cards->size(); ++i) {
        const auto where = fmt::format("cards[{}]", i);
        TRY_ASSIGN(auto row, parse_row((*cards)[i], where));
        for (const auto& id : row.ids)
            if (!seen.insert(id).second) return bad(where, "id " + id + " twice");
        table.push_back(std::move(row));
    }
    return table;
}

const std::vector<CompatibilityRow>& builtin_compatibility() {
    // The unit tests parse the same text; a table that does not parse cannot be released, so an empty one stands in.
    static const auto table = parse_compatibility(kCompatibilityJson).value_or(std::vector<CompatibilityRow>{});
    return table;
}

const CompatibilityRow* find_compatibility(std::span<const CompatibilityRow> table, std::uint16_t vendor,
                                           std::uint16_t device) {
    const auto id = fmt::format("{:04X}:{:04X}", vendor, device);
    for (const auto& row : table)
        if (std::ranges::find(row.ids, id) != row.ids.end()) return &row;
    return nullptr;
}

std::string compatibility_report(const DeviceInventory& inventory, const DeviceEntry& entry) {
    const auto* known = entry.compatibility ? &*entry.compatibility : nullptr;
    const auto answered = [&](Answer CompatibilityRow::*member) {
        return std::string(answer_name(known ? known->*member : Answer::unknown));
    };
    const auto id = fmt::format("{:04X}:{:04X}", entry.device.vendor_id, entry.device.device_id);
    nlohmann::ordered_json row;
    row["card"] = known ? known->card : entry.device.name;
    row["ids"] = nlohmann::ordered_json::array({id});
    row["identified"] = answered(&CompatibilityRow::identified);
    row["function_level_reset"] = answered(&CompatibilityRow::function_level_reset);
    row["display_output"] = answered(&CompatibilityRow::display_output);
    if (known && !known->note_en.empty()) row["note"] = {{"en", known->note_en}, {"zh-Hans", known->note_zh}};
    row["source"] = fmt::format("exhyperv device report on {} (build {}), driver {}", inventory.facts.os_name,
                                inventory.facts.build,
                                entry.driver_version.empty() ? std::string("unknown") : entry.driver_version);
    return row.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

} // namespace exhyperv::assign
