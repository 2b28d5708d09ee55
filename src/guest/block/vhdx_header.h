#pragma once

#include "guest/block/image_file.h"
#include "support/guid.h"

#include <array>
#include <functional>
#include <optional>

namespace exhyperv::guest::vhdx {

/// The part of a VHDX that is replaced, never changed in place ([MS-VHDX] 2.2.2).
struct Header {
    std::uint64_t sequence = 0;
    Guid file_write; ///< new before the first change of the file after each open
    Guid data_write; ///< new before the first change of the disk's content after each open; children name it as their
                     ///< parent's
    Guid log;        ///< null: the log is empty
    std::uint32_t log_length = 0;
    std::uint64_t log_offset = 0;

    bool operator==(const Header&) const = default;
};

/// Two copies of the header; the valid one with the greater sequence number counts.
class HeaderPair {
  public:
    /// disk.corrupt when neither copy is valid; disk.unsupported for another version of the format.
    static Result<HeaderPair> load(const ImageFile& file);
    /// Writes both copies of a new image. The caller flushes.
    static Result<> create(ImageFile& file, Header header);

    [[nodiscard]] const Header& current() const { return header_; }

    enum class Copies { one, both };
    /// Writes the changed header over the copy that does not count and flushes it, so that at every moment one valid
    /// copy is there. `both` does so twice: no stale copy is left for a reader to fall back to.
    Result<> update(ImageFile& file, const std::function<void(Header&)>& change, Copies copies);

  private:
    Header header_;
    std::size_t slot_ = 0; ///< where header_ lies
};

} // namespace exhyperv::guest::vhdx
