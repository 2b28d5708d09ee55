#pragma once

#include "host/registry.h"
#include "support/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::sim {

// Driver packages for the simulated host. Everything in them is synthesized: names and layouts are the published ones,
// the INF text is real INF syntax, executables have real PE headers and version resources; the rest is random bytes.

enum class DriverVendor { nvidia, intel, amd, qualcomm, moore_threads };

enum class PackageSize {
    small, ///< about 60 files, a few MB: demos and tests
    full,  ///< 1,200 files, 1,500,000,000 bytes: 13 of 52 to 148 MB, 729 below 64 kB (as a real package)
};

/// Which package to make. Equal specs give byte-equal packages. Empty fields take the vendor's usual value, see
/// with_defaults().
struct PackageSpec {
    DriverVendor vendor = DriverVendor::nvidia;
    std::string inf_name;         ///< "nv_dispi.inf"
    std::string version;          ///< "32.0.15.6094"
    std::string date;             ///< "2024-08-14"
    std::string hardware_id;      ///< the card its models section names: "PCI\VEN_10DE&DEV_2786&SUBSYS_40E51458"
    std::string device_name;      ///< "NVIDIA GeForce RTX 4070"
    std::uint64_t vram_bytes = 0; ///< HardwareInformation.qwMemorySize
    PackageSize size = PackageSize::small;
    std::uint64_t seed = 1;
    bool operator==(const PackageSpec&) const = default;
};

[[nodiscard]] PackageSpec with_defaults(PackageSpec spec);

/// One directory of the driver store.
struct StorePackage {
    std::string inf_name;  ///< "nv_dispi.inf": the INF inside it
    std::string directory; ///< "nv_dispi.inf_amd64_<16 hex digits>", below FileRepository
    bool operator==(const StorePackage&) const = default;
};

/// The directories make_driver_package makes: the card's own package first, then those its INF names with CopyINF
/// (AMD).
[[nodiscard]] std::vector<StorePackage> store_packages(const PackageSpec& spec);

/// Makes the package and its companions below `file_repository` (…/DriverStore/FileRepository; made when missing). Each
/// directory appears under its name only when complete. Errors: material.exists, material.bad_value, file.*.
[[nodiscard]] Result<> make_driver_package(const std::string& file_repository, const PackageSpec& spec);

/// Makes the libraries for Linux guests that Windows has in System32\lxss\lib (libdxcore.so, libd3d12.so, …) in
/// `directory`, which appears only when complete; synthesized like the rest. Success when it is there already. Errors:
/// material.*, file.*.
[[nodiscard]] Result<> make_linux_libraries(const std::string& directory);

/// What a card with this driver looks like to Plug and Play.
struct DriverFacts {
    std::string service;      ///< "nvlddmkm"
    std::string provider;     ///< "NVIDIA"
    std::string class_name;   ///< "Display"
    std::string class_guid;   ///< "{4d36e968-e325-11ce-bfc1-08002be10318}"
    std::string architecture; ///< "amd64" or "arm64"
    std::string matching_id;  ///< lower-case id of the models line
};
[[nodiscard]] DriverFacts driver_facts(const PackageSpec& spec);

/// A host registry key and its values; the path starts below HKEY_LOCAL_MACHINE.
struct RegistryFacts {
    std::string path;
    std::vector<host::RegistryValue> values;
};

/// What installing the package writes: the class key Class\{4d36e968-…}\NNNN (NNNN = `class_instance`, with the
/// CopyToVm… subkeys, and Intel's runtime paths) and the service key with its Parameters. `published_inf` is the
/// oemNN.inf name.
[[nodiscard]] std::vector<RegistryFacts> package_registry(const PackageSpec& spec, std::uint32_t class_instance,
                                                          const std::string& published_inf);

} // namespace exhyperv::sim
