#pragma once

#include "support/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exhyperv::sim {

/// The first thing wrong in a document; where it is is a JSON pointer.
struct ReadProblem {
    std::string field, found, expected;
};

/// Reads one JSON object strictly: a field that nobody asked for, a wrong type or a value out of range is a problem.
/// The first problem sticks and later calls do nothing, so a loader reads straight through and looks once at the end.
/// Missing fields leave the target as it is.
class Reader {
  public:
    Reader(const nlohmann::json& node, std::string at, std::optional<ReadProblem>& problem);
    ~Reader(); ///< reports fields that were not asked for

    [[nodiscard]] bool has(const char* name);
    [[nodiscard]] const std::string& at() const { return at_; }
    [[nodiscard]] bool failed() const { return problem_.has_value(); }
    void required(const char* name);
    void text(const char* name, std::string& out);
    void texts(const char* name, std::vector<std::string>& out);
    void flag(const char* name, bool& out);
    void flag(const char* name, std::optional<bool>& out);
    template <class T>
    void number(const char* name, T& out, std::uint64_t low, std::uint64_t high) {
        if (auto value = integer(name, low, high)) out = static_cast<T>(*value);
    }
    void numbers(const char* name, std::vector<std::uint16_t>& out, std::uint64_t high);
    template <class T>
    void choice(const char* name, T& out, std::initializer_list<std::pair<const char*, T>> values) {
        std::string chosen;
        std::vector<std::string> names;
        for (const auto& [word, value] : values)
            names.emplace_back(word);
        if (!one_of(name, chosen, names)) return;
        for (const auto& [word, value] : values)
            if (chosen == word) out = value;
    }
    /// Calls `each` for every object of an array.
    void list(const char* name, const std::function<void(Reader&)>& each);
    void object(const char* name, const std::function<void(Reader&)>& body);
    /// The node itself, for a reader of another kind; null when missing.
    [[nodiscard]] const nlohmann::json* raw(const char* name);
    void wrong(const std::string& field, std::string found, std::string expected);
    [[nodiscard]] std::string field(const char* name) const { return at_ + "/" + name; }

  private:
    const nlohmann::json* take(const char* name);
    std::optional<std::uint64_t> integer(const char* name, std::uint64_t low, std::uint64_t high);
    bool one_of(const char* name, std::string& chosen, const std::vector<std::string>& names);

    const nlohmann::json& node_;
    std::string at_;
    std::optional<ReadProblem>& problem_;
    std::set<std::string> known_;
};

/// The line (from 1) on which the value of a JSON pointer stands, or the nearest part of the pointer that exists.
/// `text` must be valid JSON.
[[nodiscard]] std::size_t line_of(std::string_view text, std::string_view pointer);

} // namespace exhyperv::sim
