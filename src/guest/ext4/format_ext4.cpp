#include "guest/ext4/ext4_device.h"
#include "guest/ext4/ext4_volume.h"
#include "support/guid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace exhyperv::guest {
namespace {

constexpr std::uint32_t kBlock = 4096, kInode = 256;
constexpr std::uint64_t kSmallest = 64ull << 20;
constexpr std::uint32_t kLostAndFound = 4; ///< blocks, taken before they are needed: fsck cannot take any

ext2_super_block parameters(std::uint64_t size) {
    ext2_super_block super{};
    super.s_rev_level = EXT2_DYNAMIC_REV;
    super.s_log_block_size = 2; // 1024 << 2
    super.s_log_cluster_size = 2;
    super.s_inode_size = kInode;
    super.s_min_extra_isize = super.s_want_extra_isize = sizeof(ext2_inode_large) - EXT2_GOOD_OLD_INODE_SIZE;
    super.s_log_groups_per_flex = 4;
    super.s_feature_compat =
        EXT2_FEATURE_COMPAT_DIR_INDEX | EXT2_FEATURE_COMPAT_EXT_ATTR | EXT2_FEATURE_COMPAT_RESIZE_INODE;
    super.s_feature_incompat = EXT2_FEATURE_INCOMPAT_FILETYPE | EXT3_FEATURE_INCOMPAT_EXTENTS |
                               EXT4_FEATURE_INCOMPAT_64BIT | EXT4_FEATURE_INCOMPAT_FLEX_BG;
    super.s_feature_ro_compat = EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE |
                                EXT4_FEATURE_RO_COMPAT_HUGE_FILE | EXT4_FEATURE_RO_COMPAT_DIR_NLINK |
                                EXT4_FEATURE_RO_COMPAT_EXTRA_ISIZE | EXT4_FEATURE_RO_COMPAT_METADATA_CSUM;
    const auto blocks = size / kBlock;
    ext2fs_blocks_count_set(&super, blocks);
    ext2fs_r_blocks_count_set(&super, blocks / 20);
    super.s_inodes_count = static_cast<std::uint32_t>(std::min<std::uint64_t>(size / 16384, 0xFFFFFFFF));
    return super;
}

/// One file system being made. Each step gives the library's number.
class Formatter {
  public:
    Formatter(Ext4Device& device, const Ext4Format& format) : device_(device), format_(format) {}
    ~Formatter() {
        if (fs_ != nullptr) ext2fs_free(fs_);
    }

    errcode_t run() {
        auto super = parameters(device_.size());
        {
            const Ext4Device::Opening opening(device_);
            if (auto error = ext2fs_initialize("guest", EXT2_FLAG_64BITS, &super, Ext4Device::manager(), &fs_))
                return error;
        }
        identify();
        if (auto error = ext2fs_allocate_tables(fs_)) return error;
        // The inode tables read as zeroes already.
        for (dgrp_t group = 0; group < fs_->group_desc_count; ++group) {
            ext2fs_bg_flags_set(fs_, group, EXT2_BG_INODE_ZEROED);
            ext2fs_group_desc_csum_set(fs_, group);
        }
        if (auto error = directories()) return error;
        if (auto error = reserved_inodes()) return error;
        if (auto error = ext2fs_create_resize_inode(fs_)) return error;
        ext2fs_journal_params journal{};
        journal.num_journal_blocks = static_cast<blk_t>(ext2fs_default_journal_size(ext2fs_blocks_count(fs_->super)));
        if (auto error = ext2fs_add_journal_inode3(fs_, &journal, ~blk64_t{0},
                                                   EXT2_MKJOURNAL_NO_MNT_CHECK | EXT2_MKJOURNAL_LAZYINIT))
            return error;
        fs_->super->s_state |= EXT2_VALID_FS;
        return ext2fs_flush2(fs_, 0);
    }

  private:
    void identify() {
        const auto made = format_.now != 0 ? format_.now : clock_filetime();
        std::uint32_t seconds = 0, extra = 0;
        set_ext4_time(made, seconds, extra);
        fs_->now = static_cast<time_t>(seconds);
        fs_->umask = 022;
        auto& super = *fs_->super;
        super.s_mkfs_time = super.s_lastcheck = super.s_wtime = seconds;
        super.s_max_mnt_count = -1;
        super.s_errors = EXT2_ERRORS_CONTINUE;
        super.s_def_hash_version = EXT2_HASH_HALF_MD4;
        super.s_flags |= EXT2_FLAGS_SIGNED_HASH;
        super.s_checksum_type = EXT2_CRC32C_CHKSUM;
        const auto id = [&](const char* what, std::uint8_t* out) {
            std::array<std::uint8_t, 16> bytes{};
            Guid::from_name(fmt::format("exhyperv ext4 {} {}", format_.seed, what)).to_windows(bytes.data());
            std::copy(bytes.begin(), bytes.end(), out);
        };
        id("volume", super.s_uuid);
        id("hash", reinterpret_cast<std::uint8_t*>(super.s_hash_seed));
        std::memcpy(super.s_volume_name, format_.label.data(), format_.label.size());
        ext2fs_init_csum_seed(fs_);
    }

    errcode_t directories() {
        if (auto error = ext2fs_mkdir(fs_, EXT2_ROOT_INO, EXT2_ROOT_INO, nullptr)) return error;
        if (auto error = ext2fs_mkdir(fs_, EXT2_ROOT_INO, 0, "lost+found")) return error;
        ext2_ino_t found = 0;
        if (auto error = ext2fs_lookup(fs_, EXT2_ROOT_INO, "lost+found", 10, nullptr, &found)) return error;
        for (std::uint32_t i = 1; i < kLostAndFound; ++i)
            if (auto error = ext2fs_expand_dir(fs_, found)) return error;
        ext2_inode_large inode{};
        if (auto error = ext2fs_read_inode_full(fs_, found, ext2fs_inode(&inode), sizeof inode)) return error;
        inode.i_mode = LINUX_S_IFDIR | 0700;
        return ext2fs_write_inode_full(fs_, found, ext2fs_inode(&inode), sizeof inode);
    }

    errcode_t reserved_inodes() {
        for (ext2_ino_t number = EXT2_ROOT_INO + 1; number < EXT2_FIRST_INODE(fs_->super); ++number)
            ext2fs_inode_alloc_stats2(fs_, number, +1, 0);
        ext2fs_mark_inode_bitmap2(fs_->inode_map, EXT2_BAD_INO);
        ext2fs_inode_alloc_stats2(fs_, EXT2_BAD_INO, +1, 0);
        ext2fs_mark_ib_dirty(fs_);
        return ext2fs_update_bb_inode(fs_, nullptr);
    }

    Ext4Device& device_;
    const Ext4Format& format_;
    ext2_filsys fs_ = nullptr;
};

} // namespace

Result<> format_ext4(Block& disk, std::uint64_t offset, std::uint64_t size, const Ext4Format& format) {
    if (format.label.size() > 16) return fail("guest.bad_label", {{"label", format.label}});
    if (size < kSmallest) return fail("guest.io", {{"path", ""}}, "less than 64 MiB");
    Ext4Device device(disk, offset, size / kBlock * kBlock, true);
    if (auto error = Formatter(device, format).run(); error != 0 || device.failed())
        return fail(device.error(error != 0 ? error : EIO, ""));
    return {};
}

} // namespace exhyperv::guest
