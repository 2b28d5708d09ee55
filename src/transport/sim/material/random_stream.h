#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace exhyperv::sim {

/// Reproducible bytes that do not compress: a splitmix64 counter stream, several GB/s when optimized.
class RandomStream {
  public:
    explicit RandomStream(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<std::byte> out);
    [[nodiscard]] std::uint64_t next();
    /// From 0 to bound - 1 (bound > 0); the slight bias does not matter here.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return next() % bound; }

  private:
    std::uint64_t state_;
};

/// A seed for one named thing out of a bigger one: stable between versions of the program and machines.
[[nodiscard]] std::uint64_t derive_seed(std::uint64_t seed, std::string_view name);

} // namespace exhyperv::sim
