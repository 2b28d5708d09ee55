#pragma once

#include "cli/document.h"

#include <nlohmann/json.hpp>

// Inside the documents only: the JSON library is slow to compile.

namespace exhyperv::cli {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json json_of(const Message& message, text::Language language);
[[nodiscard]] Json json_of(const std::vector<Message>& messages, text::Language language);
[[nodiscard]] Json json_of(const Error& error, text::Language language);
[[nodiscard]] Json json_of(const assign::Check& check, text::Language language);
[[nodiscard]] Json json_of(const assign::Plan& plan, text::Language language);
[[nodiscard]] Json json_of(const assign::HistoryEntry& entry, text::Language language);

/// Sets a member only when there is a value.
template <class T>
void put(Json& object, const char* name, const std::optional<T>& value) {
    if (value) object[name] = *value;
}
inline void put(Json& object, const char* name, const std::string& text) {
    if (!text.empty()) object[name] = text;
}

} // namespace exhyperv::cli
