#pragma once

#include "guest/block.h"
#include "support/guid.h"

#include <memory>
#include <optional>
#include <string>

namespace exhyperv::guest {

enum class ImageFormat { raw, vhdx_fixed, vhdx_dynamic, vhdx_differencing, vhd_fixed, vhd_dynamic, vhd_differencing };

[[nodiscard]] std::string_view format_name(ImageFormat format); ///< "vhdx dynamic", …

/// An open disk image file. Holds the same lock the hypervisor takes, for as long as it lives.
class Image : public Block {
  public:
    [[nodiscard]] virtual ImageFormat format() const = 0;
    [[nodiscard]] virtual const std::string& path() const = 0;
    [[nodiscard]] virtual Guid disk_id() const = 0; ///< VHDX page 83 id; null for raw
    /// Bytes of the image file now (a dynamic image grows).
    [[nodiscard]] virtual Result<std::uint64_t> file_size() const = 0;
    /// Cuts the file back to what the allocation tables reference, e.g. after an aborted write. Writable images only.
    [[nodiscard]] virtual Result<> trim_file() = 0;
};

struct OpenOptions {
    bool writable = false;
    bool replay_log = true; ///< replay a VHDX log left by a crash; false: `disk.unclean_log` instead (and always when not writable)
};

/// Opens by content, not by name: VHDX, VHD (footer), else raw when the size is a multiple of the sector size.
/// Differencing images open their parents read only (relative, then absolute parent locators), at most 64 deep, and check the
/// linkage GUID. Everything in the file is hostile until checked.
/// Errors: disk.not_found, disk.in_use, disk.access_denied, disk.truncated, disk.corrupt (what and where), disk.unclean_log,
/// disk.unsupported (what), disk.parent_missing, disk.parent_changed, disk.encrypted_image.
[[nodiscard]] Result<std::unique_ptr<Image>> open_image(const std::string& path, const OpenOptions& options);

struct CreateOptions {
    ImageFormat format = ImageFormat::vhdx_dynamic;
    std::uint64_t size = 0;                 ///< virtual size in bytes, a multiple of the sector size; ignored for differencing
    std::uint32_t sector_size = 512;        ///< logical
    std::uint32_t block_size = 32u << 20;   ///< dynamic and differencing
    std::string parent;                     ///< differencing: path of the parent image
    std::optional<Guid> disk_id;            ///< reproducible images give one; random otherwise
};

/// Creates a new image file; refuses to overwrite (`disk.exists`). A failure leaves no file behind.
[[nodiscard]] Result<std::unique_ptr<Image>> create_image(const std::string& path, const CreateOptions& options);

} // namespace exhyperv::guest
