#include "cli/ui.h"

#include "support/utf.h"

#include <algorithm>
#include <array>

namespace exhyperv::cli {
namespace {

std::size_t sequence_length(unsigned char lead) {
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// Bidirectional controls can make a name read as another one (U+202A…202E, U+2066…2069); C1 controls drive terminals.
bool is_unsafe(std::string_view glyph) {
    if (glyph.size() == 1) return static_cast<unsigned char>(glyph[0]) < 0x20 || glyph[0] == 0x7F;
    if (glyph.size() == 2) return glyph[0] == '\xC2' && static_cast<unsigned char>(glyph[1]) < 0xA0;
    if (glyph.size() != 3 || glyph[0] != '\xE2') return false;
    const auto second = static_cast<unsigned char>(glyph[1]), third = static_cast<unsigned char>(glyph[2]);
    return (second == 0x80 && third >= 0xAA && third <= 0xAE) || (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

bool closes(std::string_view glyph) {
    static constexpr std::array<std::string_view, 17> kClosing{"，", "。", "；", "：", "、", "！", "？", "）", "」",
                                                               "』", "》", "”",  "’",  "】", "…",  ")",  ","};
    return std::ranges::find(kClosing, glyph) != kClosing.end();
}

bool opens(std::string_view glyph) {
    static constexpr std::array<std::string_view, 7> kOpening{"（", "「", "『", "《", "“", "【", "‘"};
    return std::ranges::find(kOpening, glyph) != kOpening.end();
}

/// Splits into pieces between which a line may end. A piece keeps its trailing space.
std::vector<std::string> pieces_of(std::string_view text) {
    std::vector<std::string> pieces(1);
    bool last_wide = false, last_open = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto glyph = text.substr(at, sequence_length(static_cast<unsigned char>(text[at])));
        at += glyph.size();
        const bool wide = display_width(glyph) == 2;
        const bool after_space = !pieces.back().empty() && pieces.back().back() == ' ' && glyph != " ";
        const bool between_wide = (wide || last_wide) && !closes(glyph) && !last_open && glyph != " ";
        if (!pieces.back().empty() && (after_space || between_wide)) pieces.emplace_back();
        pieces.back() += glyph;
        last_wide = wide;
        last_open = opens(glyph);
    }
    return pieces;
}

/// Longer lines of running text are hard to read, however wide the terminal is.
constexpr int kReadable = 100;

std::string_view without_trailing_spaces(std::string_view text) {
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

} // namespace

std::string Ui::text(std::string_view key, MessageArgs args) const {
    return text(Message{std::string(key), std::move(args)});
}

std::string Ui::text(const Message& message) const {
    Message safe = message;
    for (auto& [name, value] : safe.args)
        value = printable(value);
    return text::render(safe, language);
}

std::string Ui::paint(Tone tone, std::string_view text) const {
    if (!color || tone == Tone::plain || text.empty()) return std::string(text);
    static constexpr std::array<std::string_view, 7> kCodes{"", "1", "2", "32", "33", "31", "36"};
    std::string out = "\x1b[";
    out += kCodes[static_cast<std::size_t>(tone)];
    out += 'm';
    out += text;
    out += "\x1b[0m";
    return out;
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const auto glyph = text.substr(at, sequence_length(lead));
        if (!is_valid_utf8(glyph)) {
            out += "\xEF\xBF\xBD";
            ++at;
            continue;
        }
        at += glyph.size();
        if (glyph == "\n" || glyph == "\t")
            out += ' ';
        else if (!is_unsafe(glyph))
            out += glyph;
    }
    return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t used = 0;
    for (const std::string& piece : pieces_of(text)) {
        const std::size_t bare = display_width(without_trailing_spaces(piece));
        if (used > 0 && used + bare > width) {
            lines.emplace_back(without_trailing_spaces(line));
            line.clear();
            used = 0;
        }
        line += piece;
        used += display_width(piece);
    }
    lines.emplace_back(without_trailing_spaces(line));
    return lines;
}

std::string paragraph(std::string_view first, std::string_view text, const Ui& ui) {
    const std::size_t indent = display_width(first);
    const std::size_t room =
        std::max<std::size_t>(static_cast<std::size_t>(std::clamp(ui.width, 40, kReadable)) - indent, 20);
    std::string out;
    for (const std::string& line : wrap(text, room)) {
        out += out.empty() ? std::string(first) : std::string(indent, ' ');
        out += line;
        out += '\n';
    }
    return out;
}

std::string pad(std::string_view text, std::size_t width) {
    std::string out(text);
    const std::size_t used = display_width(text);
    if (used < width) out.append(width - used, ' ');
    return out;
}

} // namespace exhyperv::cli
