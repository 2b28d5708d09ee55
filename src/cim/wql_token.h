#pragma once

#include "support/result.h"

#include <string>
#include <string_view>

namespace exhyperv::cim::wql {

/// One lexical element of WQL.
struct Token {
    enum class Kind { name, text, number, symbol, object, end } kind = Kind::end;
    std::string value;        ///< text and object: unescaped / without braces; others as written
    std::size_t position = 0; ///< byte offset in the query
};

/// Letters, digits and underscores, not starting with a digit: what a class or property may be called.
[[nodiscard]] bool is_name(std::string_view text);

/// Reads the token at `at` and moves `at` behind it. Errors: cim.bad_query (open quote, unknown escape, stray
/// character).
[[nodiscard]] Result<Token> next_token(std::string_view query, std::size_t& at);

/// cim.bad_query (WBEM_E_INVALID_QUERY) for a place in the query.
[[nodiscard]] tl::unexpected<Error> bad_query(std::string_view query, std::size_t position, std::string_view reason);

} // namespace exhyperv::cim::wql
