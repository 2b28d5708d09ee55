#pragma once

#include "transport/sim/material/driver_store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exhyperv::sim {

enum class FileKind { pe64, pe32, pe_arm64, elf, text, blob, inf, catalog };

struct LayoutFile {
    std::string path; ///< below the package directory, '/' between components
    FileKind kind = FileKind::blob;
    std::uint64_t size = 0; ///< 0 until sizes are given out; texts with `content` and the INF have their own
    std::string content;    ///< fixed text, if any
};

/// A value of a CopyToVm… list: INF AddReg line and registry value at once.
struct CopyToVm {
    std::string list;   ///< "CopyToVmOverwrite", "CopyToVmWhenNewerWow64", …
    std::string name;   ///< value name: arbitrary
    std::string source; ///< below the package directory, '\' between components
    std::string target; ///< bare name; empty: written as REG_SZ, target = source
};

enum class InfEncoding { ansi_crlf, utf8_lf, utf16_crlf };

/// An INF of a package: what is written into it, and the files beside it.
struct InfLayout {
    std::string name;    ///< "nv_dispi.inf"
    std::string catalog; ///< "NV_DISP.CAT"
    std::string class_name = "Display";
    std::string class_guid = "{4D36E968-E325-11CE-BFC1-08002BE10318}";
    InfEncoding encoding = InfEncoding::ansi_crlf;
    std::string models;                   ///< models section name: "NVIDIA_Devices"
    std::vector<std::string> decorations; ///< "NTamd64.10.0...17134"; the last one is the most specific
    std::string install;                  ///< DDInstall name: "Section001"
    std::string install_decoration;       ///< ".NTarm64", or empty
    std::vector<std::pair<std::string, std::string>> other_models; ///< description, hardware id
    std::string service, service_display, service_binary; ///< binary: path below the package; empty service: none
    std::vector<std::string> copy_infs;
    std::vector<CopyToVm> copies;
    std::vector<LayoutFile> files; ///< the INF and the catalog included
    std::string disk_name;         ///< may hold quotation marks: they are doubled in the file
};

/// How the bulk of a full package is named.
struct BulkPattern {
    std::string directory, prefix, extension;
};

struct VendorLayout {
    std::string provider;
    std::string version, date, hardware_id, device_name; ///< usual values
    std::uint64_t vram_bytes = 0;
    std::string architecture; ///< "amd64", "arm64"
    InfLayout primary;
    std::vector<InfLayout> companions;
    std::vector<BulkPattern> bulk;
};

[[nodiscard]] VendorLayout nvidia_layout();
[[nodiscard]] VendorLayout intel_layout();
[[nodiscard]] VendorLayout amd_layout();
[[nodiscard]] VendorLayout qualcomm_layout();
[[nodiscard]] VendorLayout moore_threads_layout();
[[nodiscard]] VendorLayout layout_of(DriverVendor vendor);

/// Adds files by a list of names separated by blanks; the kind follows the extension, `pe` says which PE the
/// executables are.
void add_files(InfLayout& inf, std::string_view directory, std::string_view names, FileKind pe = FileKind::pe64);
void add_text(InfLayout& inf, std::string path, std::string content);

/// The complete layout for a spec: names from the spec, INF and catalog entries, bulk files (full), sizes.
[[nodiscard]] VendorLayout complete_layout(const PackageSpec& spec);

/// The bytes of an INF for its layout, in its encoding.
[[nodiscard]] std::string inf_content(const VendorLayout& layout, const InfLayout& inf);

[[nodiscard]] std::string bare_name(std::string_view path);   ///< after the last '/'
[[nodiscard]] std::string parent_path(std::string_view path); ///< before it, or ""

} // namespace exhyperv::sim
