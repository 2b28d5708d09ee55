#include "guest/ext4.h"

#include "support/strings.h"

#include <ext2fs/ext2fs.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <vector>

extern "C" { // the header does not say so itself
#include <e2p/e2p.h>
}

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kSuperblock = 1024;
constexpr std::uint16_t kSmallestInode = 160; ///< 128 and what holds the parts of a second

/// What changes where or how things are written, and is written right here.
constexpr std::uint32_t kIncompatible = EXT2_FEATURE_INCOMPAT_FILETYPE | EXT3_FEATURE_INCOMPAT_RECOVER |
                                        EXT3_FEATURE_INCOMPAT_EXTENTS | EXT4_FEATURE_INCOMPAT_64BIT |
                                        EXT4_FEATURE_INCOMPAT_FLEX_BG | EXT2_FEATURE_INCOMPAT_META_BG |
                                        EXT4_FEATURE_INCOMPAT_CSUM_SEED | EXT4_FEATURE_INCOMPAT_LARGEDIR;
constexpr std::uint32_t kNeeded = EXT2_FEATURE_INCOMPAT_FILETYPE | EXT3_FEATURE_INCOMPAT_EXTENTS;
constexpr std::uint32_t kReadOnlyCompatible =
    EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE | EXT4_FEATURE_RO_COMPAT_HUGE_FILE |
    EXT4_FEATURE_RO_COMPAT_GDT_CSUM | EXT4_FEATURE_RO_COMPAT_DIR_NLINK | EXT4_FEATURE_RO_COMPAT_EXTRA_ISIZE |
    EXT4_FEATURE_RO_COMPAT_METADATA_CSUM | EXT4_FEATURE_RO_COMPAT_VERITY | EXT4_FEATURE_RO_COMPAT_ORPHAN_PRESENT;

void name_features(int word, std::uint32_t bits, std::vector<std::string>& names) {
    for (unsigned bit = 0; bit < 32; ++bit)
        if ((bits >> bit & 1) != 0) {
            std::array<char, 64> name{};
            e2p_feature_to_string(word, 1u << bit, name.data(), name.size());
            names.emplace_back(name.data());
        }
}

} // namespace

Result<std::optional<Error>> judge_ext4(Block& disk, std::uint64_t offset, std::uint64_t size) {
    ext2_super_block super{};
    static_assert(sizeof super == 1024);
    if (size < kSuperblock + sizeof super) return std::optional(Error{"guest.corrupt_volume", {}, {}, {}, "too small"});
    TRY(disk.read(offset + kSuperblock, std::as_writable_bytes(std::span(&super, 1))));
#ifdef WORDS_BIGENDIAN
    ext2fs_swap_super(&super);
#endif
    if (super.s_magic != EXT2_SUPER_MAGIC)
        return std::optional(Error{"guest.corrupt_volume", {}, {}, {}, "no superblock"});

    std::vector<std::string> features;
    name_features(E2P_FEATURE_INCOMPAT, super.s_feature_incompat & ~kIncompatible, features);
    name_features(E2P_FEATURE_RO_INCOMPAT, super.s_feature_ro_compat & ~kReadOnlyCompatible, features);
    std::vector<std::string> lacking;
    name_features(E2P_FEATURE_INCOMPAT, kNeeded & ~super.s_feature_incompat, lacking);
    for (const auto& name : lacking)
        features.push_back("^" + name); // as mke2fs -O says that it is off
    if (super.s_rev_level == 0 || super.s_inode_size < kSmallestInode) features.emplace_back("inode_size=128");
    if (!features.empty())
        return std::optional(Error{"guest.linux_feature", {{"features", join(features, ", ")}}, {}, {}, {}});
    if ((super.s_state & EXT2_ERROR_FS) != 0) return std::optional(Error{"guest.linux_errors", {}, {}, {}, {}});
    const bool waiting = (super.s_feature_incompat & EXT3_FEATURE_INCOMPAT_RECOVER) != 0 ||
                         (super.s_feature_ro_compat & EXT4_FEATURE_RO_COMPAT_ORPHAN_PRESENT) != 0 ||
                         super.s_last_orphan != 0 || (super.s_state & EXT2_VALID_FS) == 0;
    if (waiting) return std::optional(Error{"guest.linux_journal", {}, {}, {}, {}});
    return std::optional<Error>();
}

} // namespace exhyperv::guest
