#include "fake_host.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdlib.h>

namespace exhyperv::drivers::test {

namespace {
constexpr std::string_view kEnum = "SYSTEM\\CurrentControlSet\\Enum\\";
constexpr std::string_view kServices = "SYSTEM\\CurrentControlSet\\Services\\";
} // namespace

CallContext soon() {
    return CallContext::within(std::chrono::seconds(60));
}

Result<std::vector<host::RegistryKey>> FakeRegistry::read(const std::vector<std::string>& paths, const CallContext&) {
    ++calls;
    std::vector<host::RegistryKey> out;
    for (const auto& path : paths) {
        host::RegistryKey key{path, false, {}, {}};
        if (const auto found = keys.find(path); found != keys.end()) {
            key.exists = true;
            key.values = found->second;
        }
        out.push_back(std::move(key));
    }
    return out;
}

Result<> FakeRegistry::write(const std::string& path, const host::RegistryValue& value, const CallContext&) {
    auto& values = keys[path];
    std::erase_if(values, [&](const auto& old) { return iequals(old.name, value.name); });
    values.push_back(value);
    return {};
}

Result<> FakeRegistry::erase(const std::string& path, const std::string& name, const CallContext&) {
    std::erase_if(keys[path], [&](const auto& old) { return iequals(old.name, name); });
    return {};
}

FakeFiles::FakeFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "exhyperv-drivers-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
}

FakeFiles::~FakeFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

Result<std::string> FakeFiles::local_path(const std::string& host_path) const {
    if (locked.contains(host_path)) return root_ + "/locked";
    return root_ + "/" + replace_all(replace_all(ascii_lower(host_path), "\\", "/"), ":", "");
}

void FakeFiles::add(const std::string& host_path, std::string_view content, std::uint64_t modified) {
    const std::filesystem::path path = *local_path(host_path);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    files_[host_path] = {host_path, false, content.size(), modified};
    for (auto cut = host_path.rfind('\\'); cut != std::string::npos && cut > 2; cut = host_path.rfind('\\', cut - 1)) {
        const auto parent = host_path.substr(0, cut);
        if (!files_.contains(parent)) files_[parent] = {parent, true, 0, modified};
    }
}

void FakeFiles::drop(const std::string& host_path) {
    files_.erase(host_path);
}

Result<std::vector<host::HostFiles::Entry>> FakeFiles::list_tree(const std::string& directory, std::size_t limit,
                                                                 const CallContext&) {
    ++calls;
    std::vector<Entry> out;
    const auto below = directory.ends_with('\\') ? directory : directory + "\\"; // "C:\" has one already
    for (const auto& [path, entry] : files_) {
        if (!istarts_with(path, below)) continue;
        out.push_back(entry);
        out.back().path = path.substr(below.size());
    }
    if (out.size() > limit) return fail("host.too_many_files", {{"path", directory}});
    return out;
}

Result<bool> FakeFiles::exists(const std::string& path, const CallContext&) {
    ++calls;
    return path == "C:\\" || files_.contains(path);
}

Result<std::string> FakeFiles::driver_store_location(const std::string& inf_name, const CallContext&) {
    ++calls;
    const auto found = infs.find(inf_name);
    if (found == infs.end()) return fail("host.inf_not_found", {{"inf", inf_name}});
    return found->second;
}

std::string make_inf(std::string_view provider, std::string_view hardware_id, std::string_view version,
                     std::string_view extra) {
    return fmt::format(
        "; synthetic\r\n[Version]\r\nSignature=\"$Windows NT$\"\r\nProvider=%Vendor%\r\nClass=Display\r\n"
        "ClassGUID={{4D36E968-E325-11CE-BFC1-08002BE10318}}\r\nDriverVer=03/14/2025, {}\r\n\r\n"
        "[Manufacturer]\r\n%Vendor% = Devices,NTamd64.10.0...14310\r\n\r\n"
        "[Devices.NTamd64.10.0...14310]\r\n%Card% = Section001, {}\r\n\r\n"
        "[Section001]\r\nFeatureScore=F6\r\n{}\r\n\r\n[Strings]\r\nVendor=\"{}\"\r\nCard=\"Synthetic card\"\r\n",
        version, hardware_id, extra, provider);
}

FakeHost::FakeHost(std::string_view vendor, std::string_view version, std::string_view hash) {
    using host::RegistryValue;
    const bool nvidia = vendor == "nvidia", intel = vendor == "intel";
    const std::string hardware = nvidia  ? "PCI\\VEN_10DE&DEV_2786&SUBSYS_17631462&REV_A1"
                                 : intel ? "PCI\\VEN_8086&DEV_56A0&SUBSYS_10208086&REV_08"
                                         : "PCI\\VEN_1002&DEV_744C&SUBSYS_0E3B1002&REV_C8";
    const std::string inf = nvidia ? "nv_dispi.inf" : intel ? "iigd_dch_d.inf" : "u0412345.inf";
    card = hardware + "\\4&25438c51&0&0008";
    driver_key = "{4d36e968-e325-11ce-bfc1-08002be10318}\\0001";
    folder = inf + "_amd64_" + std::string(hash);
    directory = std::string(kStore) + folder;
    files.infs["oem7.inf"] = directory;

    const std::string service = nvidia ? "nvlddmkm" : intel ? "igfxn" : "amduw23g";
    registry.keys[std::string(kEnum) + card] = {RegistryValue::text("Driver", driver_key),
                                                RegistryValue::text("Service", service),
                                                RegistryValue::multi("HardwareID", {hardware})};
    registry.keys[class_key()] = {RegistryValue::text("InfPath", "oem7.inf"),
                                  RegistryValue::text("DriverDesc", "Synthetic card"),
                                  RegistryValue::text("DriverVersion", version)};
    const std::string sys = service + ".sys";
    add(inf, make_inf(nvidia  ? "NVIDIA"
                      : intel ? "Intel Corporation"
                              : "Advanced Micro Devices, Inc.",
                      hardware.substr(0, hardware.find("&SUBSYS")), version,
                      intel || nvidia ? "" : "CopyINF=amdocl.inf, amdfendr.inf"));
    add(sys, "kernel driver " + std::string(version));
    registry.keys[std::string(kServices) + service] = {
        RegistryValue::number("Type", 1),
        RegistryValue::number("Start", 3),
        RegistryValue::number("ErrorControl", 0),
        RegistryValue::text("Group", "Video"),
        RegistryValue::text("ImagePath", "\\SystemRoot\\System32\\DriverStore\\FileRepository\\" + folder + "\\" + sys,
                            host::RegType::expand_sz),
        RegistryValue::text("DisplayName", "@oem7.inf,%service%;display"),
        RegistryValue::multi("Owners", {"oem7.inf"})};
    if (nvidia) {
        add("nvapi64.dll", "nvapi for x64");
        add("nvapi.dll", "nvapi for x86");
        add("OpenCL64.dll", "OpenCL loader");
        add("vulkan-1-x64.dll", "vulkan loader");
        add("Display.NvContainer\\container.cfg", "nested");
        add("empty.dat", "");
    }
}

} // namespace exhyperv::drivers::test
