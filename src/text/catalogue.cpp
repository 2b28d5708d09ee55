#include "text/catalogue.h"

#include "support/strings.h"
#include "text/catalogue_table.h"

#include <algorithm>

namespace exhyperv::text {
namespace {

const std::string* find_arg(const MessageArgs& args, std::string_view name) {
    for (const auto& [key, value] : args)
        if (key == name) return &value;
    return nullptr;
}

std::string fill(std::string_view wording, const MessageArgs& args) {
    std::string out;
    out.reserve(wording.size() + 32);
    for (std::size_t at = 0; at < wording.size();) {
        const char c = wording[at];
        if ((c == '{' || c == '}') && at + 1 < wording.size() && wording[at + 1] == c) {
            out += c;
            at += 2;
            continue;
        }
        const std::size_t end = c == '{' ? wording.find('}', at) : std::string_view::npos;
        if (end == std::string_view::npos) {
            out += c;
            ++at;
            continue;
        }
        const auto* value = find_arg(args, wording.substr(at + 1, end - at - 1));
        out += value ? std::string_view(*value) : wording.substr(at, end - at + 1);
        at = end + 1;
    }
    return out;
}

/// What is shown of a key nobody wrote a text for: unpretty, but everything that is known.
std::string key_with_args(std::string_view key, const MessageArgs& args) {
    std::string out(key);
    for (const auto& [name, value] : args) {
        out += ' ';
        out += name;
        out += '=';
        out += value;
    }
    return out;
}

} // namespace

std::optional<Language> parse_language(std::string_view tag) {
    const std::string lower = ascii_lower(tag.substr(0, tag.find('.')));
    const std::string_view primary = std::string_view(lower).substr(0, lower.find_first_of("-_@"));
    if (primary == "zh") return Language::zh_hans;
    if (primary == "en" || primary == "c" || primary == "posix") return Language::en;
    return std::nullopt;
}

std::string_view language_tag(Language language) {
    return language == Language::zh_hans ? "zh-Hans" : "en";
}

std::optional<std::string_view> find_text(std::string_view key, Language language) {
    const auto table = entries();
    const auto found = std::ranges::lower_bound(table, key, {}, &Entry::key);
    if (found == table.end() || found->key != key) return std::nullopt;
    return found->text[static_cast<std::size_t>(language)];
}

std::string render(const Message& message, Language language) {
    if (const auto wording = find_text(message.key, language)) return fill(*wording, message.args);
    return key_with_args(message.key, message.args);
}

std::string render(std::string_view key, Language language) {
    return render(Message{std::string(key), {}}, language);
}

ErrorText render_error(const Error& error, Language language) {
    ErrorText out;
    const std::string prefix = "error." + error.code + '.';
    const auto part = [&](std::string_view name) -> std::string {
        const auto wording = find_text(prefix + std::string(name), language);
        return wording ? fill(*wording, error.args) : std::string();
    };
    out.title = part("title");
    if (out.title.empty()) out.title = key_with_args(error.code, error.args);
    out.cause = part("cause");
    out.remedy = part("remedy");
    out.technical = describe(error);
    return out;
}

} // namespace exhyperv::text
