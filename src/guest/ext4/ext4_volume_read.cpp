#include "guest/ext4/ext4_volume.h"

#include "guest/ntfs/volume_path.h"
#include "support/strings.h"

#include <algorithm>
#include <cerrno>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kReadPiece = 1u << 20;
constexpr std::size_t kMaxCachedDirectories = 8192;
constexpr std::size_t kMaxEntries = 4'000'000; ///< of one directory
constexpr std::size_t kMaxTarget = 4096;       ///< the kernel's own limit of a link's text
constexpr std::uint32_t kSymlinkTag = 0xA000000C;

/// As WSL shows the other kinds of files to Windows.
std::uint32_t tag_of(std::uint16_t mode) {
    if (LINUX_S_ISLNK(mode)) return kSymlinkTag;
    if (LINUX_S_ISSOCK(mode)) return 0x80000023;
    if (LINUX_S_ISFIFO(mode)) return 0x80000024;
    if (LINUX_S_ISCHR(mode)) return 0x80000025;
    if (LINUX_S_ISBLK(mode)) return 0x80000026;
    return 0;
}

/// Closes an extent handle with the scope.
struct Extents {
    ext2_extent_handle_t handle = nullptr;
    Extents() = default;
    Extents(const Extents&) = delete;
    Extents& operator=(const Extents&) = delete;
    ~Extents() {
        if (handle != nullptr) ext2fs_extent_free(handle);
    }
};

} // namespace

Result<Ext4Volume::Inode> Ext4Volume::inode(ext2_ino_t number, const std::string& path) {
    Inode out{};
    if (auto error = ext2fs_read_inode_full(fs_, number, ext2fs_inode(&out), sizeof out))
        return fail(device_.error(error, path));
    return out;
}

Result<ext2_ino_t> Ext4Volume::find_directory(const std::vector<std::string>& path, const std::string& whole) {
    if (fs_ == nullptr) return fail("guest.closed");
    auto key = join(path, "/");
    if (const auto known = directories_.find(key); known != directories_.end()) return known->second;
    ext2_ino_t at = EXT2_ROOT_INO;
    for (const auto& component : path) {
        TRY_ASSIGN(const auto file, inode(at, whole));
        if (!LINUX_S_ISDIR(file.i_mode)) return fail("guest.not_a_directory", {{"path", whole}});
        ext2_ino_t next = 0;
        if (auto error = ext2fs_lookup(fs_, at, component.data(), static_cast<int>(component.size()), nullptr, &next))
            return fail(device_.error(error, whole));
        at = next;
    }
    TRY_ASSIGN(const auto file, inode(at, whole));
    if (!LINUX_S_ISDIR(file.i_mode)) return fail("guest.not_a_directory", {{"path", whole}});
    if (directories_.size() >= kMaxCachedDirectories) directories_.clear();
    directories_.emplace(std::move(key), at);
    return at;
}

Result<Ext4Volume::Found> Ext4Volume::find(const std::string& path) {
    if (fs_ == nullptr) return fail("guest.closed");
    Found out;
    TRY_ASSIGN(out.path, split_volume_path(path));
    if (out.path.empty()) {
        out.number = EXT2_ROOT_INO;
        return out;
    }
    out.name = out.path.back();
    auto parent = find_directory({out.path.begin(), out.path.end() - 1}, path);
    if (!parent) {
        if (parent.error().code == "guest.not_found" || parent.error().code == "guest.not_a_directory") return out;
        return tl::unexpected(std::move(parent).error());
    }
    out.parent = *parent;
    const auto error =
        ext2fs_lookup(fs_, out.parent, out.name.data(), static_cast<int>(out.name.size()), nullptr, &out.number);
    if (error == EXT2_ET_FILE_NOT_FOUND) {
        out.number = 0;
        return out;
    }
    if (error != 0) return fail(device_.error(error, path));
    return out;
}

Result<Ext4Volume::Found> Ext4Volume::find_existing(const std::string& path) {
    TRY_ASSIGN(auto found, find(path));
    if (found.number == 0) return fail("guest.not_found", {{"path", path}});
    return found;
}

Result<FileInfo> Ext4Volume::info(ext2_ino_t number, const std::string& name) {
    TRY_ASSIGN(auto file, inode(number, name));
    FileInfo out;
    out.name = name;
    out.directory = LINUX_S_ISDIR(file.i_mode);
    out.reparse_tag = tag_of(file.i_mode);
    if (!out.directory && out.reparse_tag == 0) out.size = EXT2_I_SIZE(&file);
    out.attributes = out.directory ? kDirectory : out.reparse_tag != 0 ? kArchive | kReparsePoint : kArchive;
    if (out.reparse_tag == 0 && (file.i_mode & 0222) == 0) out.attributes |= kReadOnly;
    out.modified = ext4_time(file.i_mtime, file.i_mtime_extra);
    if (out.reparse_tag == kSymlinkTag) {
        const auto length = EXT2_I_SIZE(&file);
        if (length > kMaxTarget) return fail("guest.io", {{"path", name}}, "link text");
        if (ext2fs_is_fast_symlink(ext2fs_inode(&file))) {
            if (length > sizeof file.i_block) return fail("guest.io", {{"path", name}}, "link text");
            out.link_target.assign(reinterpret_cast<const char*>(file.i_block), length);
        } else {
            TRY(read_blocks(number, length, name, [&](std::span<const std::byte> piece) -> Result<> {
                out.link_target.append(reinterpret_cast<const char*>(piece.data()), piece.size());
                return {};
            }));
        }
    }
    return out;
}

Result<std::optional<FileInfo>> Ext4Volume::stat(const std::string& path) {
    TRY_ASSIGN(const auto found, find(path));
    if (found.number == 0) return std::optional<FileInfo>();
    TRY_ASSIGN(auto out, info(found.number, found.name));
    return std::optional<FileInfo>(std::move(out));
}

Result<std::vector<Ext4Volume::Entry>> Ext4Volume::entries(ext2_ino_t directory, const std::string& path) {
    std::vector<Entry> out;
    const auto take = [](ext2_ino_t, int, ext2_dir_entry* entry, int, int, char*, void* context) -> int {
        auto& list = *static_cast<std::vector<Entry>*>(context);
        std::string name(entry->name, static_cast<std::size_t>(ext2fs_dirent_name_len(entry)));
        if (name == "." || name == "..") return 0;
        if (list.size() >= kMaxEntries) return DIRENT_ABORT;
        list.push_back({std::move(name), entry->inode});
        return 0;
    };
    if (auto error = ext2fs_dir_iterate2(fs_, directory, 0, nullptr, take, &out))
        return fail(device_.error(error, path));
    if (out.size() >= kMaxEntries) return fail("guest.io", {{"path", path}}, "too many entries");
    return out;
}

Result<std::vector<FileInfo>> Ext4Volume::list(const std::string& directory) {
    TRY_ASSIGN(const auto components, split_volume_path(directory));
    TRY_ASSIGN(const auto number, find_directory(components, directory));
    TRY_ASSIGN(auto found, entries(number, directory));
    std::vector<FileInfo> out;
    out.reserve(found.size());
    for (const auto& entry : found) {
        TRY_ASSIGN(auto file, info(entry.number, entry.name));
        out.push_back(std::move(file));
    }
    return out;
}

Result<> Ext4Volume::read_range(std::uint64_t offset, std::uint64_t length, const std::string& path, const Sink& sink) {
    if (!device_.has(offset, length)) return fail("guest.io", {{"path", path}}, "leads beyond the volume");
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(length, kReadPiece)));
    for (std::uint64_t done = 0; done < length;) {
        const auto part = std::span(piece).first(std::min<std::uint64_t>(piece.size(), length - done));
        TRY(device_.read_bytes(offset + done, part));
        TRY(sink(part));
        done += part.size();
    }
    return {};
}

/// Runs of blocks as they lie on the disk; what no run covers, and runs that were never written, are zeroes.
Result<> Ext4Volume::read_extents(ext2_ino_t number, Inode& file, const std::string& path, const Sink& sink) {
    const std::uint64_t size = EXT2_I_SIZE(&file), block = fs_->blocksize;
    const auto zeroes = [&](std::uint64_t length) -> Result<> {
        const std::vector<std::byte> none(static_cast<std::size_t>(std::min<std::uint64_t>(length, kReadPiece)));
        for (std::uint64_t done = 0; done < length;) {
            const auto part = std::min<std::uint64_t>(none.size(), length - done);
            TRY(sink(std::span(none).first(static_cast<std::size_t>(part))));
            done += part;
        }
        return {};
    };
    Extents extents;
    if (auto error = ext2fs_extent_open2(fs_, number, ext2fs_inode(&file), &extents.handle))
        return fail(device_.error(error, path));
    std::uint64_t at = 0;
    ext2fs_extent extent{};
    for (int step = EXT2_EXTENT_ROOT; at < size; step = EXT2_EXTENT_NEXT) {
        const auto error = ext2fs_extent_get(extents.handle, step, &extent);
        if (error == EXT2_ET_EXTENT_NO_NEXT || error == EXT2_ET_NO_CURRENT_NODE) break;
        if (error != 0) return fail(device_.error(error, path));
        if ((extent.e_flags & EXT2_EXTENT_FLAGS_LEAF) == 0 || (extent.e_flags & EXT2_EXTENT_FLAGS_SECOND_VISIT) != 0)
            continue;
        std::uint64_t start = 0;
        if (__builtin_mul_overflow(std::uint64_t{extent.e_lblk}, block, &start) || start < at)
            return fail("guest.io", {{"path", path}}, "extents out of order");
        if (start >= size) break;
        TRY(zeroes(start - at));
        const auto length = std::min<std::uint64_t>(std::uint64_t{extent.e_len} * block, size - start);
        if ((extent.e_flags & EXT2_EXTENT_FLAGS_UNINIT) != 0)
            TRY(zeroes(length));
        else
            TRY(read_range(extent.e_pblk * block, length, path, sink));
        at = start + length;
    }
    return zeroes(size - at);
}

/// Through the library, for files that are not mapped by extents.
Result<> Ext4Volume::read_blocks(ext2_ino_t number, std::uint64_t size, const std::string& path, const Sink& sink) {
    ext2_file_t file = nullptr;
    if (auto error = ext2fs_file_open(fs_, number, 0, &file)) return fail(device_.error(error, path));
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(size, kReadPiece)));
    Result<> out;
    for (std::uint64_t at = 0; at < size && out;) {
        unsigned got = 0;
        if (auto error = ext2fs_file_read(file, piece.data(), static_cast<unsigned>(piece.size()), &got))
            out = fail(device_.error(error, path));
        else if (got == 0)
            out = fail("guest.io", {{"path", path}}, "file ended early");
        else
            out = sink(std::span(piece).first(got));
        at += got;
    }
    ext2fs_file_close(file);
    return out;
}

Result<> Ext4Volume::read_file(const std::string& path, const Sink& sink) {
    TRY_ASSIGN(const auto found, find_existing(path));
    TRY_ASSIGN(auto file, inode(found.number, path));
    if (LINUX_S_ISDIR(file.i_mode)) return fail("guest.is_a_directory", {{"path", path}});
    if (!LINUX_S_ISREG(file.i_mode))
        return fail(
            "guest.special_file",
            {{"path", path}, {"kind", LINUX_S_ISLNK(file.i_mode) ? "symbolic link" : "device, pipe or socket"}});
    if ((file.i_flags & EXT4_ENCRYPT_FL) != 0)
        return fail("guest.special_file", {{"path", path}, {"kind", "encrypted file"}});
    if (writer_) TRY(writer_->flush());
    if ((file.i_flags & EXT4_EXTENTS_FL) != 0) return read_extents(found.number, file, path, sink);
    return read_blocks(found.number, EXT2_I_SIZE(&file), path, sink);
}

Result<std::vector<std::byte>> Ext4Volume::read_file(const std::string& path, std::uint64_t limit) {
    TRY_ASSIGN(const auto there, stat(path));
    if (!there) return fail("guest.not_found", {{"path", path}});
    if (there->size > limit)
        return fail("guest.too_large",
                    {{"path", path}, {"size", std::to_string(there->size)}, {"limit", std::to_string(limit)}});
    std::vector<std::byte> out;
    out.reserve(static_cast<std::size_t>(there->size));
    TRY(read_file(path, [&](std::span<const std::byte> piece) -> Result<> {
        out.insert(out.end(), piece.begin(), piece.end());
        return {};
    }));
    return out;
}

} // namespace exhyperv::guest
