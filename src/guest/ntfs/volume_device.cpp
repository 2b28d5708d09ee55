#include "guest/ntfs/volume_device.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>

namespace exhyperv::guest {

VolumeDevice::VolumeDevice(Block& disk, std::uint64_t offset, std::uint64_t size, bool writable)
    : disk_(disk), offset_(offset), size_(size), writable_(writable) {}

exh_device VolumeDevice::callbacks() {
    return {this, &VolumeDevice::read, &VolumeDevice::write, size_, writable_ ? 1 : 0};
}

int VolumeDevice::note(const Error& error) {
    last_error_ = error;
    return error.code == "disk.no_space" ? ENOSPC : EIO;
}

int VolumeDevice::read(void* context, std::uint64_t offset, void* buffer, std::size_t length) {
    auto& self = *static_cast<VolumeDevice*>(context);
    auto done = self.disk_.read(self.offset_ + offset, {static_cast<std::byte*>(buffer), length});
    return done ? 0 : self.note(done.error());
}

int VolumeDevice::write(void* context, std::uint64_t offset, const void* buffer, std::size_t length) {
    auto& self = *static_cast<VolumeDevice*>(context);
    if (self.discard_) return 0;
    std::span<const std::byte> data{static_cast<const std::byte*>(buffer), length};
    auto done = self.remember_freed(offset, data);
    if (done) done = self.disk_.write(self.offset_ + offset, data);
    if (done) return 0;
    self.failed_ = true;
    return self.note(done.error());
}

/// Compares what goes over the cluster bitmap with what is there: each bit that turns 0 is a cluster that was freed.
Result<> VolumeDevice::remember_freed(std::uint64_t offset, std::span<const std::byte> data) {
    for (const auto& extent : bitmap_) {
        std::uint64_t start = std::max(offset, extent.offset);
        std::uint64_t stop = std::min(offset + data.size(), extent.offset + extent.length);
        if (start >= stop) continue;
        old_.resize(stop - start);
        TRY(disk_.read(offset_ + start, old_));
        auto fresh = data.subspan(start - offset, stop - start);
        std::uint64_t first_cluster = (extent.first_byte + (start - extent.offset)) * 8;
        for (std::size_t i = 0; i < old_.size(); ++i) {
            auto gone = static_cast<unsigned>(std::to_integer<std::uint8_t>(old_[i] & ~fresh[i]));
            while (gone != 0) {
                auto low = static_cast<unsigned>(std::countr_zero(gone));
                auto run = static_cast<unsigned>(std::countr_one(gone >> low));
                freed_.add(first_cluster + i * 8 + low, run);
                gone &= ~(((1u << run) - 1u) << low);
            }
        }
    }
    return {};
}

Result<> VolumeDevice::watch_bitmap(exh_volume* volume) {
    // $Bitmap is one run on a fresh volume; a grown one has a few.
    std::array<exh_run, 256> runs{};
    std::size_t count = runs.size();
    if (int number = exh_bitmap_runs(volume, runs.data(), &count)) return fail(error(number, "$Bitmap"));
    exh_geometry geometry{};
    exh_get_geometry(volume, &geometry);
    bitmap_.clear();
    std::uint64_t first_byte = 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto length = static_cast<std::uint64_t>(runs[i].length) * geometry.cluster_size;
        bitmap_.push_back({static_cast<std::uint64_t>(runs[i].lcn) * geometry.cluster_size, length, first_byte});
        first_byte += length;
    }
    return {};
}

Error VolumeDevice::error(int number, const std::string& path) {
    if (last_error_ && (number == EIO || number == EBUSY || number == ENOSPC)) {
        Error error = *last_error_;
        last_error_.reset();
        return error.with("guest_path", path);
    }
    last_error_.reset();
    auto code = [number] {
        switch (number) {
        case ENOENT:
            return "guest.not_found";
        case EEXIST:
            return "guest.exists";
        case ENOTDIR:
            return "guest.not_a_directory";
        case EISDIR:
            return "guest.is_a_directory";
        case ENOTEMPTY:
            return "guest.directory_not_empty";
        case ENOSPC:
            return "guest.volume_full";
        case ENAMETOOLONG:
            return "guest.bad_name";
        case EROFS:
            return "guest.read_only";
        default:
            return "guest.io";
        }
    }();
    Error error{code, {{"path", path}}, {NativeKind::posix, number}, {}, "libntfs-3g"};
    if (number == ENAMETOOLONG) error.with("reason", "too long");
    return error;
}

Result<MountedNtfs> MountedNtfs::mount(VolumeDevice& device) {
    exh_volume* volume = nullptr;
    auto callbacks = device.callbacks();
    if (int number = exh_mount(&callbacks, &volume)) {
        Error error = device.error(number, "");
        if (error.code != "guest.io" && error.code.starts_with("guest.")) error.code = "guest.io";
        if (error.code == "guest.io") error.code = "guest.corrupt_volume";
        return fail(std::move(error));
    }
    return MountedNtfs(volume);
}

} // namespace exhyperv::guest
