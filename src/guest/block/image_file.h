#pragma once

#include "guest/block/write_behind.h"
#include "platform/file.h"
#include "support/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace exhyperv::guest {

/// What a file error means for a disk image: file.busy -> disk.in_use, and so on. Other codes pass through.
[[nodiscard]] Error as_disk_error(Error error);
/// `disk.corrupt`: what is wrong, in technical English, with the place in the file.
[[nodiscard]] tl::unexpected<Error> fail_corrupt(const std::string& path, std::string what);
/// `disk.unsupported`: a valid image that needs something this program does not know.
[[nodiscard]] tl::unexpected<Error> fail_unsupported(const std::string& path, std::string what);
[[nodiscard]] tl::unexpected<Error> fail_out_of_range(const std::string& path, std::uint64_t offset,
                                                      std::uint64_t length);

/// The file of an open image, locked for as long as it lives (exclusively when writable). Errors are disk.*.
class ImageFile {
  public:
    static Result<ImageFile> open(const std::string& path, bool writable);
    static Result<ImageFile> create(const std::string& path); ///< `disk.exists` when something of that name is there

    /// For its headers only, without a lock: others may be changing what is read.
    static Result<ImageFile> peek(const std::string& path);

    [[nodiscard]] Result<> read(std::uint64_t offset, std::span<std::byte> out) const;
    [[nodiscard]] Result<> write(std::uint64_t offset, std::span<const std::byte> data);
    /// Writes zeroes; beyond the end of the file it only extends the file.
    [[nodiscard]] Result<> write_zeroes(std::uint64_t offset, std::uint64_t length);
    [[nodiscard]] Result<std::uint64_t> size() const;
    [[nodiscard]] Result<> resize(std::uint64_t size);
    [[nodiscard]] Result<> flush();
    [[nodiscard]] Result<std::string> identity() const;
    [[nodiscard]] const std::string& path() const { return file_.path(); }
    [[nodiscard]] bool writable() const { return writable_; }

  private:
    ImageFile(platform::File file, bool writable) : file_(std::move(file)), writable_(writable) {}
    platform::File file_;
    bool writable_ = false;
    WriteBehind behind_;
};

} // namespace exhyperv::guest
