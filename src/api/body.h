#pragma once

#include "support/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::api {

/// Reads a request's JSON object field by field. Every miss is `api.bad_request` {reason} with the field's name; it is
/// kept, and finish() returns the first one, so that readers need not look after each field.
class BodyReader {
  public:
    explicit BodyReader(const nlohmann::json* body);

    [[nodiscard]] std::string text(const char* name); ///< required, not empty, at most 4 KiB
    [[nodiscard]] std::string guid(const char* name); ///< required
    [[nodiscard]] std::optional<std::string> maybe_guid(const char* name);
    [[nodiscard]] std::optional<std::string> maybe_text(const char* name);
    [[nodiscard]] bool flag(const char* name, bool fallback);
    [[nodiscard]] std::uint32_t number(const char* name, std::uint32_t most, std::uint32_t fallback);
    [[nodiscard]] std::vector<std::string> texts(const char* name, std::size_t least, std::size_t most);
    /// One of `choices`, as its index; `fallback` when missing; required when `fallback` is nullopt.
    [[nodiscard]] std::size_t choice(const char* name, std::initializer_list<std::string_view> choices,
                                     std::optional<std::size_t> fallback);
    /// The first thing that was wrong; a field that nobody asked for is wrong too.
    [[nodiscard]] Result<> finish();

  private:
    const nlohmann::json* field(const char* name, bool required);
    void wrong(std::string reason);
    const nlohmann::json* body_;
    std::set<std::string> asked_;
    std::optional<std::string> problem_;
};

} // namespace exhyperv::api
