#include "guest/ext4/ext4_volume.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kEpoch = 116'444'736'000'000'000; ///< 1970 as FILETIME
constexpr std::uint64_t kMostGroups = 1u << 20;           ///< 128 TiB in the usual groups of 128 MiB

} // namespace

std::uint64_t ext4_time(std::uint32_t seconds, std::uint32_t extra) {
    // The two low bits of `extra` go on above the 32 bits of seconds, which are signed.
    const auto whole =
        static_cast<std::int64_t>(static_cast<std::int32_t>(seconds)) + (static_cast<std::int64_t>(extra & 3) << 32);
    const auto ticks = whole * 10'000'000 + static_cast<std::int64_t>(extra >> 2) / 100;
    return static_cast<std::uint64_t>(ticks + static_cast<std::int64_t>(kEpoch));
}

void set_ext4_time(std::uint64_t filetime, std::uint32_t& seconds, std::uint32_t& extra) {
    const auto ticks = static_cast<std::int64_t>(filetime) - static_cast<std::int64_t>(kEpoch);
    auto whole = ticks / 10'000'000, rest = ticks % 10'000'000;
    if (rest < 0) {
        rest += 10'000'000;
        --whole;
    }
    whole = std::clamp<std::int64_t>(whole, INT32_MIN, (std::int64_t{3} << 32) + INT32_MAX);
    seconds = static_cast<std::uint32_t>(whole & 0xFFFFFFFF);
    const auto epoch = (whole - static_cast<std::int32_t>(seconds)) >> 32;
    extra = static_cast<std::uint32_t>(rest * 100) << 2 | static_cast<std::uint32_t>(epoch & 3);
}

std::uint64_t clock_filetime() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ticks = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() / 100;
    return static_cast<std::uint64_t>(ticks) + kEpoch;
}

Ext4Volume::Ext4Volume(Block& disk, TransactionBlock* transaction, std::uint64_t offset, std::uint64_t size)
    : device_(disk, offset, size, transaction != nullptr), transaction_(transaction) {
    if (transaction != nullptr) writer_.emplace(*transaction);
}

Ext4Volume::~Ext4Volume() {
    device_.discard_writes(); // without a commit nothing of this is wanted
    if (fs_ != nullptr) ext2fs_free(fs_);
}

Result<std::unique_ptr<Ext4Volume>> Ext4Volume::open(Block& disk, TransactionBlock* transaction, std::uint64_t offset,
                                                     std::uint64_t size, std::uint64_t now) {
    std::unique_ptr<Ext4Volume> volume(new Ext4Volume(disk, transaction, offset, size));
    TRY(volume->mount(now));
    return volume;
}

Result<> Ext4Volume::mount(std::uint64_t now) {
    now_ = now;
    const auto refuse = [&](errcode_t number) {
        Error error = device_.error(number, "");
        if (error.code.starts_with("guest.")) error.code = "guest.corrupt_volume";
        return fail(std::move(error));
    };
    {
        const Ext4Device::Opening opening(device_);
        const int flags = EXT2_FLAG_64BITS | EXT2_FLAG_SKIP_MMP | (transaction_ != nullptr ? EXT2_FLAG_RW : 0);
        if (auto number = ext2fs_open2("guest", nullptr, flags, 0, 0, Ext4Device::manager(), &fs_))
            return refuse(number);
    }
    const auto blocks = ext2fs_blocks_count(fs_->super);
    if (blocks > device_.size() / fs_->blocksize || fs_->group_desc_count > kMostGroups)
        return fail("guest.corrupt_volume", {}, "larger than its partition");
    fs_->umask = 022;
    if (now_ != 0) fs_->now = static_cast<time_t>((now_ - kEpoch) / 10'000'000);
    if (transaction_ == nullptr) return {};
    if (auto number = ext2fs_read_bitmaps(fs_)) return refuse(number);
    if (auto number = allocator_.begin(fs_)) return refuse(number);
    return {};
}

std::uint64_t Ext4Volume::now() const {
    return now_ != 0 ? now_ : clock_filetime();
}

Result<> Ext4Volume::commit() {
    TRY(writable());
    if (broken_ || device_.failed()) return fail("guest.change_incomplete");
    TRY(writer_->flush());
    if (touched_) {
        // The library's own maps and its superblock go to the transaction's pages, in memory.
        if (auto number = ext2fs_flush2(fs_, 0); number != 0 || device_.failed()) {
            broken_ = true;
            return fail(device_.error(number != 0 ? number : EIO, ""));
        }
    }
    if (auto done = transaction_->commit(); !done) {
        broken_ = true;
        return done;
    }
    touched_ = false;
    if (auto number = allocator_.begin(fs_)) {
        broken_ = true;
        return fail(device_.error(number, ""));
    }
    return {};
}

Result<> Ext4Volume::abort() {
    if (transaction_ == nullptr) return fail("guest.read_only");
    if (aborted_) return fail("guest.closed");
    aborted_ = true;
    device_.discard_writes();
    writer_->drop();
    ext2fs_free(fs_);
    fs_ = nullptr;
    return transaction_->abort();
}

Result<std::uint64_t> Ext4Volume::free_bytes() {
    if (fs_ == nullptr) return fail("guest.closed");
    if (transaction_ != nullptr) return allocator_.available() * fs_->blocksize;
    const std::uint64_t free = ext2fs_free_blocks_count(fs_->super), kept = ext2fs_r_blocks_count(fs_->super);
    return (free > kept ? free - kept : 0) * fs_->blocksize;
}

Result<std::uint64_t> Ext4Volume::total_bytes() {
    if (fs_ == nullptr) return fail("guest.closed");
    return ext2fs_blocks_count(fs_->super) * fs_->blocksize;
}

Result<std::unique_ptr<GuestVolume>> open_ext4(TransactionBlock& disk, std::uint64_t offset, std::uint64_t size,
                                               std::uint64_t now) {
    return Ext4Volume::open(disk, &disk, offset, size, now);
}

Result<std::unique_ptr<GuestVolume>> open_ext4_read_only(Block& disk, std::uint64_t offset, std::uint64_t size) {
    return Ext4Volume::open(disk, nullptr, offset, size, 0);
}

} // namespace exhyperv::guest
