#include "cim/object_path.h"
#include "cim/parse_error.h"
#include "support/strings.h"

namespace exhyperv::cim {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::size_t kMaxKeys = 64;
constexpr std::uint32_t kInvalidObjectPath = 0x8004103A;

bool is_separator(char c) {
    return c == '\\' || c == '/';
}

bool is_name_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<ObjectPath> run() {
        if (text_.size() > kMaxBytes) return bad("longer than 64 KiB");
        TRY(prefix());
        path_.class_name = name();
        if (path_.class_name.empty()) return bad("a class name was expected");
        if (at_end()) return std::move(path_);
        if (peek() == '=' && next_is('@')) {
            path_.singleton = true;
            at_ += 2;
            if (!at_end()) return bad("unexpected text after =@");
            return std::move(path_);
        }
        TRY(keys());
        return std::move(path_);
    }

  private:
    Result<> prefix() {
        if (text_.size() >= 2 && is_separator(text_[0]) && is_separator(text_[1])) {
            at_ = 2;
            while (!at_end() && !is_separator(peek()))
                path_.host += text_[at_++];
            if (path_.host.empty() || at_end()) return bad("a host and a namespace were expected");
            ++at_;
            const auto colon = text_.find(':', at_);
            if (colon == std::string_view::npos) return bad("a colon after the namespace was expected");
            return name_space(colon);
        }
        // A colon counts only before the first key: it may well stand inside a value.
        const auto colon = text_.find_first_of(":=\"'");
        if (colon != std::string_view::npos && text_[colon] == ':') return name_space(colon);
        return {};
    }

    Result<> name_space(std::size_t colon) {
        for (; at_ < colon; ++at_) {
            const char c = peek();
            if (!is_separator(c) && !is_name_char(c)) return bad("not a namespace");
            path_.name_space += is_separator(c) ? '\\' : c;
        }
        const auto& ns = path_.name_space;
        if (ns.empty() || ns.front() == '\\' || ns.back() == '\\' || ns.find("\\\\") != std::string::npos)
            return bad("not a namespace");
        at_ = colon + 1;
        return {};
    }

    std::string name() {
        std::string out;
        while (!at_end() && is_name_char(peek()))
            out += text_[at_++];
        return out;
    }

    Result<> keys() {
        const bool named = peek() == '.';
        if (named) ++at_;
        for (;;) {
            if (path_.keys.size() == kMaxKeys) return bad("more than 64 keys");
            std::string key = named ? name() : std::string{};
            if (named && key.empty()) return bad("a key name was expected");
            if (path_.key(key)) return bad("a key is given twice");
            if (at_end() || peek() != '=') return bad("= was expected");
            ++at_;
            TRY_ASSIGN(auto value, key_value());
            path_.keys.emplace_back(std::move(key), std::move(value));
            if (at_end()) return {};
            if (!named || peek() != ',') return bad("unexpected text after a key value");
            ++at_;
        }
    }

    Result<ObjectPath::KeyValue> key_value() {
        if (at_end()) return bad("a key value was expected");
        if (peek() == '"' || peek() == '\'') return quoted(text_[at_++]);
        const std::size_t start = at_;
        while (!at_end() && peek() != ',')
            ++at_;
        const std::string_view word = text_.substr(start, at_ - start);
        if (iequals(word, "TRUE")) return ObjectPath::KeyValue{true};
        if (iequals(word, "FALSE")) return ObjectPath::KeyValue{false};
        if (const auto number = parse_i64(word)) return ObjectPath::KeyValue{*number};
        if (const auto number = parse_u64(word); number && *number <= INT64_MAX)
            return ObjectPath::KeyValue{static_cast<std::int64_t>(*number)};
        at_ = start;
        return bad("a key value is neither quoted nor a number");
    }

    Result<ObjectPath::KeyValue> quoted(char quote) {
        std::string out;
        while (!at_end()) {
            const char c = text_[at_++];
            if (c == quote) return ObjectPath::KeyValue{std::move(out)};
            if (c != '\\') {
                out += c;
                continue;
            }
            if (at_end()) break;
            const char escaped = text_[at_++];
            if (escaped != '\\' && escaped != '"' && escaped != '\'') return bad("an unknown escape");
            out += escaped;
        }
        return bad("a key value does not end");
    }

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek() const { return text_[at_]; }
    [[nodiscard]] bool next_is(char c) const { return at_ + 1 < text_.size() && text_[at_ + 1] == c; }

    tl::unexpected<Error> bad(std::string_view reason) const {
        return parse_error("cim.bad_path", kInvalidObjectPath, text_, at_, reason);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    ObjectPath path_;
};

} // namespace

Result<ObjectPath> ObjectPath::parse(std::string_view text) {
    return Parser(text).run();
}

} // namespace exhyperv::cim
