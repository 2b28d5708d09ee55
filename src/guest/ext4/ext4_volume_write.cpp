#include "guest/ext4/ext4_volume.h"

#include "guest/ntfs/volume_path.h"
#include "support/strings.h"

#include <algorithm>
#include <cerrno>

namespace exhyperv::guest {
namespace {

/// Left for directories, extent trees and inodes: running out in the middle of those cannot be undone one by one.
constexpr std::uint64_t kMetadataBlocks = 256;
constexpr std::uint32_t kLongestExtent = 1u << 15; ///< blocks

} // namespace

Result<> Ext4Volume::writable() const {
    if (transaction_ == nullptr) return fail("guest.read_only");
    if (fs_ == nullptr) return fail("guest.closed");
    return {};
}

Result<> Ext4Volume::changed(errcode_t number, const std::string& path) {
    touched_ = true;
    if (number == 0 && !device_.failed()) return {};
    broken_ = true;
    return fail(device_.error(number != 0 ? number : EIO, path));
}

Result<> Ext4Volume::need_metadata_room() {
    TRY(writable());
    if (broken_) return fail("guest.change_incomplete");
    const auto free = allocator_.available();
    if (free >= kMetadataBlocks) return {};
    return fail("guest.no_space", {{"needed", std::to_string(kMetadataBlocks * fs_->blocksize)},
                                   {"free", std::to_string(free * fs_->blocksize)}});
}

/// Where a new entry goes: its parent exists, nothing of its name does.
Result<Ext4Volume::Found> Ext4Volume::find_new(const std::string& path) {
    TRY(need_metadata_room());
    TRY_ASSIGN(auto found, find(path));
    if (found.number != 0) return fail("guest.exists", {{"path", path}});
    if (found.name.size() > EXT2_NAME_LEN) return fail("guest.bad_name", {{"path", path}, {"reason", "too long"}});
    if (found.parent == 0) {
        TRY_ASSIGN(found.parent, find_directory({found.path.begin(), found.path.end() - 1}, path));
    }
    return found;
}

/// Streams the source into its blocks; the rest of the last one is zeroes.
Result<> Ext4Volume::fill(const std::vector<BlockRun>& runs, const std::string& path, const NewFile& file,
                          const ByteSource& source) {
    std::uint64_t left = file.size;
    for (const auto& run : runs) {
        std::uint64_t at = device_.offset() + run.first * fs_->blocksize;
        const std::uint64_t end = at + run.count * fs_->blocksize;
        while (at < end) {
            TRY_ASSIGN(auto room, writer_->room(at, left > 0 ? std::min(left, end - at) : end - at));
            std::size_t got = room.size();
            if (left > 0) {
                TRY_ASSIGN(got, source(room));
                if (got == 0 || got > room.size()) return fail("guest.source_changed", {{"path", path}});
                left -= got;
            } else {
                std::fill(room.begin(), room.end(), std::byte{0});
            }
            writer_->advance(got);
            at += got;
        }
    }
    return {};
}

/// Brings a file's content to where it will be: onto the disk, in blocks that are marked as used.
Result<std::vector<BlockRun>> Ext4Volume::place(const std::string& path, const NewFile& file,
                                                const ByteSource& source) {
    const auto blocks = file.size / fs_->blocksize + (file.size % fs_->blocksize != 0 ? 1 : 0);
    const auto free = allocator_.available();
    std::vector<BlockRun> runs;
    if (blocks > free || free - blocks < kMetadataBlocks || allocator_.allocate(blocks, runs) != 0)
        return fail("guest.no_space",
                    {{"needed", std::to_string(file.size)}, {"free", std::to_string(free * fs_->blocksize)}});
    touched_ = true;
    auto filled = fill(runs, path, file, source);
    if (filled) { // a source that has more than it said is another file than the one that was looked at
        std::byte extra[1];
        auto got = source(extra);
        if (!got)
            filled = tl::unexpected(std::move(got).error());
        else if (*got != 0)
            filled = fail("guest.source_changed", {{"path", path}});
    }
    if (filled) return runs;
    allocator_.release(runs);
    return tl::unexpected(std::move(filled).error());
}

void Ext4Volume::stamp(Inode& file, std::uint64_t modified) const {
    const auto made = now();
    set_ext4_time(modified != 0 ? modified : made, file.i_mtime, file.i_mtime_extra);
    set_ext4_time(made, file.i_ctime, file.i_ctime_extra);
    set_ext4_time(made, file.i_atime, file.i_atime_extra);
    set_ext4_time(made, file.i_crtime, file.i_crtime_extra);
}

errcode_t Ext4Volume::store(ext2_ino_t number, Inode& file) {
    return ext2fs_write_inode_full(fs_, number, ext2fs_inode(&file), sizeof file);
}

errcode_t Ext4Volume::touch(ext2_ino_t number) {
    Inode file{};
    if (auto error = ext2fs_read_inode_full(fs_, number, ext2fs_inode(&file), sizeof file)) return error;
    set_ext4_time(now(), file.i_mtime, file.i_mtime_extra);
    set_ext4_time(now(), file.i_ctime, file.i_ctime_extra);
    return store(number, file);
}

/// Lets the library put a name into a directory, in a new block of it when the others are full.
errcode_t Ext4Volume::add_name(ext2_ino_t directory, const std::function<errcode_t()>& add) {
    auto error = add();
    if (error == EXT2_ET_DIR_NO_SPACE) {
        error = ext2fs_expand_dir(fs_, directory);
        if (error == 0) error = add();
    }
    return error != 0 ? error : touch(directory);
}

errcode_t Ext4Volume::link(ext2_ino_t directory, const std::string& name, ext2_ino_t number, int type) {
    return add_name(directory, [&] { return ext2fs_link(fs_, directory, name.c_str(), number, type); });
}

/// Makes the runs the file's content, in order.
errcode_t Ext4Volume::map(ext2_ino_t number, Inode& file, const std::vector<BlockRun>& runs) {
    ext2_extent_handle_t handle = nullptr;
    if (auto error = ext2fs_extent_open2(fs_, number, ext2fs_inode(&file), &handle)) return error;
    errcode_t error = 0;
    std::uint64_t at = 0;
    for (const auto& run : runs)
        for (std::uint64_t done = 0; done < run.count && error == 0;) {
            ext2fs_extent extent{};
            extent.e_len = static_cast<std::uint32_t>(std::min<std::uint64_t>(run.count - done, kLongestExtent));
            extent.e_lblk = at;
            extent.e_pblk = run.first + done;
            error = ext2fs_extent_insert(handle, EXT2_EXTENT_INSERT_AFTER, &extent);
            at += extent.e_len;
            done += extent.e_len;
        }
    ext2fs_extent_free(handle);
    return error;
}

Result<ext2_ino_t> Ext4Volume::create(ext2_ino_t parent, const std::string& path, const NewFile& file,
                                      const ByteSource& source, const Inode* model) {
    TRY_ASSIGN(const auto runs, place(path, file, source));
    const int write = (file.attributes & kReadOnly) != 0 ? 0 : 0200;
    const int mode = model != nullptr ? model->i_mode : LINUX_S_IFREG | (file.executable ? 0555 : 0444) | write;
    ext2_ino_t number = 0;
    TRY(changed(ext2fs_new_inode(fs_, parent, mode, nullptr, &number), path));
    ext2fs_inode_alloc_stats2(fs_, number, +1, 0);
    Inode made{};
    made.i_mode = static_cast<std::uint16_t>(mode);
    made.i_links_count = 1;
    if (model != nullptr) {
        made.i_uid = model->i_uid;
        made.i_gid = model->i_gid;
        made.osd2.linux2.l_i_uid_high = model->osd2.linux2.l_i_uid_high;
        made.osd2.linux2.l_i_gid_high = model->osd2.linux2.l_i_gid_high;
    }
    TRY(changed(ext2fs_write_new_inode(fs_, number, ext2fs_inode(&made)), path));
    TRY_ASSIGN(made, inode(number, path));
    TRY(changed(map(number, made, runs), path));
    TRY_ASSIGN(made, inode(number, path)); // the extents are in it now, and the blocks of their tree counted
    std::uint64_t blocks = 0;
    for (const auto& run : runs)
        blocks += run.count;
    TRY(changed(ext2fs_iblk_add_blocks(fs_, ext2fs_inode(&made), blocks), path));
    TRY(changed(ext2fs_inode_size_set(fs_, ext2fs_inode(&made), static_cast<ext2_off64_t>(file.size)), path));
    stamp(made, file.modified);
    TRY(changed(store(number, made), path));
    return number;
}

Result<> Ext4Volume::write_new(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY_ASSIGN(const auto found, find_new(path));
    TRY_ASSIGN(const auto number, create(found.parent, path, file, source, nullptr));
    return changed(link(found.parent, found.name, number, EXT2_FT_REG_FILE), path);
}

/// The new content is complete before the old one goes: a source that fails leaves the old file.
Result<> Ext4Volume::replace(const std::string& path, const NewFile& file, const ByteSource& source) {
    TRY(need_metadata_room());
    TRY_ASSIGN(const auto found, find_existing(path));
    TRY_ASSIGN(const auto old, inode(found.number, path));
    if (LINUX_S_ISDIR(old.i_mode)) return fail("guest.is_a_directory", {{"path", path}});
    const bool plain = LINUX_S_ISREG(old.i_mode); // a link's mode says nothing of what replaces it
    TRY_ASSIGN(const auto number, create(found.parent, path, file, source, plain ? &old : nullptr));
    TRY(changed(unlink(found.parent, found.name, found.number), path));
    return changed(link(found.parent, found.name, number, EXT2_FT_REG_FILE), path);
}

Result<> Ext4Volume::make_directories(const std::string& path) {
    TRY(need_metadata_room());
    TRY_ASSIGN(const auto components, split_volume_path(path));
    std::vector<std::string> at;
    for (const auto& component : components) {
        TRY_ASSIGN(const auto parent, find_directory(at, path));
        at.push_back(component);
        if (component.size() > EXT2_NAME_LEN) return fail("guest.bad_name", {{"path", path}, {"reason", "too long"}});
        ext2_ino_t existing = 0;
        const auto error =
            ext2fs_lookup(fs_, parent, component.data(), static_cast<int>(component.size()), nullptr, &existing);
        if (error == 0) continue;
        if (error != EXT2_ET_FILE_NOT_FOUND) return fail(device_.error(error, path));
        TRY(changed(add_name(parent, [&] { return ext2fs_mkdir(fs_, parent, 0, component.c_str()); }), path));
        TRY_ASSIGN(const auto made, find_directory(at, path));
        TRY_ASSIGN(auto file, inode(made, path));
        stamp(file, 0);
        TRY(changed(store(made, file), path));
    }
    TRY(find_directory(components, path)); // something of that name may be a file
    return {};
}

Result<> Ext4Volume::make_symlink(const std::string& path, const std::string& target, bool) {
    if (target.empty() || target.size() >= fs_->blocksize || target.find('\0') != std::string::npos)
        return fail("guest.bad_name", {{"path", target}, {"reason", "link target"}});
    TRY_ASSIGN(const auto found, find_new(path));
    const auto text = replace_all(target, "\\", "/");
    const auto add = [&] { return ext2fs_symlink(fs_, found.parent, 0, found.name.c_str(), text.c_str()); };
    TRY(changed(add_name(found.parent, add), path));
    TRY_ASSIGN(const auto made, find_existing(path));
    TRY_ASSIGN(auto file, inode(made.number, path));
    stamp(file, 0);
    return changed(store(made.number, file), path);
}

Result<> Ext4Volume::make_junction(const std::string& path, const std::string&) {
    return fail("guest.bad_name", {{"path", path}, {"reason", "ext4 has no junctions"}});
}

} // namespace exhyperv::guest
