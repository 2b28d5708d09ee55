#pragma once

#include "guest/block/bytes.h"
#include "support/guid.h"
#include "support/result.h"

#include <string>
#include <vector>

namespace exhyperv::guest::vhdx {

/// Where a differencing image finds its parent ([MS-VHDX] 2.2.5.3). Paths are as written, with '\' between parts.
struct ParentLocator {
    std::vector<Guid> linkage;       ///< data write GUIDs that the parent may have (parent_linkage, parent_linkage2)
    std::string relative_path;       ///< from the directory of the child; empty when not given, as below
    std::string absolute_win32_path; ///< \\?\C:\…
    std::string volume_path;         ///< \\?\Volume{…}\…
};

/// disk.corrupt without path and disk.unsupported (another locator type) without path: the caller adds it.
[[nodiscard]] Result<ParentLocator> parse_parent_locator(std::span<const std::byte> item,
                                                         const std::string& image_path);
[[nodiscard]] Bytes serialize_parent_locator(const ParentLocator& locator);

/// A locator for a new child. Both paths are absolute paths of this system.
[[nodiscard]] ParentLocator locate_parent(const std::string& child_path, const std::string& parent_path,
                                          const Guid& parent_data_write);
/// The places to look at, in this order: relative, absolute, volume path; paths of this system. Those that cannot exist
/// on this system (drive letters on Linux) are left out.
[[nodiscard]] std::vector<std::string> parent_candidates(const ParentLocator& locator, const std::string& child_path);

} // namespace exhyperv::guest::vhdx
