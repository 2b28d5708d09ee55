#include "host/registry.h"

#include "support/strings.h"
#include "support/utf.h"

#include <algorithm>

namespace exhyperv::host {
namespace {

constexpr auto kSz = static_cast<std::uint32_t>(RegType::sz);
constexpr auto kExpandSz = static_cast<std::uint32_t>(RegType::expand_sz);
constexpr auto kMultiSz = static_cast<std::uint32_t>(RegType::multi_sz);

void append_terminator(std::vector<std::byte>& data) {
    data.insert(data.end(), 2, std::byte{0});
}

template <class Number>
RegistryValue little_endian(std::string name, RegType type, Number value) {
    RegistryValue out{std::move(name), static_cast<std::uint32_t>(type), {}};
    for (std::size_t i = 0; i < sizeof value; ++i)
        out.data.push_back(static_cast<std::byte>(value >> (8 * i)));
    return out;
}

/// The text up to its end or its first NUL. Registry data comes in any length: an odd last byte is no character.
std::vector<std::string> texts(const std::vector<std::byte>& data) {
    const std::span<const std::byte> whole(data.data(), data.size() & ~std::size_t{1});
    const auto text = from_utf16le_bytes(whole);
    return text ? split(*text, '\0') : std::vector<std::string>{};
}

} // namespace

RegistryValue RegistryValue::text(std::string name, std::string_view value, RegType type) {
    RegistryValue out{std::move(name), static_cast<std::uint32_t>(type), to_utf16le_bytes(value)};
    append_terminator(out.data);
    return out;
}

RegistryValue RegistryValue::multi(std::string name, const std::vector<std::string>& values) {
    RegistryValue out{std::move(name), kMultiSz, {}};
    for (const std::string& value : values) {
        if (value.empty()) continue; // an empty text would end the list for every reader
        const auto bytes = to_utf16le_bytes(value);
        out.data.insert(out.data.end(), bytes.begin(), bytes.end());
        append_terminator(out.data);
    }
    append_terminator(out.data);
    return out;
}

RegistryValue RegistryValue::number(std::string name, std::uint32_t value) {
    return little_endian(std::move(name), RegType::dword, value);
}

RegistryValue RegistryValue::number64(std::string name, std::uint64_t value) {
    return little_endian(std::move(name), RegType::qword, value);
}

std::string RegistryValue::as_text() const {
    if (type != kSz && type != kExpandSz) return {};
    const auto parts = texts(data);
    return parts.empty() ? std::string{} : parts.front();
}

std::vector<std::string> RegistryValue::as_texts() const {
    if (type == kSz || type == kExpandSz) return {as_text()};
    if (type != kMultiSz) return {};
    auto parts = texts(data);
    parts.erase(std::ranges::find(parts, std::string{}), parts.end()); // the list ends at its first empty text
    return parts;
}

std::uint64_t RegistryValue::as_number(std::uint64_t fallback) const {
    const bool kind = type == static_cast<std::uint32_t>(RegType::dword) ||
                      type == static_cast<std::uint32_t>(RegType::qword) ||
                      type == static_cast<std::uint32_t>(RegType::binary);
    if (!kind || (data.size() != 4 && data.size() != 8)) return fallback;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < data.size(); ++i)
        value |= std::to_integer<std::uint64_t>(data[i]) << (8 * i);
    return value;
}

const RegistryValue* RegistryKey::value(std::string_view name) const {
    const auto at = std::ranges::find_if(values, [&](const RegistryValue& one) { return iequals(one.name, name); });
    return at == values.end() ? nullptr : &*at;
}

} // namespace exhyperv::host
