#pragma once

#include "support/result.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

namespace exhyperv::sim {

template <class T>
struct Choice {
    const char* name;
    T value;
};

/// Reads the fields of one JSON object strictly. Missing fields leave the target as it is; every error names the field.
class JsonFields {
  public:
    JsonFields(const nlohmann::json& json, std::string at) : json_(json), at_(std::move(at)) {}

    /// The value is an object and has no other fields than these. To be called first.
    [[nodiscard]] Result<> only(std::initializer_list<std::string_view> names) const;
    [[nodiscard]] Result<> required(const char* name) const;
    [[nodiscard]] bool has(const char* name) const { return json_.contains(name); }

    [[nodiscard]] Result<> text(const char* name, std::string& out) const;
    [[nodiscard]] Result<> flag(const char* name, bool& out) const;
    template <class T>
    [[nodiscard]] Result<> number(const char* name, std::uint64_t least, std::uint64_t most, T& out) const {
        std::uint64_t value = out;
        TRY(whole_number(name, least, most, value));
        out = static_cast<T>(value);
        return {};
    }
    template <class T, std::size_t N>
    [[nodiscard]] Result<> choice(const char* name, const Choice<T> (&choices)[N], T& out) const {
        if (!has(name)) return {};
        return pick(json_[name], pointer(name), choices, out);
    }
    template <class T, std::size_t N>
    [[nodiscard]] Result<> choices(const char* name, const Choice<T> (&choices)[N], std::set<T>& out) const {
        if (!has(name)) return {};
        const auto& list = json_[name];
        if (!list.is_array()) return wrong_type(pointer(name), "array");
        for (std::size_t i = 0; i < list.size(); ++i) {
            T value{};
            TRY(pick(list[i], pointer(name) + "/" + std::to_string(i), choices, value));
            out.insert(value);
        }
        return {};
    }

  private:
    [[nodiscard]] std::string pointer(std::string_view name) const;
    [[nodiscard]] Result<> whole_number(const char* name, std::uint64_t least, std::uint64_t most,
                                        std::uint64_t& out) const;
    [[nodiscard]] static tl::unexpected<Error> wrong_type(const std::string& field, const std::string& expected);
    [[nodiscard]] static tl::unexpected<Error> bad_value(const std::string& field, std::string value,
                                                         const std::string& expected);

    template <class T, std::size_t N>
    static Result<> pick(const nlohmann::json& json, const std::string& field, const Choice<T> (&choices)[N], T& out) {
        if (!json.is_string()) return wrong_type(field, "string");
        const auto& name = json.template get_ref<const std::string&>();
        std::string expected;
        for (const auto& choice : choices) {
            if (name == choice.name) {
                out = choice.value;
                return {};
            }
            expected += (expected.empty() ? "" : ", ") + std::string(choice.name);
        }
        return bad_value(field, name, expected);
    }

    const nlohmann::json& json_;
    std::string at_;
};

} // namespace exhyperv::sim
