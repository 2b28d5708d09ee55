#include "guest/ext4/ext4_volume.h"

#include "guest/ntfs/volume_path.h"

#include <algorithm>
#include <cerrno>

namespace exhyperv::guest {
namespace {

constexpr int kMaxTreeDepth = 256;

} // namespace

Result<> Ext4Volume::set_attributes(const std::string& path, std::uint32_t attributes) {
    TRY(writable());
    TRY_ASSIGN(const auto found, find_existing(path));
    TRY_ASSIGN(auto file, inode(found.number, path));
    if (LINUX_S_ISLNK(file.i_mode)) return {}; // a link's mode means nothing
    const auto mode = (attributes & kReadOnly) != 0 ? file.i_mode & ~0222 : file.i_mode | 0200;
    file.i_mode = static_cast<std::uint16_t>(mode);
    set_ext4_time(now(), file.i_ctime, file.i_ctime_extra);
    return changed(store(found.number, file), path);
}

Result<> Ext4Volume::set_modified(const std::string& path, std::uint64_t filetime) {
    TRY(writable());
    TRY_ASSIGN(const auto found, find_existing(path));
    TRY_ASSIGN(auto file, inode(found.number, path));
    set_ext4_time(filetime, file.i_mtime, file.i_mtime_extra);
    set_ext4_time(now(), file.i_ctime, file.i_ctime_extra);
    return changed(store(found.number, file), path);
}

/// Gives a file's blocks and its inode back.
errcode_t Ext4Volume::drop(ext2_ino_t number, bool directory) {
    Inode file{};
    if (auto error = ext2fs_read_inode_full(fs_, number, ext2fs_inode(&file), sizeof file)) return error;
    if (ext2fs_inode_has_valid_blocks2(fs_, ext2fs_inode(&file)) != 0) {
        if (auto error = ext2fs_punch(fs_, number, nullptr, nullptr, 0, ~blk64_t{0})) return error;
        if (auto error = ext2fs_read_inode_full(fs_, number, ext2fs_inode(&file), sizeof file)) return error;
    }
    if (ext2fs_file_acl_block(fs_, ext2fs_inode(&file)) != 0) {
        if (auto error = ext2fs_free_ext_attr(fs_, number, &file)) return error;
        if (auto error = ext2fs_read_inode_full(fs_, number, ext2fs_inode(&file), sizeof file)) return error;
    }
    std::uint32_t extra = 0;
    set_ext4_time(now(), file.i_dtime, extra);
    file.i_links_count = 0;
    file.i_size = 0;
    file.i_size_high = 0;
    if (auto error = store(number, file)) return error;
    ext2fs_inode_alloc_stats2(fs_, number, -1, directory ? 1 : 0);
    return 0;
}

/// Takes a name away, and what it names when that was the last one. Directories have to be empty.
errcode_t Ext4Volume::unlink(ext2_ino_t directory, const std::string& name, ext2_ino_t number) {
    Inode file{};
    if (auto error = ext2fs_read_inode_full(fs_, number, ext2fs_inode(&file), sizeof file)) return error;
    if (auto error = ext2fs_unlink(fs_, directory, name.c_str(), number, 0)) return error;
    if (auto error = touch(directory)) return error;
    if (LINUX_S_ISDIR(file.i_mode)) {
        Inode parent{};
        if (auto error = ext2fs_read_inode_full(fs_, directory, ext2fs_inode(&parent), sizeof parent)) return error;
        if (parent.i_links_count > 2) --parent.i_links_count; // 1: too many subdirectories to be counted
        if (auto error = store(directory, parent)) return error;
        return drop(number, true);
    }
    if (file.i_links_count <= 1) return drop(number, false);
    --file.i_links_count;
    set_ext4_time(now(), file.i_ctime, file.i_ctime_extra);
    return store(number, file);
}

Result<> Ext4Volume::rename(const std::string& from, const std::string& to) {
    TRY(need_metadata_room());
    TRY_ASSIGN(const auto source, find_existing(from));
    TRY_ASSIGN(auto target, find(to));
    if (source.parent == 0) return fail("guest.bad_name", {{"path", from}, {"reason", "the root"}});
    if (target.path.empty()) return fail("guest.exists", {{"path", to}});
    if (target.name.size() > EXT2_NAME_LEN) return fail("guest.bad_name", {{"path", to}, {"reason", "too long"}});
    if (target.parent == 0) {
        TRY_ASSIGN(target.parent, find_directory({target.path.begin(), target.path.end() - 1}, to));
    }
    if (target.number != 0) {
        if (target.number == source.number && target.parent == source.parent && target.name == source.name) return {};
        return fail("guest.exists", {{"path", to}});
    }
    TRY_ASSIGN(const auto file, inode(source.number, from));
    const bool directory = LINUX_S_ISDIR(file.i_mode);
    if (directory && source.parent != target.parent)
        return fail("guest.bad_name", {{"path", to}, {"reason", "a directory stays within its parent"}});
    const int type = directory                     ? EXT2_FT_DIR
                     : LINUX_S_ISLNK(file.i_mode)  ? EXT2_FT_SYMLINK
                     : LINUX_S_ISREG(file.i_mode)  ? EXT2_FT_REG_FILE
                     : LINUX_S_ISCHR(file.i_mode)  ? EXT2_FT_CHRDEV
                     : LINUX_S_ISBLK(file.i_mode)  ? EXT2_FT_BLKDEV
                     : LINUX_S_ISFIFO(file.i_mode) ? EXT2_FT_FIFO
                                                   : EXT2_FT_SOCK;
    directories_.clear();
    TRY(changed(link(target.parent, target.name, source.number, type), to));
    TRY(changed(ext2fs_unlink(fs_, source.parent, source.name.c_str(), source.number, 0), from));
    return changed(touch(source.parent), from);
}

Result<> Ext4Volume::remove_found(const Found& found, const std::string& path) {
    if (found.parent == 0) return fail("guest.bad_name", {{"path", path}, {"reason", "the root"}});
    TRY_ASSIGN(const auto file, inode(found.number, path));
    if (LINUX_S_ISDIR(file.i_mode)) {
        TRY_ASSIGN(const auto inside, entries(found.number, path));
        if (!inside.empty()) return fail("guest.directory_not_empty", {{"path", path}});
        directories_.clear();
    }
    return changed(unlink(found.parent, found.name, found.number), path);
}

Result<> Ext4Volume::remove(const std::string& path) {
    TRY(writable());
    if (broken_) return fail("guest.change_incomplete");
    TRY_ASSIGN(const auto found, find_existing(path));
    return remove_found(found, path);
}

/// By inode numbers: a name may hold what a path of ours cannot say.
Result<> Ext4Volume::remove_below(ext2_ino_t directory, const std::string& path, int depth) {
    if (depth > kMaxTreeDepth) return fail("guest.bad_name", {{"path", path}, {"reason", "too deep"}});
    TRY_ASSIGN(const auto inside, entries(directory, path));
    for (const auto& entry : inside) {
        TRY_ASSIGN(const auto file, inode(entry.number, path));
        if (LINUX_S_ISDIR(file.i_mode)) TRY(remove_below(entry.number, path, depth + 1));
        TRY(changed(unlink(directory, entry.name, entry.number), path));
    }
    return {};
}

Result<> Ext4Volume::remove_tree(const std::string& path) {
    TRY(writable());
    if (broken_) return fail("guest.change_incomplete");
    TRY_ASSIGN(const auto top, find_existing(path));
    if (top.parent == 0) return fail("guest.bad_name", {{"path", path}, {"reason", "the root"}});
    TRY_ASSIGN(const auto file, inode(top.number, path));
    directories_.clear();
    if (LINUX_S_ISDIR(file.i_mode)) TRY(remove_below(top.number, path, 0));
    return remove_found(top, path);
}

} // namespace exhyperv::guest
