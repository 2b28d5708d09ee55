#include "support/utf.h"

namespace exhyperv {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// Decodes one code point at `at` and moves `at` past it; kReplacement (and one byte) on malformed input.
char32_t next_code_point(std::string_view text, std::size_t& at, bool* malformed = nullptr) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    int length = lead < 0x80                   ? 1
                 : lead >= 0xC2 && lead < 0xE0 ? 2
                 : lead >= 0xE0 && lead < 0xF0 ? 3
                 : lead >= 0xF0 && lead < 0xF5 ? 4
                                               : 0;
    if (length == 1) {
        ++at;
        return lead;
    }
    bool good = length != 0 && at + static_cast<std::size_t>(length) <= text.size();
    char32_t code = length ? lead & (0x7F >> length) : 0;
    for (int i = 1; good && i < length; ++i) {
        const unsigned char c = byte(at + static_cast<std::size_t>(i));
        good = (c & 0xC0) == 0x80;
        code = (code << 6) | (c & 0x3F);
    }
    good = good && !(length == 3 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) &&
           !(length == 4 && (code < 0x10000 || code > 0x10FFFF));
    if (!good) {
        ++at;
        if (malformed) *malformed = true;
        return kReplacement;
    }
    at += static_cast<std::size_t>(length);
    return code;
}

void append_utf8(std::string& out, char32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

bool is_wide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) || (c >= 0x3041 && c <= 0x33FF) ||
           (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xA000 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) ||
           (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
           (c >= 0x20000 && c <= 0x3FFFD);
}

bool is_combining(char32_t c) {
    return (c >= 0x0300 && c <= 0x036F) || c == 0x200B || c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F);
}

} // namespace

std::u16string to_utf16(std::string_view utf8) {
    std::u16string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        char32_t code = next_code_point(utf8, at);
        if (code < 0x10000) {
            out += static_cast<char16_t>(code);
        } else {
            code -= 0x10000;
            out += static_cast<char16_t>(0xD800 + (code >> 10));
            out += static_cast<char16_t>(0xDC00 + (code & 0x3FF));
        }
    }
    return out;
}

std::string to_utf8(std::u16string_view utf16) {
    std::string out;
    out.reserve(utf16.size());
    for (std::size_t i = 0; i < utf16.size(); ++i) {
        char32_t code = utf16[i];
        if (code >= 0xD800 && code < 0xE000) {
            const bool pair = code < 0xDC00 && i + 1 < utf16.size() && utf16[i + 1] >= 0xDC00 && utf16[i + 1] < 0xE000;
            code = pair ? 0x10000 + ((code - 0xD800) << 10) + (utf16[++i] - 0xDC00u) : kReplacement;
        }
        append_utf8(out, code);
    }
    return out;
}

std::vector<std::byte> to_utf16le_bytes(std::string_view utf8) {
    const std::u16string units = to_utf16(utf8);
    std::vector<std::byte> out;
    out.reserve(units.size() * 2);
    for (char16_t unit : units) {
        out.push_back(static_cast<std::byte>(unit & 0xFF));
        out.push_back(static_cast<std::byte>(unit >> 8));
    }
    return out;
}

Result<std::string> from_utf16le_bytes(std::span<const std::byte> bytes) {
    if (bytes.size() % 2 != 0) return fail("text.bad_utf16", {{"bytes", std::to_string(bytes.size())}});
    std::u16string units;
    units.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); i += 2)
        units +=
            static_cast<char16_t>(std::to_integer<unsigned>(bytes[i]) | (std::to_integer<unsigned>(bytes[i + 1]) << 8));
    return to_utf8(units);
}

bool is_valid_utf8(std::string_view text) {
    bool malformed = false;
    for (std::size_t at = 0; at < text.size() && !malformed;)
        next_code_point(text, at, &malformed);
    return !malformed;
}

std::size_t display_width(std::string_view utf8) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t code = next_code_point(utf8, at);
        width += is_combining(code) ? 0 : is_wide(code) ? 2 : 1;
    }
    return width;
}

} // namespace exhyperv
