#pragma once

#include "support/result.h"

#include <string_view>

namespace exhyperv::cim {

/// Looks over an XML text before the XML library sees it, and refuses what the library would tolerate or choke on:
/// DOCTYPE and other declarations, entities beyond the five and numeric ones, NUL and malformed UTF-8, elements nested
/// deeper than `max_depth`, more than 500,000 elements. Well-formedness is left to the library. Errors: cim.bad_xml.
[[nodiscard]] Result<> prescan_xml(std::string_view text, std::size_t max_depth);

/// cim.bad_xml for a place in the text.
[[nodiscard]] tl::unexpected<Error> bad_xml(std::string_view text, std::size_t position, std::string_view reason);

} // namespace exhyperv::cim
