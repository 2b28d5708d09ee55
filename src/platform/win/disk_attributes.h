#pragma once

#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace exhyperv::platform {

inline constexpr std::uint64_t kDiskOffline = 0x1, kDiskReadOnly = 0x2; ///< DISK_ATTRIBUTE_OFFLINE, _READ_ONLY

/// Attributes of the disk behind an open handle (IOCTL_DISK_GET_DISK_ATTRIBUTES); nullopt for kinds of disks that have
/// none (optical, empty card readers). Errors: file.* with `path`.
[[nodiscard]] Result<std::optional<std::uint64_t>> disk_attributes(void* handle, const std::string& path);
/// Sets those of `mask` and lets Windows look at the disk anew. Until the next start of the machine only: a host that
/// restarts in mid-operation has its disks as they were. The handle may read and write.
[[nodiscard]] Result<> set_disk_attributes(void* handle, const std::string& path, std::uint64_t attributes,
                                           std::uint64_t mask);

} // namespace exhyperv::platform
