#include "guest/ntfs/ntfs_volume.h"

#include "guest/format.h"
#include "guest/ntfs/hibernation.h"
#include "guest/ntfs/security_descriptor.h"

#include <array>

namespace exhyperv::guest {
namespace {} // namespace

NtfsVolume::NtfsVolume(Block& disk, TransactionBlock* transaction, std::uint64_t offset, std::uint64_t size)
    : device_(disk, offset, size, transaction != nullptr), transaction_(transaction) {
    if (transaction != nullptr) writer_.emplace(*transaction);
}

NtfsVolume::~NtfsVolume() {
    device_.discard_writes(); // without a commit nothing of this is wanted
}

Result<std::unique_ptr<NtfsVolume>> NtfsVolume::open(TransactionBlock& disk, std::uint64_t offset, std::uint64_t size) {
    std::unique_ptr<NtfsVolume> volume(new NtfsVolume(disk, &disk, offset, size));
    TRY(volume->mount());
    return volume;
}

Result<std::unique_ptr<NtfsVolume>> NtfsVolume::open_read_only(Block& disk, std::uint64_t offset, std::uint64_t size) {
    std::unique_ptr<NtfsVolume> volume(new NtfsVolume(disk, nullptr, offset, size));
    TRY(volume->mount());
    return volume;
}

Result<> NtfsVolume::mount() {
    TRY_ASSIGN(auto mounted, MountedNtfs::mount(device_));
    mounted_.emplace(std::move(mounted));
    exh_get_geometry(volume(), &geometry_);
    if (transaction_ != nullptr) {
        TRY(device_.watch_bitmap(volume()));
        if (!allocator_) allocator_.emplace(device_, geometry_);
    }
    return {};
}

Result<NtfsState> NtfsVolume::state() {
    NtfsState out;
    out.dirty = geometry_.dirty != 0;
    int log = EXH_LOG_CLEAN;
    if (int number = exh_log_state(volume(), &log)) return fail(device_.error(number, "$LogFile"));
    out.log = log == EXH_LOG_CLEAN ? LogState::clean : log == EXH_LOG_CACHED ? LogState::cached : LogState::unclean;

    TRY_ASSIGN(auto found, find(kHibernationFile));
    if (found.reference != 0) {
        std::array<char, kHibernationMagic> magic{};
        std::size_t got = 0;
        exh_info file{};
        if (int number = exh_stat(volume(), found.reference, &file))
            return fail(device_.error(number, kHibernationFile));
        if (int number = exh_read(volume(), found.reference, 0, magic.data(), magic.size(), &got))
            return fail(device_.error(number, kHibernationFile));
        out.hibernated = holds_hibernation(file.size, std::string_view(magic.data(), got));
    }
    return out;
}

Result<> NtfsVolume::commit() {
    TRY(writable());
    if (broken_ || device_.failed()) return fail("guest.change_incomplete");
    TRY(writer_->flush());
    // Unmounting is the library's one way to write everything it holds; it goes to the transaction's pages, in memory.
    int number = mounted_->unmount();
    mounted_.reset();
    if (number != 0 || device_.failed()) {
        broken_ = true;
        return fail(device_.error(number != 0 ? number : EIO, ""));
    }
    if (auto done = transaction_->commit(); !done) {
        broken_ = true;
        return done;
    }
    device_.freed().clear();
    if (auto done = mount(); !done) {
        broken_ = true;
        return done;
    }
    return {};
}

Result<> NtfsVolume::abort() {
    if (transaction_ == nullptr) return fail("guest.read_only");
    if (aborted_) return fail("guest.closed");
    aborted_ = true;
    device_.discard_writes();
    writer_->drop();
    mounted_.reset();
    return transaction_->abort();
}

Result<> NtfsVolume::writable() const {
    if (transaction_ == nullptr) return fail("guest.read_only");
    if (!mounted_) return fail("guest.closed");
    return {};
}

Result<std::uint64_t> NtfsVolume::free_bytes() {
    if (!mounted_) return fail("guest.closed");
    if (allocator_) {
        TRY_ASSIGN(auto clusters, allocator_->available(volume()));
        return clusters * geometry_.cluster_size;
    }
    std::int64_t clusters = 0;
    if (int number = exh_free_clusters(volume(), &clusters)) return fail(device_.error(number, "$Bitmap"));
    return static_cast<std::uint64_t>(clusters) * geometry_.cluster_size;
}

Result<std::uint64_t> NtfsVolume::total_bytes() {
    return static_cast<std::uint64_t>(geometry_.clusters) * geometry_.cluster_size;
}

Result<std::unique_ptr<GuestVolume>> open_ntfs(TransactionBlock& disk, std::uint64_t offset, std::uint64_t size) {
    return NtfsVolume::open(disk, offset, size);
}

Result<> apply_windows_acl(GuestVolume& volume, const std::string& path, WindowsAcl kind) {
    auto* ntfs = dynamic_cast<NtfsVolume*>(&volume);
    if (ntfs == nullptr) return fail("guest.bad_acl", {{"sddl", ""}, {"reason", "not an NTFS volume of this engine"}});
    return ntfs->set_security(path, kind == WindowsAcl::system_root ? kSystemRootSddl : kWindowsDirectorySddl);
}

} // namespace exhyperv::guest
