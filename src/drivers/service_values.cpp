#include "drivers/service_values.h"

#include "drivers/guest_paths.h"
#include "drivers/registry_patch.h"
#include "support/strings.h"

#include <algorithm>
#include <array>

namespace exhyperv::drivers {

namespace {

constexpr std::array<std::string_view, 5> kServiceNames = {"Type", "Start", "ErrorControl", "Group", "ImagePath"};

constexpr std::array<std::string_view, 19> kIntelNames = {"OpenCLDriverName",
                                                          "OpenCLDriverNameWow",
                                                          "LevelZeroDriverPath",
                                                          "DriverStorePathForComputeRuntime",
                                                          "DriverStorePathForMediaSDK",
                                                          "DriverStorePathForVPL",
                                                          "DriverStorePathForMDF",
                                                          "VulkanDriverName",
                                                          "VulkanDriverNameWow",
                                                          "OpenGLDriverName",
                                                          "OpenGLDriverNameWow",
                                                          "OpenGLFlags",
                                                          "OpenGLFlagsWow",
                                                          "OpenGLInstalled",
                                                          "OpenGLVersion",
                                                          "OpenGLVersionWow",
                                                          "ContentProtectionDriverName",
                                                          "ControlApiPath",
                                                          "ControlApiPath32"};

constexpr std::string_view kStorePath = "\\SystemRoot\\System32\\DriverStore\\FileRepository\\";

bool has_store_path(const host::RegistryValue& value) {
    const guest::HiveValue copy{value.name, value.type, value.data};
    return to_host_driver_store(copy) != copy;
}

/// The service binary inside the primary package that ImagePath names; nullptr when it names something else.
const PackageFile* image_in_package(const std::string& image, const DriverPackage& package) {
    const auto text = backslashes(image);
    const auto marker = ascii_lower("\\FileRepository\\" + package.folder + "\\");
    const auto at = ascii_lower(text).find(marker);
    return at == std::string::npos ? nullptr : package.file(std::string_view(text).substr(at + marker.size()));
}

} // namespace

void add_service_values(const std::string& service, const host::RegistryKey& key, ResolvedDrivers& drivers) {
    if (!key.exists) {
        drivers.warnings.push_back({"drivers.warn.service_missing", {{"service", service}}});
        return;
    }
    RegistrySource source{service, {}};
    const host::RegistryValue* image = nullptr;
    for (const auto& value : key.values) {
        if (iequals(value.name, "ImagePath")) {
            image = &value;
        } else if (std::ranges::any_of(kServiceNames, [&](auto name) { return iequals(name, value.name); }) ||
                   has_store_path(value)) {
            source.values.push_back(value);
        }
    }
    const auto& package = drivers.primary();
    if (image != nullptr && image_in_package(image->as_text(), package) != nullptr) {
        source.values.push_back(*image);
    } else {
        std::vector<const PackageFile*> binaries;
        for (const auto& file : package.files)
            if (iequals(leaf_name(file.path), service + ".sys")) binaries.push_back(&file);
        if (binaries.size() == 1) {
            source.values.push_back(host::RegistryValue::text(
                "ImagePath", std::string(kStorePath) + package.folder + "\\" + binaries[0]->path,
                host::RegType::expand_sz));
        } else {
            drivers.warnings.push_back(
                {"drivers.warn.service_image",
                 {{"service", service}, {"package", package.folder}, {"count", std::to_string(binaries.size())}}});
        }
    }
    drivers.service = std::move(source);
}

std::span<const std::string_view> intel_runtime_names() {
    return kIntelNames;
}

void add_intel_runtime_values(const std::string& driver_key, const host::RegistryKey& key, ResolvedDrivers& drivers) {
    RegistrySource source{driver_key, {}};
    for (const auto& value : key.values)
        if (std::ranges::any_of(kIntelNames, [&](auto name) { return iequals(name, value.name); }))
            source.values.push_back(value);
    if (!source.values.empty()) drivers.runtime = std::move(source);
}

} // namespace exhyperv::drivers
