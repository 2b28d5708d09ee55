#pragma once

#include "support/progress.h"
#include "support/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace exhyperv::guest {

// Windows file attribute bits.
inline constexpr std::uint32_t kReadOnly = 0x1, kHidden = 0x2, kSystem = 0x4, kDirectory = 0x10, kArchive = 0x20,
                               kReparsePoint = 0x400, kCompressed = 0x800;

struct FileInfo {
    std::string name; ///< last component, in the volume's own case
    bool directory = false;
    std::uint64_t size = 0;
    std::uint32_t attributes = 0;
    std::uint64_t modified = 0; ///< FILETIME
    std::uint32_t reparse_tag =
        0; ///< 0xA000000C symbolic link, 0xA0000003 junction, 0x80000017 WOF, 0x80000013 dedup; 0 none
    std::string link_target; ///< for symbolic links and junctions (substitute name)
};

/// Hands out the bytes of a new file, in order. Returns how many were written to `out`; 0 only at the end.
using ByteSource = std::function<Result<std::size_t>(std::span<std::byte> out)>;

struct NewFile {
    std::uint64_t size = 0; ///< known before: clusters are taken in one run where possible
    std::uint32_t attributes = kArchive;
    std::uint64_t modified = 0; ///< FILETIME; 0 = now
    bool executable = false;    ///< where files have permission bits: a program or a library
};

enum class VolumeKind { ntfs, ext4 };

/// A guest's file system, inside one transaction: nothing is visible to the guest before commit(), and commit is
/// atomic.
///
/// Paths are UTF-8, relative to the volume root, with '\' or '/' between components, found without regard to case
/// (ext4: exactly as written); "" is the root. Components "." and ".." are refused. Reparse points are not followed.
/// New files and directories get the security descriptor Windows would let them inherit (ext4: they belong to root).
/// One thread at a time. Errors: guest.not_found, guest.exists, guest.not_a_directory, guest.is_a_directory,
/// guest.directory_not_empty, guest.no_space, guest.volume_full, guest.special_file (WOF or dedup data must not be read
/// as plain), guest.bad_name, guest.io.
class GuestVolume {
  public:
    virtual ~GuestVolume() = default;
    [[nodiscard]] virtual VolumeKind kind() const { return VolumeKind::ntfs; }

    /// nullopt when nothing of that name exists (also when a parent is missing).
    [[nodiscard]] virtual Result<std::optional<FileInfo>> stat(const std::string& path) = 0;
    [[nodiscard]] virtual Result<std::vector<FileInfo>> list(const std::string& directory) = 0;
    /// Whole file; `guest.too_large` above `limit`.
    [[nodiscard]] virtual Result<std::vector<std::byte>> read_file(const std::string& path, std::uint64_t limit) = 0;
    /// In pieces, in order, without holding the whole file.
    [[nodiscard]] virtual Result<> read_file(const std::string& path,
                                             const std::function<Result<>(std::span<const std::byte>)>& sink) = 0;

    /// Creates the file (never overwrites: `guest.exists`) and its data in clusters that are free now.
    [[nodiscard]] virtual Result<> write_new(const std::string& path, const NewFile& file,
                                             const ByteSource& source) = 0;
    /// Replaces a file's content by delete and create, keeping attributes and the security descriptor; other hard links
    /// of the old file keep the old content.
    [[nodiscard]] virtual Result<> replace(const std::string& path, const NewFile& file, const ByteSource& source) = 0;
    /// Creates missing parents too; existing is success.
    [[nodiscard]] virtual Result<> make_directories(const std::string& path) = 0;
    [[nodiscard]] virtual Result<> set_attributes(const std::string& path, std::uint32_t attributes) = 0;
    [[nodiscard]] virtual Result<> set_modified(const std::string& path, std::uint64_t filetime) = 0;
    /// Symbolic link, relative to its own directory when `target` does not start with a drive or '\'.
    [[nodiscard]] virtual Result<> make_symlink(const std::string& path, const std::string& target, bool directory) = 0;
    /// Junction to an absolute path of the guest ("C:\Windows\…").
    [[nodiscard]] virtual Result<> make_junction(const std::string& path, const std::string& target) = 0;
    [[nodiscard]] virtual Result<> rename(const std::string& from, const std::string& to) = 0;
    /// A file, a link, or an empty directory.
    [[nodiscard]] virtual Result<> remove(const std::string& path) = 0;
    [[nodiscard]] virtual Result<> remove_tree(const std::string& path) = 0;

    [[nodiscard]] virtual Result<std::uint64_t> free_bytes() = 0;
    [[nodiscard]] virtual Result<std::uint64_t> total_bytes() = 0;

    [[nodiscard]] virtual Result<> commit() = 0; ///< durable when it returns; the volume can be used on
    [[nodiscard]] virtual Result<> abort() = 0;  ///< as before the last commit; the object is unusable afterwards
};

} // namespace exhyperv::guest
