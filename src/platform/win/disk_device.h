#pragma once

#include "support/result.h"

#include <cstdint>
#include <span>
#include <string>

namespace exhyperv::platform {

// A whole disk ("\\.\PhysicalDriveN") where a file is expected. What works for files does not for devices: sizes, names
// and pieces that are no whole sectors. Errors: file.* with `path`.

[[nodiscard]] Result<std::uint64_t> disk_size(void* handle, const std::string& path);
/// The same for this disk after a restart, when it may have another number: maker, model, serial number and length;
/// with the number as well for disks that have no serial number.
[[nodiscard]] Result<std::string> disk_identity(void* handle, const std::string& path);
/// As File::read_at(); reads whole sectors and gives the part that is asked for.
[[nodiscard]] Result<> read_disk(void* handle, const std::string& path, std::uint64_t offset, std::span<std::byte> out);

} // namespace exhyperv::platform
