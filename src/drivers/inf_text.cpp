#include "drivers/inf_text.h"

#include "support/strings.h"
#include "support/utf.h"

#include <array>

namespace exhyperv::drivers {

namespace {

/// 0x80..0x9F of code page 1252; zero where it has no character.
constexpr std::array<char16_t, 32> kCp1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                              0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string from_cp1252(std::string_view bytes) {
    std::u16string wide;
    wide.reserve(bytes.size());
    for (unsigned char byte : bytes) {
        char16_t unit = byte;
        if (byte >= 0x80 && byte < 0xA0 && kCp1252[byte - 0x80] != 0) unit = kCp1252[byte - 0x80];
        wide.push_back(unit);
    }
    return to_utf8(wide);
}

std::string from_utf16(std::span<const std::byte> bytes, bool big_endian) {
    std::u16string wide;
    wide.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const auto first = std::to_integer<unsigned>(bytes[i]), second = std::to_integer<unsigned>(bytes[i + 1]);
        wide.push_back(static_cast<char16_t>(big_endian ? first << 8 | second : second << 8 | first));
    }
    return to_utf8(wide);
}

/// Walks the text once. Everything is linear in the input; quotes never reach over a line end.
class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    Result<std::vector<RawInfLine>> run() {
        while (position_ < text_.size()) {
            TRY(logical_line());
            if (lines_.size() > kMaxInfLines || fields_ > kMaxInfFields)
                return fail("drivers.inf_too_large", {}, "too many lines or fields");
        }
        return std::move(lines_);
    }

  private:
    [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
    [[nodiscard]] bool at_line_end() const { return at_end() || text_[position_] == '\n' || text_[position_] == '\r'; }
    static bool blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\x1a'; }

    void next_line() {
        if (at_end()) return;
        if (text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n') ++position_;
        ++position_;
        ++number_;
    }
    void skip_to_line_end() {
        while (!at_line_end())
            ++position_;
    }
    void skip_blanks() {
        while (!at_line_end() && blank(text_[position_]))
            ++position_;
    }

    /// A '\' with nothing but blanks or a comment behind it joins the next line to this one.
    bool take_continuation() {
        auto look = position_ + 1;
        while (look < text_.size() && blank(text_[look]))
            ++look;
        const bool ends = look >= text_.size() || text_[look] == '\n' || text_[look] == '\r' || text_[look] == ';';
        if (!ends) return false;
        position_ = look;
        skip_to_line_end();
        next_line();
        skip_blanks();
        return true;
    }

    void quoted(std::string& token) {
        ++position_;
        while (!at_line_end()) {
            if (text_[position_] == '"') {
                ++position_;
                if (at_line_end() || text_[position_] != '"') return;
            }
            token += text_[position_++];
        }
    }

    Result<> logical_line() {
        RawInfLine line;
        line.number = number_;
        skip_blanks();
        if (!at_end() && text_[position_] == '[') {
            TRY(section_header(line));
            lines_.push_back(std::move(line));
            skip_to_line_end();
            next_line();
            return {};
        }
        std::string token;
        std::size_t kept = 0; // length of the token without trailing blanks outside quotes
        bool any = false;     // something other than blanks was seen
        bool has_key = false;
        auto finish = [&] {
            token.resize(kept);
            line.fields.push_back(std::move(token));
            token.clear();
            kept = 0;
            ++fields_;
        };
        while (!at_line_end()) {
            if (fields_ > kMaxInfFields) return fail("drivers.inf_too_large", {}, "too many fields");
            const char c = text_[position_];
            if (c == ';') {
                skip_to_line_end();
                break;
            }
            if (c == '\\' && take_continuation()) continue;
            if (c == '"') {
                any = true;
                quoted(token);
                kept = token.size();
                continue;
            }
            ++position_;
            if (c == ',') {
                any = true;
                finish();
            } else if (c == '=' && !has_key && line.fields.empty()) {
                any = has_key = true;
                token.resize(kept);
                line.key = std::move(token);
                token.clear();
                kept = 0;
            } else if (!blank(c)) {
                any = true;
                token += c;
                kept = token.size();
            } else if (!token.empty()) {
                token += c;
            }
        }
        next_line();
        if (!any) return {};
        if (kept != 0 || !line.fields.empty() || !has_key) finish();
        lines_.push_back(std::move(line));
        return {};
    }

    Result<> section_header(RawInfLine& line) {
        ++position_;
        line.section = true;
        while (!at_line_end() && text_[position_] != ']') {
            if (text_[position_] == '"') {
                quoted(line.key);
            } else {
                line.key += text_[position_++];
            }
        }
        if (at_line_end())
            return fail("drivers.inf_invalid",
                        {{"line", std::to_string(line.number)}, {"reason", "section header without ']'"}});
        line.key = std::string(trim(line.key));
        return {};
    }

    std::string_view text_;
    std::size_t position_ = 0;
    std::uint32_t number_ = 1;
    std::size_t fields_ = 0;
    std::vector<RawInfLine> lines_;
};

} // namespace

Result<std::string> decode_inf(std::span<const std::byte> content) {
    if (content.size() > kMaxInfBytes) return fail("drivers.inf_too_large", {}, "larger than 32 MiB");
    auto at = [&](std::size_t i) { return i < content.size() ? std::to_integer<unsigned>(content[i]) : 0x100u; };
    std::string text;
    if (at(0) == 0xFF && at(1) == 0xFE) {
        text = from_utf16(content.subspan(2), false);
    } else if (at(0) == 0xFE && at(1) == 0xFF) {
        text = from_utf16(content.subspan(2), true);
    } else if (at(0) != 0 && at(1) == 0 && at(2) != 0 && at(3) == 0) {
        text = from_utf16(content, false);
    } else {
        if (at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF) content = content.subspan(3);
        text.assign(reinterpret_cast<const char*>(content.data()), content.size());
        if (!is_valid_utf8(text)) text = from_cp1252(text);
    }
    if (text.find('\0') != std::string::npos)
        return fail("drivers.inf_invalid", {{"line", "1"}, {"reason", "binary content"}});
    return text;
}

Result<std::vector<RawInfLine>> split_inf(std::string_view text) {
    return Splitter(text).run();
}

} // namespace exhyperv::drivers
