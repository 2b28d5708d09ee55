#include "cim/xml_prescan.h"

#include "cim/parse_error.h"
#include "support/strings.h"
#include "support/utf.h"

#include <charconv>

namespace exhyperv::cim {
namespace {

constexpr std::size_t kMaxElements = 500'000;

/// Length of the well-formed reference at `at` (which holds &), 0 when it is none.
std::size_t reference_length(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at + 1, 10);
    const auto end = rest.find(';');
    if (end == std::string_view::npos) return 0;
    std::string_view name = rest.substr(0, end);
    for (const std::string_view known : {"amp", "lt", "gt", "quot", "apos"})
        if (name == known) return end + 2;
    if (!name.starts_with('#')) return 0;
    name.remove_prefix(1);
    const int base = name.starts_with('x') ? 16 : 10;
    if (base == 16) name.remove_prefix(1);
    std::uint32_t code = 0;
    const auto [last, error] = std::from_chars(name.data(), name.data() + name.size(), code, base);
    if (name.empty() || error != std::errc{} || last != name.data() + name.size()) return 0;
    const bool character = code == 9 || code == 10 || code == 13 || (code >= 0x20 && code < 0xD800) ||
                           (code >= 0xE000 && code <= 0x10FFFF && code != 0xFFFE && code != 0xFFFF);
    return character ? end + 2 : 0;
}

class Scanner {
  public:
    Scanner(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

    Result<> run() {
        if (text_.find('\0') != std::string_view::npos) return bad_xml(text_, text_.find('\0'), "a NUL character");
        if (!is_valid_utf8(text_)) return bad_xml(text_, 0, "not well-formed UTF-8");
        while (at_ < text_.size()) {
            if (text_[at_] == '&') {
                TRY(reference());
            } else if (text_[at_] == '<') {
                TRY(markup());
            } else {
                ++at_;
            }
        }
        return {};
    }

  private:
    Result<> reference() {
        const std::size_t length = reference_length(text_, at_);
        if (!length) return bad_xml(text_, at_, "an unknown entity");
        at_ += length;
        return {};
    }

    Result<> skip_behind(std::string_view end) {
        const auto found = text_.find(end, at_);
        if (found == std::string_view::npos) return bad_xml(text_, at_, "markup that does not end");
        at_ = found + end.size();
        return {};
    }

    Result<> markup() {
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("<!--")) return skip_behind("-->");
        if (rest.starts_with("<![CDATA[")) return skip_behind("]]>");
        if (rest.starts_with("<?")) return skip_behind("?>");
        if (rest.starts_with("<!")) return bad_xml(text_, at_, "a document type declaration is not allowed");
        if (rest.starts_with("</")) {
            if (depth_) --depth_;
            return skip_behind(">");
        }
        return start_tag();
    }

    Result<> start_tag() {
        const std::size_t start = at_;
        if (++elements_ > kMaxElements) return bad_xml(text_, start, "too many elements");
        if (++depth_ > max_depth_) return bad_xml(text_, start, "nested too deep");
        char quote = 0;
        for (++at_; at_ < text_.size();) {
            const char c = text_[at_];
            if (c == '&') {
                TRY(reference());
                continue;
            }
            ++at_;
            if (quote) {
                if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                if (text_[at_ - 2] == '/') --depth_;
                return {};
            }
        }
        return bad_xml(text_, start, "a tag that does not end");
    }

    std::string_view text_;
    std::size_t max_depth_;
    std::size_t at_ = 0, depth_ = 0, elements_ = 0;
};

} // namespace

tl::unexpected<Error> bad_xml(std::string_view text, std::size_t position, std::string_view reason) {
    return parse_error("cim.bad_xml", 0, text, position, reason);
}

Result<> prescan_xml(std::string_view text, std::size_t max_depth) {
    return Scanner(text, max_depth).run();
}

} // namespace exhyperv::cim
