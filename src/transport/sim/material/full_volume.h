#pragma once

#include "guest/block.h"
#include "support/result.h"

#include <cstdint>
#include <string>

namespace exhyperv::sim {

/// Takes all but about `free_bytes` of an NTFS volume with one file below its root. The file's clusters are marked as
/// used and not written, so the image does not grow. For images that are being made: not journalled.
[[nodiscard]] Result<> fill_up(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint64_t free_bytes,
                               const std::string& name, std::uint64_t modified);

} // namespace exhyperv::sim
