#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace exhyperv::guest {

using Bytes = std::vector<std::byte>;

// Integers at a place in a buffer, whatever the machine's byte order. The caller has checked that sizeof(T) bytes are
// there.

template <std::unsigned_integral T>
[[nodiscard]] T load_le(const std::byte* at) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value |= static_cast<T>(static_cast<T>(at[i]) << (8 * i));
    return value;
}

template <std::unsigned_integral T>
[[nodiscard]] T load_be(const std::byte* at) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value |= static_cast<T>(static_cast<T>(at[i]) << (8 * (sizeof(T) - 1 - i)));
    return value;
}

template <std::unsigned_integral T>
void store_le(std::byte* at, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        at[i] = static_cast<std::byte>(value >> (8 * i));
}

template <std::unsigned_integral T>
void store_be(std::byte* at, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        at[i] = static_cast<std::byte>(value >> (8 * (sizeof(T) - 1 - i)));
}

[[nodiscard]] inline const std::uint8_t* as_u8(const std::byte* at) {
    return reinterpret_cast<const std::uint8_t*>(at);
}
[[nodiscard]] inline std::uint8_t* as_u8(std::byte* at) {
    return reinterpret_cast<std::uint8_t*>(at);
}

/// Does the buffer hold these characters at this place?
[[nodiscard]] inline bool has_signature(std::span<const std::byte> buffer, std::size_t at, std::string_view signature) {
    return at <= buffer.size() && signature.size() <= buffer.size() - at &&
           std::memcmp(buffer.data() + at, signature.data(), signature.size()) == 0;
}
inline void store_signature(std::byte* at, std::string_view signature) {
    std::memcpy(at, signature.data(), signature.size());
}

inline void fill_zero(std::span<std::byte> buffer) {
    if (!buffer.empty()) std::memset(buffer.data(), 0, buffer.size());
}
/// The caller has checked that there is room.
inline void copy_bytes(std::byte* to, std::span<const std::byte> from) {
    if (!from.empty()) std::memcpy(to, from.data(), from.size());
}

/// `alignment` is a power of two. The caller keeps value + alignment within 64 bits.
[[nodiscard]] constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) & ~(alignment - 1);
}
[[nodiscard]] constexpr bool is_aligned(std::uint64_t value, std::uint64_t alignment) {
    return (value & (alignment - 1)) == 0;
}
[[nodiscard]] constexpr std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) {
    return value / by + (value % by != 0);
}
/// Does [offset, offset + length) lie within [0, limit)? Safe against overflow.
[[nodiscard]] constexpr bool within(std::uint64_t offset, std::uint64_t length, std::uint64_t limit) {
    return offset <= limit && length <= limit - offset;
}

} // namespace exhyperv::guest
