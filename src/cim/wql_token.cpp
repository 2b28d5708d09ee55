#include "cim/wql_token.h"

#include "cim/parse_error.h"

#include <algorithm>

namespace exhyperv::cim::wql {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_char(char c) {
    return is_name_start(c) || is_digit(c);
}

Result<Token> quoted(std::string_view query, std::size_t& at) {
    Token token{Token::Kind::text, {}, at};
    const char quote = query[at++];
    while (at < query.size()) {
        char c = query[at++];
        if (c == quote) return token;
        if (c == '\\') {
            if (at == query.size()) break;
            c = query[at++];
            if (c != '\\' && c != '\'' && c != '"') return bad_query(query, at - 2, "a backslash must be doubled");
        }
        token.value += c;
    }
    return bad_query(query, token.position, "a quoted text does not end");
}

/// The object path of ASSOCIATORS OF {…}: taken as it is, since it has its own escapes; a brace in quotes does not end
/// it.
Result<Token> braced(std::string_view query, std::size_t& at) {
    Token token{Token::Kind::object, {}, at++};
    char quote = 0;
    for (const std::size_t start = at; at < query.size(); ++at) {
        const char c = query[at];
        if (quote) {
            if (c == '\\')
                ++at;
            else if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '}') {
            token.value = query.substr(start, at - start);
            ++at;
            return token;
        }
    }
    at = query.size();
    return bad_query(query, token.position, "an object path does not end");
}

std::size_t symbol_length(std::string_view rest) {
    if (rest.starts_with("<=") || rest.starts_with(">=") || rest.starts_with("<>") || rest.starts_with("!=")) return 2;
    return std::string_view("<>=(),*").find(rest.front()) != std::string_view::npos ? 1 : 0;
}

} // namespace

bool is_name(std::string_view text) {
    return !text.empty() && is_name_start(text.front()) && std::ranges::all_of(text, is_name_char);
}

tl::unexpected<Error> bad_query(std::string_view query, std::size_t position, std::string_view reason) {
    constexpr std::uint32_t kInvalidQuery = 0x80041017;
    return parse_error("cim.bad_query", kInvalidQuery, query, position, reason);
}

Result<Token> next_token(std::string_view query, std::size_t& at) {
    while (at < query.size() && (query[at] == ' ' || query[at] == '\t' || query[at] == '\r' || query[at] == '\n'))
        ++at;
    if (at >= query.size()) return Token{Token::Kind::end, {}, query.size()};
    const char c = query[at];
    if (c == '\'' || c == '"') return quoted(query, at);
    if (c == '{') return braced(query, at);

    const std::size_t start = at;
    const auto cut = [&](Token::Kind kind) { return Token{kind, std::string(query.substr(start, at - start)), start}; };
    if (is_name_start(c)) {
        while (at < query.size() && is_name_char(query[at]))
            ++at;
        return cut(Token::Kind::name);
    }
    if (is_digit(c) || (c == '-' && at + 1 < query.size() && is_digit(query[at + 1]))) {
        ++at;
        while (at < query.size() && is_name_char(query[at]))
            ++at; // letters too: 0x1F, and "12ab" is one bad number
        return cut(Token::Kind::number);
    }
    if (const std::size_t length = symbol_length(query.substr(at))) {
        at += length;
        return cut(Token::Kind::symbol);
    }
    return bad_query(query, at, "an unexpected character");
}

} // namespace exhyperv::cim::wql
