#pragma once

#include "support/result.h"

#include <cstdint>
#include <string_view>

namespace exhyperv::cim {

/// The error of a text that cannot be read: arguments `position` (bytes), `reason`, and `text`, an excerpt of the input
/// from that position on (well-formed UTF-8 whatever the input was). `hresult` 0 leaves the native code out.
[[nodiscard]] tl::unexpected<Error> parse_error(std::string code, std::uint32_t hresult, std::string_view input,
                                                std::size_t position, std::string_view reason);

} // namespace exhyperv::cim
