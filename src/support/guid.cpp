#include "support/guid.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <random>

namespace exhyperv {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Text order position -> on-disk position: the first three fields are little-endian on disk.
constexpr std::array<int, 16> kWindowsOrder = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

void set_version(Guid& guid, std::uint8_t version) {
    guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0F) | (version << 4));
    guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3F) | 0x80);
}

} // namespace

std::optional<Guid> Guid::parse(std::string_view text) {
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    if (text.size() != 36) return std::nullopt;
    Guid guid;
    std::size_t byte = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
            ++i;
            continue;
        }
        const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        guid.bytes[byte++] = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return guid;
}

Guid Guid::random() {
    std::random_device entropy;
    Guid guid;
    for (std::size_t i = 0; i < 16; i += 4) {
        const std::uint32_t word = entropy();
        std::memcpy(guid.bytes.data() + i, &word, 4);
    }
    set_version(guid, 4);
    return guid;
}

Guid Guid::from_name(std::string_view name) {
    const XXH128_canonical_t canonical = [&] {
        XXH128_canonical_t out;
        XXH128_canonicalFromHash(&out, XXH3_128bits(name.data(), name.size()));
        return out;
    }();
    Guid guid;
    std::memcpy(guid.bytes.data(), canonical.digest, 16);
    set_version(guid, 8);
    return guid;
}

Guid Guid::from_windows(const std::uint8_t* sixteen_bytes) {
    Guid guid;
    for (std::size_t i = 0; i < 16; ++i)
        guid.bytes[i] = sixteen_bytes[kWindowsOrder[i]];
    return guid;
}

void Guid::to_windows(std::uint8_t* sixteen_bytes) const {
    for (std::size_t i = 0; i < 16; ++i)
        sixteen_bytes[kWindowsOrder[i]] = bytes[i];
}

std::string Guid::str() const {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

} // namespace exhyperv
