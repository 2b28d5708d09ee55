#include "guest/hive/marvin32.h"

#include <bit>

namespace exhyperv::guest {

namespace {

struct State {
    std::uint32_t low, high;

    void mix() {
        high ^= low;
        low = std::rotl(low, 20) + high;
        high = std::rotl(high, 9) ^ low;
        low = std::rotl(low, 27) + high;
        high = std::rotl(high, 19);
    }
};

} // namespace

std::uint64_t marvin32(std::uint64_t seed, std::span<const std::byte> data) {
    State state{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    std::size_t at = 0;
    for (; data.size() - at >= 4; at += 4) {
        std::uint32_t word = 0;
        for (std::size_t i = 4; i-- > 0;)
            word = word << 8 | std::to_integer<std::uint32_t>(data[at + i]);
        state.low += word;
        state.mix();
    }
    std::uint32_t rest = 0x80; // ends the data, whatever its length
    for (std::size_t i = data.size(); i-- > at;)
        rest = rest << 8 | std::to_integer<std::uint32_t>(data[i]);
    state.low += rest;
    state.mix();
    state.mix();
    return std::uint64_t{state.high} << 32 | state.low;
}

} // namespace exhyperv::guest
