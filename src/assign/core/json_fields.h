#pragma once

#include "support/result.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace exhyperv::assign {

// Reading JSON that somebody may have damaged: every miss is `journal.corrupt` with the field's name.

[[nodiscard]] tl::unexpected<Error> corrupt(std::string where);
[[nodiscard]] Result<std::string> text_field(const nlohmann::json& object, const char* name);
[[nodiscard]] Result<bool> bool_field(const nlohmann::json& object, const char* name);
[[nodiscard]] Result<std::uint64_t> number_field(const nlohmann::json& object, const char* name);
[[nodiscard]] Result<std::vector<std::string>> texts_field(const nlohmann::json& object, const char* name);
/// The field as it is; null when it is missing.
[[nodiscard]] const nlohmann::json& field_or_null(const nlohmann::json& object, const char* name);
/// nullopt-like: "" when the field is missing or no text.
[[nodiscard]] std::string text_or(const nlohmann::json& object, const char* name, std::string fallback = {});
[[nodiscard]] bool bool_or(const nlohmann::json& object, const char* name, bool fallback);

/// One line, ASCII-safe whatever bytes the texts hold (invalid UTF-8 is replaced, never thrown at).
[[nodiscard]] std::string one_line(const nlohmann::json& document);

} // namespace exhyperv::assign
