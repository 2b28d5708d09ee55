#pragma once

#include "guest/block.h"

#include <ext2fs/ext2fs.h>

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::guest {

/// The bytes of one volume inside a disk, as libext2fs reads and writes them. Keeps the disk's own error while the
/// library has only a number for it. Its address is given to the library: it stays where it is.
class Ext4Device {
  public:
    Ext4Device(Block& disk, std::uint64_t offset, std::uint64_t size, bool writable);
    Ext4Device(const Ext4Device&) = delete;
    Ext4Device& operator=(const Ext4Device&) = delete;

    /// While it lives, channels that this thread opens through manager() lead to the device.
    class Opening {
      public:
        explicit Opening(Ext4Device& device);
        Opening(const Opening&) = delete;
        Opening& operator=(const Opening&) = delete;
        ~Opening();
    };
    [[nodiscard]] static io_manager manager();

    /// From now on writes are swallowed: the volume is being thrown away.
    void discard_writes() { discard_ = true; }
    [[nodiscard]] bool failed() const { return failed_; } ///< has a write ever failed?
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] bool has(std::uint64_t offset, std::uint64_t length) const;
    [[nodiscard]] Result<> read_bytes(std::uint64_t offset, std::span<std::byte> out); ///< of a place that it has

    /// The error for a number that the library gave: the disk's own one when there was one.
    [[nodiscard]] Error error(errcode_t number, const std::string& path);

  private:
    friend struct Ext4Channel;
    [[nodiscard]] errcode_t read(std::uint64_t offset, std::size_t length, void* out);
    [[nodiscard]] errcode_t write(std::uint64_t offset, std::size_t length, const void* data);
    [[nodiscard]] errcode_t note(const Error& error);

    Block& disk_;
    std::uint64_t offset_, size_;
    bool writable_;
    bool discard_ = false;
    bool failed_ = false;
    std::optional<Error> last_error_;
    std::vector<std::byte> old_;
};

} // namespace exhyperv::guest
