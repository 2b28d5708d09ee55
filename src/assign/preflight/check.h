#pragma once

#include "assign/plan.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::assign {

/// A check of the catalogue: title "check.<id>", evidence "check.<id>.<finding>", and, unless it passes, remedy
/// "check.<id>.<finding>.remedy". The arguments go to both.
[[nodiscard]] Check make_check(std::string_view id, Verdict verdict, std::string_view finding, MessageArgs args = {});

/// A check that failed because something refused: evidence and remedy are those of the error.
[[nodiscard]] Check refused_check(std::string_view id, const Error& error);

/// "12.0 GiB", "1.4 MiB": for evidence.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

} // namespace exhyperv::assign
