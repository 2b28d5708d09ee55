#pragma once

#include "guest/transaction.h"

#include <vector>

namespace exhyperv::guest {

/// File data on its way to clusters that were free, past the page cache. Files land next to each other
/// (cluster_allocator.h, block_allocator.h), so small ones are put together into writes of up to 4 MiB.
class DataWriter {
  public:
    explicit DataWriter(TransactionBlock& disk) : disk_(disk) {}

    /// Room for at most `wanted` bytes that belong at this disk offset; fill a part of it and say how much with
    /// advance(). Writes out what is held when the new data does not follow it.
    [[nodiscard]] Result<std::span<std::byte>> room(std::uint64_t disk_offset, std::uint64_t wanted);
    void advance(std::size_t filled) { used_ += filled; }
    [[nodiscard]] Result<> flush();
    /// Forgets what is held (an aborted volume).
    void drop() { used_ = 0; }

  private:
    TransactionBlock& disk_;
    std::vector<std::byte> buffer_;
    std::uint64_t start_ = 0;
    std::size_t used_ = 0;
};

} // namespace exhyperv::guest
