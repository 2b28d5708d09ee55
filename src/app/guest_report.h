#pragma once

#include "drivers/manifest.h"
#include "guest/guest_disk.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::app {

/// What was found on a partition: the disk engine's finding, and what this program has put into the Windows there.
struct GuestPartitionReport {
    guest::PartitionFinding finding;
    std::optional<drivers::Manifest> manifest;
    std::optional<Error>
        manifest_error; ///< the manifest is there but cannot be used, or the volume could not be opened
};

struct GuestReport {
    std::string image; ///< as this process opens it
    guest::DiskFindings disk;
    std::vector<GuestPartitionReport> partitions; ///< as disk.partitions, in their order
};

/// Looks into a disk image without changing a byte. Errors: those of guest::inspect_disk.
[[nodiscard]] Result<GuestReport> report_guest(const std::string& image);

/// What the user named is a path of an image rather than a VM: it has a separator or the ending of a disk image.
[[nodiscard]] bool looks_like_image_path(std::string_view text);

} // namespace exhyperv::app
