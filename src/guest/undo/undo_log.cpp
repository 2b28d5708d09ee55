#include "guest/undo/undo_log.h"

#include "support/strings.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace exhyperv::guest {
namespace {

constexpr std::string_view kSuffix = ".undo", kEnd = "end";
constexpr std::size_t kDigits = 10;

using Kind = UndoRecord::Kind;
constexpr std::array<std::pair<std::string_view, Kind>, 4> kKinds = {
    {{"made", Kind::made}, {"moved", Kind::moved}, {"attributes", Kind::attributes}, {"modified", Kind::modified}}};

std::string_view name_of(Kind kind) {
    for (const auto& [name, one] : kKinds)
        if (one == kind) return name;
    return {};
}

/// The root and the log itself are never the subject of a record.
bool is_subject(std::string_view path) {
    return !path.empty() && !iequals(path, kUndoDirectory);
}

} // namespace

std::string undo_record_path(std::uint64_t number) {
    return fmt::format("{}\\{:0{}}{}", kUndoDirectory, number, kDigits, kSuffix);
}

std::optional<std::uint64_t> undo_record_number(std::string_view name) {
    if (name.size() != kDigits + kSuffix.size() || !iequals(name.substr(kDigits), kSuffix)) return std::nullopt;
    return parse_u64(name.substr(0, kDigits));
}

std::string undo_id_text(const Guid& id) {
    return fmt::format("{}\n{}\n", id.str(), kEnd);
}

std::string undo_record_text(const UndoRecord& record) {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n", name_of(record.kind), record.path, record.to, record.number, kEnd);
}

std::optional<UndoRecord> parse_undo_record(std::string_view text) {
    std::vector<std::string_view> lines;
    while (lines.size() < 6 && !text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() != 5 || lines[4] != kEnd) return std::nullopt;
    UndoRecord record;
    const auto* kind =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == lines[0]; });
    const auto number = parse_u64(lines[3]);
    if (kind == kKinds.end() || !number || !is_subject(lines[1])) return std::nullopt;
    record.kind = kind->second;
    record.path = lines[1];
    record.to = lines[2];
    record.number = *number;
    if (record.kind == Kind::moved && !is_subject(record.to)) return std::nullopt;
    return record;
}

} // namespace exhyperv::guest
