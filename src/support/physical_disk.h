#pragma once

#include "support/strings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exhyperv {

inline constexpr std::string_view kPhysicalDisk = R"(\\.\PhysicalDrive)";

/// A whole disk of a Windows machine, as it is opened: "\\.\PhysicalDrive3". Windows may number its disks anew when it
/// starts (CreateFile, "Physical Disks and Volumes").
[[nodiscard]] inline std::string physical_disk_path(std::uint32_t number) {
    return std::string(kPhysicalDisk) + std::to_string(number);
}

/// The number in such a path; nullopt: it is a path of another kind.
[[nodiscard]] inline std::optional<std::uint32_t> physical_disk_number(std::string_view path) {
    if (!istarts_with(path, kPhysicalDisk)) return std::nullopt;
    const auto number = parse_u64(path.substr(kPhysicalDisk.size()));
    if (!number || *number > UINT32_MAX) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

} // namespace exhyperv
