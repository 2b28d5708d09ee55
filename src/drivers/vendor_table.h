#pragma once

#include "model/gpu.h"
#include "support/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

/// What happens when the guest already has something of the name.
enum class PromotionMode : std::uint8_t {
    preserve_existing, ///< a real file of the guest stays; an old link is refreshed
    when_newer,        ///< replaced when the package's file is newer (file version of .dll/.exe, then time)
    overwrite,         ///< replaced; the guest's file is kept aside
};

/// One name the table gives: a file of the package, shown under one or several names.
struct TableFile {
    std::string source;               ///< bare file name, or a path inside the package when it contains '\'
    std::vector<std::string> targets; ///< relative to the group's directory; at least one
};

struct TableGroup {
    std::string package;                    ///< "primary", or a companion's INF name or pattern ("amdwin-*.inf")
    std::string directory;                  ///< below the volume root: "Windows\System32"
    std::vector<std::string> architectures; ///< guest architectures it applies to; empty: all
    bool needs_directory = false;           ///< only where the guest has the directory (SysWOW64, SyChpe32)
    PromotionMode mode = PromotionMode::preserve_existing;
    std::vector<TableFile> files;
};

enum class RuntimeRegistry : std::uint8_t { none, intel };

struct VendorEntry {
    model::GpuVendor vendor = model::GpuVendor::unknown;
    std::string id;                      ///< "nvidia"
    std::vector<std::string> pci_ids;    ///< "10DE"; Qualcomm's ACPI name is "QCOM"
    std::vector<std::string> companions; ///< patterns of CopyINF names that come along; "*" is all
    std::string service;                 ///< kernel service whose values the guest needs ("nvlddmkm"); empty: none
    RuntimeRegistry runtime_registry = RuntimeRegistry::none;
    /// Programs of the vendor look for the package under its name in the host's driver store (NGX, for DLSS).
    bool store_junction = false;
    std::vector<std::string> program_folders; ///< names in Program Files, Program Files (x86), ProgramData
    std::vector<TableGroup> groups;
};

struct VendorTable {
    std::vector<VendorEntry> vendors;
    /// By the VEN_ part of a hardware id or instance path; nullptr when no vendor has it.
    [[nodiscard]] const VendorEntry* find(std::string_view device_id) const;
};

/// Strict: unknown members, wrong types, unsafe paths, doubled targets are `drivers.table_invalid` {where, reason}.
[[nodiscard]] Result<VendorTable> parse_vendor_table(std::string_view json);
/// The table built into the program (data/vendor_drivers.json). Parsed once; a broken one cannot pass the tests.
[[nodiscard]] const VendorTable& builtin_vendor_table();

/// '*' and '?' patterns, ASCII case-insensitive.
[[nodiscard]] bool matches_pattern(std::string_view text, std::string_view pattern);

} // namespace exhyperv::drivers
