#include "transport/sim/material/random_stream.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace exhyperv::sim {

namespace {

constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15u;

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

} // namespace

std::uint64_t RandomStream::next() {
    state_ += kStep;
    return mix(state_);
}

void RandomStream::fill(std::span<std::byte> out) {
    std::byte* at = out.data();
    std::uint64_t state = state_;
    std::size_t words = out.size() / 8;
    for (std::size_t i = 0; i < words; ++i, at += 8) {
        state += kStep;
        std::uint64_t word = mix(state);
        std::memcpy(at, &word, 8); // both supported systems are little-endian
    }
    state_ = state;
    if (std::size_t rest = out.size() % 8; rest != 0) {
        std::uint64_t word = next();
        std::memcpy(at, &word, rest);
    }
}

std::uint64_t derive_seed(std::uint64_t seed, std::string_view name) {
    return XXH3_64bits_withSeed(name.data(), name.size(), seed);
}

} // namespace exhyperv::sim
