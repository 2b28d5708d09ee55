#pragma once

#include "drivers/import_scope.h"
#include "drivers/inf.h"
#include "drivers/vendor_table.h"
#include "guest/guest_disk.h"
#include "host/files.h"
#include "host/registry.h"
#include "model/gpu.h"
#include "support/deadline.h"
#include "support/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::drivers {

struct PackageFile {
    std::string path; ///< relative to the package directory, separators '\'
    std::uint64_t size = 0;
    std::uint64_t modified = 0; ///< FILETIME
    bool essential = false;     ///< the card cannot work without it: the primary package's kernel drivers (.sys)
    std::uint64_t file_version =
        0; ///< PE file version of .dll and .exe that are promoted "when newer"; 0: not read or none
};

/// One directory of the host's driver store.
struct DriverPackage {
    std::string directory;      ///< full host path
    std::string folder;         ///< last component: "nv_dispi.inf_amd64_8f2a90b1c4d5e6f7"
    std::string inf_name;       ///< original: "nv_dispi.inf"
    std::string published_name; ///< "oem12.inf"; empty for companions
    std::string provider;
    DriverVersion version;
    guest::Architecture architecture = guest::Architecture::unknown; ///< from the folder's name
    std::vector<PackageFile> files;
    std::vector<std::string> directories; ///< relative, parents first; the package directory itself not included
    bool optional = false; ///< comes along because the user asked for it: needs no INF, may be for another architecture
    [[nodiscard]] std::uint64_t total_bytes() const;
    [[nodiscard]] const PackageFile* file(std::string_view path) const; ///< without case
};

/// A name in System32 and the like through which programs of the guest find a file of a package.
struct Promotion {
    std::size_t package = 0; ///< index into ResolvedDrivers::packages
    std::string source;      ///< path inside the package
    std::string target;      ///< below the guest's volume root: "Windows\System32\nvapi64.dll"
    PromotionMode mode = PromotionMode::preserve_existing;
    std::vector<std::string> architectures; ///< guests it is for; empty: all
    bool needs_directory = false;           ///< only where the guest has the target's directory
};

/// A file of the host, put into the guest as it is: a user's extra, or one of a vendor's folders.
struct ExtraFile {
    std::string host_path;
    std::string target; ///< below the guest's volume root
    std::uint64_t size = 0;
    std::uint64_t modified = 0; ///< FILETIME
    PromotionMode mode = PromotionMode::overwrite;
    std::string needs; ///< only where the guest has this directory; empty: everywhere
};

/// A host registry key whose values the guest needs.
struct RegistrySource {
    std::string name; ///< service: its name; class key: "{4d36e968-…}\0001"
    std::vector<host::RegistryValue> values;
};

/// Everything the host knows of a card's driver. A value: it can be compared with a manifest, or planned into a guest.
struct ResolvedDrivers {
    std::string instance_path; ///< PCI\VEN_…\…
    std::string hardware_id;   ///< PCI\VEN_10DE&DEV_2786&SUBSYS_…
    std::string card_name;     ///< DriverDesc of the class key
    model::GpuVendor vendor = model::GpuVendor::unknown;
    std::vector<DriverPackage> packages; ///< primary first, then companions, then what the scope adds
    std::vector<Promotion> promotions;
    std::optional<RegistrySource> service;
    std::optional<RegistrySource> runtime; ///< Intel: values of the adapter's class key
    RuntimeRegistry runtime_rule = RuntimeRegistry::none;
    bool store_junction = false; ///< the vendor's programs ask for the primary package in the host's own driver store
    ImportScope scope;           ///< see drivers/scope.h: what was asked for besides
    std::vector<ExtraFile> extras;
    std::vector<Message> warnings; ///< what is missing or ambiguous, by name
    [[nodiscard]] const DriverPackage& primary() const { return packages.front(); }
    [[nodiscard]] std::uint64_t total_bytes() const;
    [[nodiscard]] std::size_t total_files() const;
};

/// Card → driver key → INF → driver-store directory → INF text → companions → promotions → registry values
/// (gpu-pv: the registry path of wmi-facts 4.7). `card` is an instance path or a \\?\…\GPUPARAV interface path.
/// A constant number of host calls. Missing or ambiguous pieces become warnings; only these are errors:
/// drivers.card_unknown, drivers.no_driver, drivers.package_missing, drivers.package_unsafe, drivers.inf_invalid,
/// drivers.inf_too_large, and what the ports return.
[[nodiscard]] Result<ResolvedDrivers> resolve(host::HostRegistry& registry, host::HostFiles& files,
                                              const std::string& card, const CallContext& context,
                                              const VendorTable& table = builtin_vendor_table());

} // namespace exhyperv::drivers
