#pragma once

#include "guest/block.h"
#include "guest/ntfs/freed_clusters.h"
#include "guest/ntfs/ntfs_shim.h"

#include <optional>
#include <vector>

namespace exhyperv::guest {

/// The bytes of one volume inside a disk, as libntfs-3g reads and writes them. Keeps the disk's error while the library
/// has only an errno for it, and watches writes to the cluster bitmap for freed clusters. Its address is given to the
/// library: it stays where it is.
class VolumeDevice {
  public:
    VolumeDevice(Block& disk, std::uint64_t offset, std::uint64_t size, bool writable);
    VolumeDevice(const VolumeDevice&) = delete;
    VolumeDevice& operator=(const VolumeDevice&) = delete;

    [[nodiscard]] exh_device callbacks();
    /// Takes the clusters of $Bitmap from a mounted volume; from then on freed clusters are remembered.
    [[nodiscard]] Result<> watch_bitmap(exh_volume* volume);
    /// From now on writes are swallowed: the volume is being thrown away.
    void discard_writes() { discard_ = true; }

    [[nodiscard]] FreedClusters& freed() { return freed_; }
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] bool failed() const { return failed_; } ///< has a write ever failed?

    /// The error for an errno that the library gave: the disk's own one when there was one.
    [[nodiscard]] Error error(int number, const std::string& path);

  private:
    struct BitmapExtent {
        std::uint64_t offset, length, first_byte; ///< place on the volume, and in the bitmap
    };
    static int read(void* context, std::uint64_t offset, void* buffer, std::size_t length);
    static int write(void* context, std::uint64_t offset, const void* buffer, std::size_t length);
    int note(const Error& error);
    Result<> remember_freed(std::uint64_t offset, std::span<const std::byte> data);

    Block& disk_;
    std::uint64_t offset_, size_;
    bool writable_;
    bool discard_ = false;
    bool failed_ = false;
    std::optional<Error> last_error_;
    std::vector<BitmapExtent> bitmap_;
    std::vector<std::byte> old_;
    FreedClusters freed_;
};

/// A mounted volume, unmounted with the object. Errors of the unmount are lost then: call unmount() when they matter.
class MountedNtfs {
  public:
    static Result<MountedNtfs> mount(VolumeDevice& device);
    MountedNtfs(MountedNtfs&& other) noexcept : volume_(std::exchange(other.volume_, nullptr)) {}
    MountedNtfs& operator=(MountedNtfs&& other) noexcept {
        std::swap(volume_, other.volume_);
        return *this;
    }
    ~MountedNtfs() { exh_unmount(volume_); }
    [[nodiscard]] exh_volume* get() const { return volume_; }
    [[nodiscard]] int unmount() { return exh_unmount(std::exchange(volume_, nullptr)); }

  private:
    explicit MountedNtfs(exh_volume* volume) : volume_(volume) {}
    exh_volume* volume_ = nullptr;
};

} // namespace exhyperv::guest
