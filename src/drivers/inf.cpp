#include "drivers/inf.h"

#include "drivers/inf_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace exhyperv::drivers {

namespace {

using Strings = std::map<std::string, std::string, ILess>;

/// Text of at most so many bytes: a line can name a long string thousands of times.
class BoundedText {
  public:
    explicit BoundedText(std::size_t most) : most_(most) {}
    void add(std::string_view part) {
        if (part.size() > most_ - text_.size())
            full_ = true;
        else if (!full_)
            text_ += part;
    }
    [[nodiscard]] bool full() const { return full_; }
    std::string take() && { return std::move(text_); }

  private:
    std::string text_;
    std::size_t most_;
    bool full_ = false; ///< something did not fit
};

/// %token% by its text, %% by a percent sign; what is no known token (%11%, %SystemRoot%) stays as it is. Nullopt when
/// that is more than `most` bytes.
std::optional<std::string> substitute(std::string_view text, const Strings& strings, std::size_t most) {
    BoundedText out(most);
    auto open = text.find('%');
    std::size_t done = 0;
    while (open != std::string_view::npos && !out.full()) {
        const auto close = text.find('%', open + 1);
        if (close == std::string_view::npos) break;
        out.add(text.substr(done, open - done));
        const auto token = text.substr(open + 1, close - open - 1);
        if (token.empty()) {
            out.add("%");
        } else if (auto found = strings.find(token); found != strings.end()) {
            out.add(found->second);
        } else {
            out.add(text.substr(open, close - open)); // the closing sign may open the next token
            done = close;
            open = close;
            continue;
        }
        done = close + 1;
        open = text.find('%', done);
    }
    out.add(text.substr(done));
    if (out.full()) return std::nullopt;
    return std::move(out).take();
}

Strings string_table(const std::vector<RawInfLine>& lines, std::uint16_t language) {
    // Later tables win: plain first, then the language without its dialect, then the exact one.
    const std::array<std::string, 3> names = {"Strings", fmt::format("Strings.{:04x}", language & 0x3FF),
                                              fmt::format("Strings.{:04x}", language)};
    Strings table;
    for (const auto& name : names) {
        bool inside = false;
        for (const auto& line : lines) {
            if (line.section) {
                inside = iequals(line.key, name);
            } else if (inside && !line.key.empty()) {
                table[line.key] = line.fields.empty() ? std::string() : line.fields.front();
            }
        }
    }
    return table;
}

/// Order among [Models.NTamd64.10.0...19041]: major, minor, build. Missing parts are 0.
std::tuple<std::uint64_t, std::uint64_t, std::uint64_t> os_rank(std::string_view decoration) {
    const auto parts = split(decoration, '.');
    auto number = [&](std::size_t i) { return i < parts.size() ? parse_u64(parts[i]).value_or(0) : 0; };
    return {number(1), number(2), number(5)};
}

std::string iso_date(std::string_view date) {
    const auto parts = split(date, date.find('/') != std::string_view::npos ? '/' : '-');
    if (parts.size() != 3) return {};
    const auto month = parse_u64(parts[0]), day = parse_u64(parts[1]), year = parse_u64(parts[2]);
    if (!month || !day || !year || *month < 1 || *month > 12 || *day < 1 || *day > 31 || *year < 1980 || *year > 9999)
        return {};
    return fmt::format("{:04}-{:02}-{:02}", *year, *month, *day);
}

} // namespace

std::string_view InfLine::field(std::size_t index) const {
    return index < fields.size() ? std::string_view(fields[index]) : std::string_view();
}

Result<Inf> Inf::parse(std::span<const std::byte> content, const InfOptions& options) {
    TRY_ASSIGN(const auto text, decode_inf(content));
    TRY_ASSIGN(auto lines, split_inf(text));

    Inf inf;
    inf.strings_ = string_table(lines, options.language);
    std::vector<InfLine>* current = nullptr;
    std::size_t room = kMaxInfExpanded;
    auto expand = [&](const std::string& raw) -> Result<std::string> {
        auto out = substitute(raw, inf.strings_, room);
        if (!out) return fail("drivers.inf_too_large", {}, "too much text after substitution");
        room -= out->size();
        return std::move(*out);
    };
    for (auto& raw : lines) {
        if (raw.section) {
            auto [found, added] = inf.sections_.try_emplace(raw.key);
            if (added) inf.order_.push_back(raw.key);
            current = &found->second;
            continue;
        }
        if (current == nullptr)
            return fail("drivers.inf_invalid",
                        {{"line", std::to_string(raw.number)}, {"reason", "text before the first section"}});
        InfLine line{raw.number, {}, {}};
        TRY_ASSIGN(line.key, expand(raw.key));
        line.fields.reserve(raw.fields.size());
        for (const auto& field : raw.fields) {
            TRY_ASSIGN(std::string text_of_field, expand(field));
            line.fields.push_back(std::move(text_of_field));
        }
        raw.fields.clear();
        current->push_back(std::move(line));
    }
    if (inf.section("Version") == nullptr)
        return fail("drivers.inf_invalid", {{"line", "1"}, {"reason", "no [Version] section"}});
    return inf;
}

const std::vector<InfLine>* Inf::section(std::string_view name) const {
    const auto found = sections_.find(name);
    return found == sections_.end() ? nullptr : &found->second;
}

std::vector<std::string> Inf::section_names() const {
    return order_;
}

std::optional<std::string> Inf::value(std::string_view section_name, std::string_view key) const {
    if (const auto* lines = section(section_name))
        for (const auto& line : *lines)
            if (iequals(line.key, key)) return std::string(line.field(0));
    return std::nullopt;
}

std::optional<std::string> Inf::string(std::string_view token) const {
    const auto found = strings_.find(token);
    return found == strings_.end() ? std::nullopt : std::optional(found->second);
}

DriverVersion Inf::driver_version() const {
    DriverVersion out;
    if (const auto* lines = section("Version"))
        for (const auto& line : *lines) {
            if (!iequals(line.key, "DriverVer")) continue;
            out.date = iso_date(line.field(0));
            const auto version = line.field(1);
            if (!version.empty() && version.size() <= 32 &&
                version.find_first_not_of("0123456789.") == std::string_view::npos)
                out.version = version;
            break;
        }
    return out;
}

std::vector<InfModel> Inf::models(std::string_view architecture) const {
    std::vector<InfModel> out;
    const auto* manufacturers = section("Manufacturer");
    if (manufacturers == nullptr) return out;
    const std::string wanted = "NT" + std::string(architecture);

    // (rank, section name), one entry a section however many manufacturers name it
    std::vector<std::pair<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>, std::string>> names;
    auto add = [&](std::string name, std::string_view decoration) {
        const bool known = std::ranges::any_of(names, [&](const auto& entry) { return iequals(entry.second, name); });
        if (!known && names.size() < 1000 && section(name) != nullptr)
            names.emplace_back(os_rank(decoration), std::move(name));
    };
    for (const auto& line : *manufacturers) {
        const auto base = std::string(line.field(0));
        if (base.empty()) continue;
        for (std::size_t i = 1; i < line.fields.size(); ++i) {
            const auto decoration = line.field(i);
            const auto head = decoration.substr(0, decoration.find('.'));
            if (iequals(head, wanted) || iequals(head, "NT")) add(base + "." + std::string(decoration), decoration);
        }
    }
    if (names.empty())
        for (const auto& line : *manufacturers)
            add(std::string(line.field(0)), {});
    std::ranges::stable_sort(names, [](const auto& a, const auto& b) { return a.first > b.first; });

    for (const auto& [rank, name] : names)
        for (const auto& line : *section(name)) {
            if (line.fields.size() < 2) continue;
            InfModel model{line.key, line.fields[0], {}};
            for (std::size_t i = 1; i < line.fields.size(); ++i)
                if (!line.fields[i].empty()) model.hardware_ids.push_back(line.fields[i]);
            out.push_back(std::move(model));
        }
    return out;
}

const std::vector<InfLine>* Inf::install_section(std::string_view base, std::string_view architecture,
                                                 std::string_view suffix) const {
    for (const auto& decoration : {".NT" + std::string(architecture), std::string(".NT"), std::string()})
        if (const auto* found = section(std::string(base) + decoration + std::string(suffix))) return found;
    return nullptr;
}

std::vector<std::string> Inf::copy_infs() const {
    std::vector<std::string> out;
    for (const auto& name : order_)
        for (const auto& line : *section(name)) {
            if (!iequals(line.key, "CopyINF")) continue;
            for (const auto& field : line.fields) {
                const bool known = std::ranges::any_of(out, [&](const auto& other) { return iequals(other, field); });
                if (!field.empty() && !known && out.size() < 256) out.push_back(field);
            }
        }
    return out;
}

} // namespace exhyperv::drivers
