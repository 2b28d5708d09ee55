#include "guest/ext4.h"

// For systems libext2fs is not built for (Windows). The disk is recognised, and refused with that reason.

namespace exhyperv::guest {

Result<std::optional<Error>> judge_ext4(Block&, std::uint64_t, std::uint64_t) {
    return std::optional(Error{"guest.linux_not_here", {}, {}, {}, {}});
}

Result<std::unique_ptr<GuestVolume>> open_ext4(TransactionBlock&, std::uint64_t, std::uint64_t, std::uint64_t) {
    return fail("guest.linux_not_here");
}

Result<std::unique_ptr<GuestVolume>> open_ext4_read_only(Block&, std::uint64_t, std::uint64_t) {
    return fail("guest.linux_not_here");
}

Result<> format_ext4(Block&, std::uint64_t, std::uint64_t, const Ext4Format&) {
    return fail("guest.linux_not_here");
}

} // namespace exhyperv::guest
