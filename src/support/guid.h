#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace exhyperv {

/// A GUID in textual byte order (the order its digits are written in).
struct Guid {
    std::array<std::uint8_t, 16> bytes{};

    /// Accepts 3F2504E0-4F89-11D3-9A0C-0305E82C3301 in any case, with or without braces; anything else is nullopt.
    static std::optional<Guid> parse(std::string_view text);
    /// A random (version 4) GUID from the system's entropy.
    static Guid random();
    /// A stable GUID (version 8 layout) from a name, for simulated objects and idempotent ids.
    static Guid from_name(std::string_view name);
    /// Reads the mixed-endian layout used on disk by GPT, VHDX and Windows structures.
    static Guid from_windows(const std::uint8_t* sixteen_bytes);
    void to_windows(std::uint8_t* sixteen_bytes) const;

    /// Upper case, without braces: the form Hyper-V uses for VM names.
    [[nodiscard]] std::string str() const;
    [[nodiscard]] bool is_null() const { return *this == Guid{}; }
    auto operator<=>(const Guid&) const = default;
};

} // namespace exhyperv

template <>
struct std::hash<exhyperv::Guid> {
    std::size_t operator()(const exhyperv::Guid& guid) const noexcept {
        return std::hash<std::string_view>{}({reinterpret_cast<const char*>(guid.bytes.data()), guid.bytes.size()});
    }
};
