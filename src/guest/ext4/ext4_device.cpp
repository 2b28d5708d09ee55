#include "guest/ext4/ext4_device.h"

#include <et/com_err.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>

namespace exhyperv::guest {
namespace {

thread_local Ext4Device* opening = nullptr;

void need_error_texts() {
    static std::once_flag once;
    std::call_once(once, [] { initialize_ext2_error_table(); });
}

} // namespace

/// The library's idea of a device: blocks of a size that it sets, a negative count meaning bytes.
struct Ext4Channel {
    static Ext4Device& device(io_channel channel) { return *static_cast<Ext4Device*>(channel->private_data); }
    static std::size_t length(io_channel channel, int count) {
        return count < 0 ? static_cast<std::size_t>(-static_cast<long>(count))
                         : static_cast<std::size_t>(count) * static_cast<std::size_t>(channel->block_size);
    }
    static bool place(io_channel channel, unsigned long long block, std::uint64_t& offset) {
        return !__builtin_mul_overflow(static_cast<std::uint64_t>(block),
                                       static_cast<std::uint64_t>(channel->block_size), &offset);
    }

    static errcode_t open(const char* name, int, io_channel* out) {
        if (opening == nullptr) return EXT2_ET_BAD_DEVICE_NAME;
        io_channel channel = nullptr;
        if (auto number = ext2fs_get_memzero(sizeof(struct_io_channel), static_cast<void*>(&channel))) return number;
        channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
        channel->manager = Ext4Device::manager();
        channel->name = ::strdup(name);
        channel->block_size = 1024;
        channel->refcount = 1;
        channel->private_data = opening;
        *out = channel;
        return 0;
    }
    static errcode_t close(io_channel channel) {
        if (--channel->refcount > 0) return 0;
        std::free(channel->name);
        std::free(channel);
        return 0;
    }
    static errcode_t set_block_size(io_channel channel, int size) {
        channel->block_size = size;
        return 0;
    }
    static errcode_t read64(io_channel channel, unsigned long long block, int count, void* out) {
        std::uint64_t offset = 0;
        if (!place(channel, block, offset)) return EXT2_ET_SHORT_READ;
        return device(channel).read(offset, length(channel, count), out);
    }
    static errcode_t write64(io_channel channel, unsigned long long block, int count, const void* data) {
        std::uint64_t offset = 0;
        if (!place(channel, block, offset)) return EXT2_ET_SHORT_WRITE;
        return device(channel).write(offset, length(channel, count), data);
    }
    static errcode_t read(io_channel channel, unsigned long block, int count, void* out) {
        return read64(channel, block, count, out);
    }
    static errcode_t write(io_channel channel, unsigned long block, int count, const void* data) {
        return write64(channel, block, count, data);
    }
    static errcode_t write_byte(io_channel channel, unsigned long offset, int count, const void* data) {
        return count < 0 ? EXT2_ET_SHORT_WRITE : device(channel).write(offset, static_cast<std::size_t>(count), data);
    }
    static errcode_t flush(io_channel) { return 0; } // commit() makes things durable
};

io_manager Ext4Device::manager() {
    static struct_io_manager manager = [] {
        struct_io_manager out{};
        out.magic = EXT2_ET_MAGIC_IO_MANAGER;
        out.name = "ExHyperV guest disk";
        out.open = &Ext4Channel::open;
        out.close = &Ext4Channel::close;
        out.set_blksize = &Ext4Channel::set_block_size;
        out.read_blk = &Ext4Channel::read;
        out.write_blk = &Ext4Channel::write;
        out.flush = &Ext4Channel::flush;
        out.write_byte = &Ext4Channel::write_byte;
        out.read_blk64 = &Ext4Channel::read64;
        out.write_blk64 = &Ext4Channel::write64;
        return out;
    }();
    return &manager;
}

Ext4Device::Opening::Opening(Ext4Device& device) {
    opening = &device;
}
Ext4Device::Opening::~Opening() {
    opening = nullptr;
}

Ext4Device::Ext4Device(Block& disk, std::uint64_t offset, std::uint64_t size, bool writable)
    : disk_(disk), offset_(offset), size_(size), writable_(writable) {
    need_error_texts();
}

errcode_t Ext4Device::note(const Error& error) {
    last_error_ = error;
    return error.code == "disk.no_space" ? ENOSPC : EIO;
}

bool Ext4Device::has(std::uint64_t offset, std::uint64_t length) const {
    return offset <= size_ && length <= size_ - offset;
}

Result<> Ext4Device::read_bytes(std::uint64_t offset, std::span<std::byte> out) {
    return disk_.read(offset_ + offset, out);
}

errcode_t Ext4Device::read(std::uint64_t offset, std::size_t length, void* out) {
    if (!has(offset, length)) return EXT2_ET_SHORT_READ;
    const auto done = disk_.read(offset_ + offset, {static_cast<std::byte*>(out), length});
    return done ? 0 : note(done.error());
}

errcode_t Ext4Device::write(std::uint64_t offset, std::size_t length, const void* data) {
    if (discard_) return 0;
    if (!writable_) return EXT2_ET_RO_FILSYS;
    if (!has(offset, length)) return EXT2_ET_SHORT_WRITE;
    // The library writes the maps of all groups when one has changed: what is there already costs no page and no
    // journal.
    old_.resize(length);
    if (disk_.read(offset_ + offset, old_) && std::memcmp(old_.data(), data, length) == 0) return 0;
    const auto done = disk_.write(offset_ + offset, {static_cast<const std::byte*>(data), length});
    if (done) return 0;
    failed_ = true;
    return note(done.error());
}

Error Ext4Device::error(errcode_t number, const std::string& path) {
    if (last_error_ && (number == EIO || number == ENOSPC)) {
        Error out = std::move(*last_error_);
        last_error_.reset();
        return out.with("guest_path", path);
    }
    last_error_.reset();
    const auto code = [number] {
        switch (number) {
        case EXT2_ET_FILE_NOT_FOUND:
            return "guest.not_found";
        case EXT2_ET_DIR_EXISTS:
        case EXT2_ET_FILE_EXISTS:
            return "guest.exists";
        case EXT2_ET_NO_DIRECTORY:
            return "guest.not_a_directory";
        case EXT2_ET_BLOCK_ALLOC_FAIL:
        case EXT2_ET_INODE_ALLOC_FAIL:
            return "guest.volume_full";
        case EXT2_ET_RO_FILSYS:
            return "guest.read_only";
        default:
            return "guest.io";
        }
    }();
    return {
        code, {{"path", path}}, {NativeKind::posix, static_cast<std::int64_t>(number)}, {}, ::error_message(number)};
}

} // namespace exhyperv::guest
