#pragma once

#include "support/error.h"
#include "text/catalogue.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::cli {

/// What a piece of text means; colours follow from it, and without colours nothing is lost.
enum class Tone : std::uint8_t { plain, strong, faint, good, warn, bad, accent };

/// How things are shown to this user: language, colours, width. A value, handed to every view.
struct Ui {
    text::Language language = text::Language::en;
    bool color = false;
    bool verbose = false;
    int width = 80; ///< columns; tables fit into it, running text wraps at it or at 100

    /// A text of the catalogue. Argument values are made printable: they come from hosts and guests.
    [[nodiscard]] std::string text(std::string_view key, MessageArgs args = {}) const;
    [[nodiscard]] std::string text(const Message& message) const;
    [[nodiscard]] std::string paint(Tone tone, std::string_view text) const;
};

/// The text without what would drive a terminal: control characters (escape sequences) and bidirectional overrides are
/// dropped, line ends and tabs become spaces, malformed UTF-8 becomes U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

/// Lines of at most `width` columns. Breaks at spaces and between wide (CJK) characters, never before closing
/// punctuation; a word longer than a line stands alone, uncut: commands and paths must stay copyable.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);
/// The wrapped text as one block: `first` before the first line, as many spaces before the others; each line ends with
/// \n.
[[nodiscard]] std::string paragraph(std::string_view first, std::string_view text, const Ui& ui);
/// Filled up with spaces to `width` columns; longer text is returned as it is.
[[nodiscard]] std::string pad(std::string_view text, std::size_t width);

} // namespace exhyperv::cli
