#include "guest/block/checksum.h"

#include <array>
#include <boost/crc.hpp>
#include <zlib.h>

namespace exhyperv::guest {

std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t running) {
    // Boost keeps the remainder before the final exclusive-or, bit-reflected: undo that to go on from a finished value.
    const std::uint32_t remainder = ~running;
    std::uint32_t reflected = 0;
    for (int bit = 0; bit < 32; ++bit)
        if (remainder & (1u << bit)) reflected |= 1u << (31 - bit);
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc(reflected);
    crc.process_bytes(data.data(), data.size());
    return crc.checksum();
}

std::uint32_t crc32c_without(std::span<const std::byte> data, std::size_t zeroed) {
    constexpr std::array<std::byte, 4> zeroes{};
    auto running = crc32c(data.first(zeroed));
    running = crc32c(zeroes, running);
    return crc32c(data.subspan(zeroed + zeroes.size()), running);
}

std::uint32_t crc32(std::span<const std::byte> data) {
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(data.data()), data.size()));
}

} // namespace exhyperv::guest
