#include "support/strings.h"
#include "transport/sim/material/driver_store.h"
#include "transport/sim/material/package_layout.h"
#include "transport/sim/material/random_stream.h"

#include <chrono>
#include <fmt/format.h>
#include <map>

namespace exhyperv::sim {

namespace {

using host::RegistryValue;
using host::RegType;

constexpr const char* kFileRepository = "System32\\DriverStore\\FileRepository\\";

struct Context {
    const VendorLayout& layout;
    std::string package; ///< directory name below FileRepository
    std::string windows; ///< "C:\Windows\System32\DriverStore\FileRepository\<package>"
    std::string class_key;
    std::string inf;

    [[nodiscard]] std::string in_package(std::string_view path) const {
        return windows + "\\" + replace_all(std::string(path), "/", "\\");
    }
};

std::string short_date(const std::string& iso) { // 2024-08-14 -> 8-14-2024, as the class key has it
    if (iso.size() != 10) return iso;
    return fmt::format("{}-{}-{}", parse_u64(iso.substr(5, 2)).value_or(1), parse_u64(iso.substr(8, 2)).value_or(1),
                       iso.substr(0, 4));
}

RegistryValue filetime_value(std::string name, const std::string& iso) {
    using namespace std::chrono;
    auto number = [&](std::size_t at, std::size_t n) {
        return parse_u64(std::string_view(iso).substr(at, n)).value_or(1);
    };
    std::uint64_t value = 0;
    if (iso.size() == 10) {
        sys_days day =
            year{int(number(0, 4))} / month{unsigned(number(5, 2))} / std::chrono::day{unsigned(number(8, 2))};
        value = (std::uint64_t(day.time_since_epoch().count()) + 134'774) * 864'000'000'000u;
    }
    RegistryValue result{std::move(name), std::uint32_t(RegType::binary), {}};
    for (int i = 0; i < 8; ++i)
        result.data.push_back(std::byte((value >> (8 * i)) & 0xFF));
    return result;
}

/// Display drivers loaded for an adapter: up to three user-mode names per list, as the vendors write them.
void add_user_mode_names(const Context& at, std::vector<RegistryValue>& values, FileKind kind,
                         const std::string& suffix) {
    std::vector<std::string> full, bare;
    for (const LayoutFile& file : at.layout.primary.files) {
        if (file.kind != kind || !file.path.ends_with(".dll") || full.size() == 3) continue;
        full.push_back(at.in_package(file.path));
        std::string name = bare_name(file.path);
        bare.push_back(name.substr(0, name.size() - 4));
    }
    if (full.empty()) return;
    values.push_back(RegistryValue::multi("UserModeDriverName" + suffix, full));
    if (suffix.empty()) values.push_back(RegistryValue::multi("InstalledDisplayDrivers", bare));
}

/// What Intel's runtimes look up (gpu-and-dda-sequences 3.8).
void add_intel_runtime(const Context& at, std::vector<RegistryValue>& values) {
    auto path = [&](const char* name, const char* file) {
        values.push_back(RegistryValue::text(name, at.in_package(file)));
    };
    path("OpenCLDriverName", "igdrcl64.dll");
    path("OpenCLDriverNameWow", "igdrcl32.dll");
    path("LevelZeroDriverPath", "ze_intel_gpu64.dll");
    for (const char* name : {"DriverStorePathForComputeRuntime", "DriverStorePathForMediaSDK", "DriverStorePathForVPL",
                             "DriverStorePathForMDF"}) {
        values.push_back(RegistryValue::text(name, at.windows));
    }
    path("VulkanDriverName", "igvk64.json");
    path("VulkanDriverNameWow", "igvk32.json");
    path("OpenGLDriverName", "ig9icd64.dll");
    path("OpenGLDriverNameWow", "ig9icd32.dll");
    for (const char* name : {"OpenGLFlags", "OpenGLFlagsWow", "OpenGLVersion", "OpenGLVersionWow"}) {
        values.push_back(RegistryValue::number(name, std::string_view(name).starts_with("OpenGLF") ? 3 : 0x2000));
    }
    values.push_back(RegistryValue::number("OpenGLInstalled", 1));
    path("ContentProtectionDriverName", "IntelCpHDCPSvc.exe");
    path("ControlApiPath", "ControlLib.dll");
    path("ControlApiPath32", "ControlLib32.dll");
}

RegistryFacts class_key_facts(const Context& at, const PackageSpec& spec) {
    const VendorLayout& layout = at.layout;
    RegistryFacts key{at.class_key, {}};
    auto& values = key.values;
    values.push_back(RegistryValue::text("DriverDesc", layout.device_name));
    values.push_back(RegistryValue::text("ProviderName", layout.provider));
    values.push_back(RegistryValue::text("InfPath", at.inf));
    values.push_back(RegistryValue::text("InfSection", layout.primary.install));
    if (!layout.primary.install_decoration.empty())
        values.push_back(RegistryValue::text("InfSectionExt", layout.primary.install_decoration));
    values.push_back(RegistryValue::text("MatchingDeviceId", driver_facts(spec).matching_id));
    values.push_back(RegistryValue::text("DriverVersion", layout.version));
    values.push_back(RegistryValue::text("DriverDate", short_date(layout.date)));
    values.push_back(filetime_value("DriverDateData", layout.date));
    values.push_back(RegistryValue::text("HardwareInformation.AdapterString", layout.device_name));
    values.push_back(RegistryValue::text("HardwareInformation.ChipType", layout.device_name));
    if (spec.vendor ==
        DriverVendor::moore_threads) // this vendor writes no qwMemorySize; the unit of the value is 1 MiB
        values.push_back(
            RegistryValue::number("HardwareInformation.MemorySize", std::uint32_t(layout.vram_bytes >> 20)));
    else if (layout.vram_bytes != 0)
        values.push_back(RegistryValue::number64("HardwareInformation.qwMemorySize", layout.vram_bytes));
    FileKind native = layout.architecture == "arm64" ? FileKind::pe_arm64 : FileKind::pe64;
    add_user_mode_names(at, values, native, "");
    add_user_mode_names(at, values, FileKind::pe32, "Wow");
    if (spec.vendor == DriverVendor::intel) add_intel_runtime(at, values);
    return key;
}

std::vector<RegistryFacts> copy_to_vm_facts(const Context& at) {
    std::map<std::string, std::vector<RegistryValue>> lists;
    for (const CopyToVm& copy : at.layout.primary.copies) {
        lists[copy.list].push_back(copy.target.empty() ? RegistryValue::text(copy.name, copy.source)
                                                       : RegistryValue::multi(copy.name, {copy.source, copy.target}));
    }
    std::vector<RegistryFacts> facts;
    for (auto& [list, values] : lists)
        facts.push_back({at.class_key + "\\" + list, std::move(values)});
    return facts;
}

/// The kernel service. The path-bearing texts besides ImagePath are made up: they stand for whatever a driver keeps
/// there.
std::vector<RegistryFacts> service_facts(const Context& at) {
    const InfLayout& inf = at.layout.primary;
    std::string key = "SYSTEM\\CurrentControlSet\\Services\\" + inf.service;
    std::string binary = replace_all(inf.service_binary, "/", "\\");
    std::vector<RegistryValue> values{
        RegistryValue::number("Type", 1),
        RegistryValue::number("Start", 3),
        RegistryValue::number("ErrorControl", 0),
        RegistryValue::text("ImagePath", "\\SystemRoot\\" + std::string(kFileRepository) + at.package + "\\" + binary,
                            RegType::expand_sz),
        RegistryValue::text("DisplayName", inf.service_display),
        RegistryValue::text("Group", "Video"),
        RegistryValue::multi("Owners", {at.inf}),
        RegistryValue::text("DriverStorePath", at.windows),
        RegistryValue::multi("ModulePaths", {at.in_package(inf.service_binary), at.windows}),
    };
    std::vector<RegistryValue> parameters{
        RegistryValue::number("FeatureMask", 0x11),
        RegistryValue::text("ShaderCompilerPath", "%SystemRoot%\\" + std::string(kFileRepository) + at.package,
                            RegType::expand_sz),
        RegistryValue::text("ProfileDatabase", at.windows + "\\profiles.bin"),
    };
    return {{key, std::move(values)}, {key + "\\Parameters", std::move(parameters)}};
}

} // namespace

DriverFacts driver_facts(const PackageSpec& spec) {
    VendorLayout layout = layout_of(spec.vendor);
    DriverFacts facts;
    facts.service = layout.primary.service;
    facts.provider = layout.provider;
    facts.class_name = layout.primary.class_name;
    facts.class_guid = ascii_lower(layout.primary.class_guid);
    facts.architecture = layout.architecture;
    facts.matching_id = ascii_lower(spec.hardware_id.empty() ? layout.hardware_id : spec.hardware_id);
    return facts;
}

std::vector<RegistryFacts> package_registry(const PackageSpec& spec, std::uint32_t class_instance,
                                            const std::string& published_inf) {
    VendorLayout layout = complete_layout(spec);
    std::string package = store_packages(spec).front().directory;
    Context at{layout, package, "C:\\Windows\\" + std::string(kFileRepository) + package,
               fmt::format("SYSTEM\\CurrentControlSet\\Control\\Class\\{}\\{:04}", driver_facts(spec).class_guid,
                           class_instance),
               published_inf};
    std::vector<RegistryFacts> all{class_key_facts(at, spec)};
    for (RegistryFacts& facts : copy_to_vm_facts(at))
        all.push_back(std::move(facts));
    for (RegistryFacts& facts : service_facts(at))
        all.push_back(std::move(facts));
    return all;
}

} // namespace exhyperv::sim
