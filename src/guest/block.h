#pragma once

#include "support/result.h"

#include <cstdint>
#include <span>

namespace exhyperv::guest {

/// A virtual disk as a row of bytes. Any offset and length within size() is allowed: implementations do their own
/// read-modify-write. Reads beyond what was written give zeroes. One thread at a time unless stated otherwise.
class Block {
  public:
    virtual ~Block() = default;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    [[nodiscard]] virtual std::uint32_t sector_size() const = 0; ///< logical: 512 or 4096
    [[nodiscard]] virtual bool writable() const = 0;
    /// Errors: disk.out_of_range, disk.io, disk.no_space, disk.read_only.
    [[nodiscard]] virtual Result<> read(std::uint64_t offset, std::span<std::byte> out) = 0;
    [[nodiscard]] virtual Result<> write(std::uint64_t offset, std::span<const std::byte> data) = 0;
    /// Everything written before is durable when it returns; allocation metadata included, in one atomic update.
    [[nodiscard]] virtual Result<> flush() = 0;
};

} // namespace exhyperv::guest
