#pragma once

#include "platform/file.h"
#include "support/result.h"

#include <array>
#include <cstdint>
#include <vector>

namespace exhyperv::guest {

/// Keeps the disk at work while a large image is written, and the memory it takes small: what was written is sent off
/// in windows, and a window that two others followed is waited for and forgotten. The flush at the end is
/// short, and the host's cache keeps what its programs had there.
class WriteBehind {
  public:
    explicit WriteBehind(std::uint64_t window = 32u << 20) : window_(window) {}
    /// Told of each write. Errors: file.io, for an earlier write that did not reach the disk.
    [[nodiscard]] Result<> wrote(platform::File& file, std::uint64_t offset, std::uint64_t length);

  private:
    struct Range {
        std::uint64_t offset, length;
    };
    using Window = std::vector<Range>;

    std::uint64_t window_;
    std::array<Window, 3> windows_; ///< the one being filled, and the two before it
    std::uint64_t filled_ = 0;
};

} // namespace exhyperv::guest
