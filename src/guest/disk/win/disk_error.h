#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>

namespace exhyperv::guest {

/// What Windows said when a guest's disk was to become one of this machine: disk.in_use, disk.not_found,
/// disk.access_denied, else disk.attach_failed; with path, reason and `call`.
[[nodiscard]] tl::unexpected<Error> fail_attach(std::uint32_t code, const std::string& path, const std::string& call);
[[nodiscard]] tl::unexpected<Error> fail_attach(Error error, const std::string& call); ///< of a file.* error

} // namespace exhyperv::guest
