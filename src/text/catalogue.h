#pragma once

#include "support/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exhyperv::text {

enum class Language : std::uint8_t { en, zh_hans };

/// Understands language tags and locale names in any case: "en", "en-GB", "zh", "zh-Hans", "zh_CN.UTF-8". Traditional
/// Chinese gets the simplified texts: readable, which English need not be. Nullopt for every other language.
[[nodiscard]] std::optional<Language> parse_language(std::string_view tag);
[[nodiscard]] std::string_view language_tag(Language language); ///< "en", "zh-Hans"

/// The raw wording, placeholders and all; nullopt when the catalogue has no such key.
[[nodiscard]] std::optional<std::string_view> find_text(std::string_view key, Language language);

/// The wording with its {placeholders} filled in. Never fails: an unknown key gives the key with its arguments, an
/// argument that was not supplied stays visible as {name}. Values are inserted as they are and never looked at for
/// placeholders.
[[nodiscard]] std::string render(const Message& message, Language language);
/// A fixed text without arguments.
[[nodiscard]] std::string render(std::string_view key, Language language);

/// An error as people read it. All parts are single paragraphs without a line end.
struct ErrorText {
    std::string title;     ///< what happened
    std::string cause;     ///< why; empty when the code is not in the catalogue
    std::string remedy;    ///< what to do about it; likewise
    std::string technical; ///< one English line: code, native code, provider's text, detail
};
[[nodiscard]] ErrorText render_error(const Error& error, Language language);

} // namespace exhyperv::text
