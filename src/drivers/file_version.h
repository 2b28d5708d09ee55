#pragma once

#include "support/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace exhyperv::drivers {

/// Reads exactly out.size() bytes at an offset of an executable.
using ExecutableReader = std::function<Result<>(std::uint64_t offset, std::span<std::byte> out)>;

/// The fixed file version (major.minor.build.revision, 16 bits each, most significant first) from the version resource
/// of a PE file of `size` bytes; 0 when it has none or is no PE file. Everything in the file is checked; only read
/// errors are errors.
[[nodiscard]] Result<std::uint64_t> read_file_version(std::uint64_t size, const ExecutableReader& read);

} // namespace exhyperv::drivers
