#pragma once

#include "support/deadline.h"
#include "support/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace exhyperv::platform {

enum class OpenMode {
    read,       ///< existing file, read only
    read_write, ///< existing file
    create_new, ///< fails with `file.exists` when something of that name is there
};

/// An open file, addressed by offset. One object may be used from several threads at once (positional reads and
/// writes). Paths are UTF-8. Errors: file.not_found, file.exists, file.access_denied, file.no_space, file.busy,
/// file.not_regular (a directory, a pipe, …), file.io (native code kept). All carry `path`. Block devices count as
/// files; on Windows "\\.\PhysicalDriveN" does, for reading, and has no lock.
class File {
  public:
    static Result<File> open(const std::string& path, OpenMode mode);

    File(File&&) noexcept;
    File& operator=(File&&) noexcept;
    ~File(); ///< closes; errors at close are lost, so flush() first when it matters

    /// Reads exactly out.size() bytes; `file.truncated` when the file ends before.
    [[nodiscard]] Result<> read_at(std::uint64_t offset, std::span<std::byte> out) const;
    [[nodiscard]] Result<> write_at(std::uint64_t offset, std::span<const std::byte> data);
    [[nodiscard]] Result<std::uint64_t> size() const;
    [[nodiscard]] Result<> resize(std::uint64_t size);
    /// Until it returns, what was written may be lost with the power (fsync / FlushFileBuffers).
    [[nodiscard]] Result<> flush();

    /// Asks the system to begin writing this range, so that a later flush() has less to wait for. A hint: never fails.
    void start_writeback(std::uint64_t offset, std::uint64_t length);
    /// Waits until the range is on its way to the disk, and lets its memory go: for what nobody reads soon. Not a
    /// flush(). `file.io` when the system could not write it. No effect on Windows.
    [[nodiscard]] Result<> release_written(std::uint64_t offset, std::uint64_t length);

    /// Takes the lock the hypervisor and QEMU take on disk images: OFD locks on Linux, share mode on Windows (there
    /// already taken by open). Exclusive: nobody else may hold either lock, and QEMU can neither read nor write the
    /// image; needs a file open for writing. Shared: other readers may (QEMU's too), writers may not. `file.busy` when
    /// somebody else is in the way. Released when the file is closed. A lock belongs to this object: a second File of
    /// the same process collides too.
    [[nodiscard]] Result<> lock_exclusive();
    [[nodiscard]] Result<> lock_shared();

    /// Tells files apart whatever they are called, and stays the same when the machine is restarted: inode and time of
    /// birth, or volume and file index.
    [[nodiscard]] Result<std::string> identity() const;
    [[nodiscard]] const std::string& path() const;
    /// The operating system's handle (file descriptor on POSIX), owned by this object.
    [[nodiscard]] std::intptr_t native_handle() const;

  private:
    struct State;
    explicit File(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Whole small file. `file.too_large` above `limit` bytes: external input is bounded before it is read.
[[nodiscard]] Result<std::string> read_text_file(const std::string& path, std::uint64_t limit);
/// Writes beside the target, flushes, renames over it, flushes the directory: afterwards either the old or the new
/// content exists.
[[nodiscard]] Result<> write_file_atomically(const std::string& path, std::string_view content);
[[nodiscard]] Result<> make_directories(const std::string& path);
[[nodiscard]] Result<> remove_file(const std::string& path); ///< a missing file is success
[[nodiscard]] bool file_exists(const std::string& path);     ///< anything of that name, directories included
/// Makes a rename or a new name in this directory durable. No effect where the system does that itself (Windows).
[[nodiscard]] Result<> flush_directory(const std::string& path);
/// Free bytes for this user on the file system that holds `path`, which need not exist itself: the nearest existing
/// parent counts.
[[nodiscard]] Result<std::uint64_t> free_space(const std::string& path);

/// The path from the root, without "." and ".."; symbolic links are not followed, and nothing need exist.
[[nodiscard]] Result<std::string> absolute_path(const std::string& path);
/// The path of what is there, symbolic links followed. `file.not_found` when nothing is.
[[nodiscard]] Result<std::string> real_path(const std::string& path);
/// The part before the last separator ("." when there is none) and the part after it.
[[nodiscard]] std::string directory_of(const std::string& path);
[[nodiscard]] std::string file_name_of(const std::string& path);
[[nodiscard]] bool is_absolute(const std::string& path);
/// The path, from the root, as an address for browsers: "file:///home/a%20b/x.html", "file:///C:/x.html",
/// "file://server/share/x.html".
[[nodiscard]] std::string file_address(const std::string& path);

} // namespace exhyperv::platform
