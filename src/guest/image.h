#pragma once

#include "guest/block.h"
#include "support/guid.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
    /// Paths of the image and its parents, leaf first.
    [[nodiscard]] virtual std::vector<std::string> chain() const { return {path()}; }

    // What a transaction needs. Formats without allocation tables keep the defaults.

    /// Takes the room that writes to this range will need, so that they change no allocation table any more once it is
    /// flushed. The content stays as it is. Counts as a write: content_mark() has its new value afterwards.
    [[nodiscard]] virtual Result<> allocate(std::uint64_t /*offset*/, std::uint64_t /*length*/) { return {}; }
    /// Forgets the allocations since the last flush(), with what was written to them.
    [[nodiscard]] virtual Result<> discard_unflushed() { return {}; }
    /// Tells two states of one disk apart: changes with the first write after each open (VHDX data write GUID). Formats
    /// that keep no such mark give the identity of the file.
    [[nodiscard]] virtual Result<std::string> content_mark() const = 0;
    /// While true, writes leave content_mark() as it is: they complete those of an interrupted process, which changed
    /// it.
    virtual void keep_content_mark(bool /*keep*/) {}
};

struct OpenOptions {
    bool writable = false;
    bool replay_log =
        true; ///< replay a VHDX log left by a crash; false: `disk.unclean_log` instead (and always when not writable)
};

/// Opens by content, not by name: VHDX, VHD (footer), else raw when the size is a multiple of the sector size.
/// Differencing images open their parents read only (relative, then absolute parent locators), at most 64 deep, and
/// check the linkage GUID. Everything in the file is hostile until checked. Errors: disk.not_found, disk.in_use,
/// disk.access_denied, disk.truncated, disk.corrupt (what and where), disk.unclean_log, disk.unsupported (what),
/// disk.parent_missing, disk.parent_changed, disk.encrypted_image, disk.io. All carry `path`.
[[nodiscard]] Result<std::unique_ptr<Image>> open_image(const std::string& path, const OpenOptions& options);

/// `disk.has_child` {path, child} when another image of its folder builds on this one (block/children.h): then nothing
/// may be written to it. Errors besides: disk.not_found, file.*.
[[nodiscard]] Result<> require_no_child(const std::string& path);

struct CreateOptions {
    ImageFormat format = ImageFormat::vhdx_dynamic;
    std::uint64_t size = 0;          ///< virtual size in bytes, a multiple of the sector size; ignored for differencing
    std::uint32_t sector_size = 512; ///< logical
    std::uint32_t block_size = 32u << 20; ///< dynamic and differencing
    std::string parent;                   ///< differencing: path of the parent image
    std::optional<Guid> disk_id;          ///< reproducible images give one; random otherwise
};

/// Creates a new image file; refuses to overwrite (`disk.exists`). A failure leaves no file behind. Fixed images get
/// their full length at once; where the file system can, its blocks stay unallocated until written. Errors:
/// disk.bad_create_options (what), disk.no_space, disk.access_denied, disk.io, and those of open_image for the parent.
[[nodiscard]] Result<std::unique_ptr<Image>> create_image(const std::string& path, const CreateOptions& options);

} // namespace exhyperv::guest
