#pragma once

#include "support/error.h"

#include <tl/expected.hpp>

namespace exhyperv {

/// What every fallible function of the product returns: a value, or an Error. No exception crosses a layer.
template <class T = void>
using Result = tl::expected<T, Error>;

/// Starts the failure path: `return fail("vm.not_found", {{"vm", name}});`
/// The code must stand in the catalogue (i18n/) with a title, a cause and a remedy; tools/check_i18n.py holds both
/// together.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string code, ErrorArgs args = {}, std::string detail = {}) {
    return tl::unexpected<Error>(Error{std::move(code), std::move(args), {}, {}, std::move(detail)});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

} // namespace exhyperv

#define EXHYPERV_CONCAT_(a, b) a##b
#define EXHYPERV_CONCAT(a, b) EXHYPERV_CONCAT_(a, b)

/// TRY(expr): returns the error of a Result<void> (or of a Result whose value is not needed) to the caller.
#define TRY(expr)                                                                                                      \
    do {                                                                                                               \
        if (auto try_result_ = (expr); !try_result_) return ::tl::unexpected(std::move(try_result_).error());          \
    } while (false)

/// TRY_ASSIGN(auto x, expr): x becomes the value of a Result, or its error is returned to the caller.
#define TRY_ASSIGN(decl, expr)                                                                                         \
    auto EXHYPERV_CONCAT(try_assign_, __LINE__) = (expr);                                                              \
    if (!EXHYPERV_CONCAT(try_assign_, __LINE__))                                                                       \
        return ::tl::unexpected(std::move(EXHYPERV_CONCAT(try_assign_, __LINE__)).error());                            \
    decl = std::move(*EXHYPERV_CONCAT(try_assign_, __LINE__))
