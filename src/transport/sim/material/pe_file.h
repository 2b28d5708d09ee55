#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::sim {

enum class PeMachine : std::uint16_t { x86 = 0x014C, x64 = 0x8664, arm64 = 0xAA64 };
enum class PeKind { library, program, driver };

struct PeSpec {
    PeMachine machine = PeMachine::x64;
    PeKind kind = PeKind::library;
    std::array<std::uint16_t, 4> version{}; ///< file and product version
    std::string file_name;
    std::string company;
    std::string product;
    std::uint32_t timestamp = 0; ///< seconds since 1970, for the COFF header
};

/// Bytes every file made with pe_prefix() must have at least.
inline constexpr std::uint64_t kPeMinimumSize = 4096;

/// The start of a PE file of `file_size` bytes (at least kPeMinimumSize): headers and a resource section with a version
/// resource; what follows belongs to a data section and may hold anything. It parses, it does not run: no code, no
/// entry point.
[[nodiscard]] std::vector<std::byte> pe_prefix(const PeSpec& spec, std::uint64_t file_size);

/// "32.0.15.6094" -> numbers; missing or unreadable parts are 0.
[[nodiscard]] std::array<std::uint16_t, 4> version_numbers(const std::string& text);

} // namespace exhyperv::sim
