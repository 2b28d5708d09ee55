#include "hyperv/device_keys.h"
#include "hyperv/vms.h"
#include "platform/file.h"
#include "platform/process.h"
#include "support/strings.h"
#include "transport/sim/sim_host.h"
#include "transport/wmi_com/ports/registry.h"

#include <cstdio>
#include <string>

// plant_world.exe   Puts the registry of the simulated host that the environment names (EXHYPERV_WMI_SCENARIO,
// EXHYPERV_WMI_DATA) into the prefix, and has its guest disks and driver packages made. Prints the host paths of the
// images, one a line.

namespace {

using namespace exhyperv;

CallContext in_time() {
    return CallContext::within(std::chrono::minutes(5));
}

Result<> copy_key(host::HostRegistry& from, host::HostRegistry& to, const std::string& path) {
    TRY_ASSIGN(const auto keys, from.read({path}, in_time()));
    for (const auto& value : keys.at(0).values)
        TRY(to.write(path, value, in_time()));
    for (const auto& child : keys.at(0).subkeys) {
        const std::string below = path + "\\" + child;
        TRY(copy_key(from, to, below));
    }
    return {};
}

/// What real hosts have and the simulated one does not need: its disks are told by the stand-in (disk_calls.cpp).
Result<> write_disk_roles(host::HostRegistry& to) {
    using host::RegistryValue;
    TRY(to.write("SYSTEM\\Setup", RegistryValue::text("SystemPartition", "\\Device\\SimulatedSystemVolume"),
                 in_time()));
    return to.write("SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management",
                    RegistryValue::multi("ExistingPageFiles", {"\\??\\P:\\pagefile.sys"}), in_time());
}

/// Windows keeps a copy of each package's INF under its published name; by that copy the program finds the package
/// where setupapi does not tell.
Result<> publish_infs(host::Host& host) {
    TRY_ASSIGN(const auto devices, host.devices().list({.properties = {hyperv::device_key::kDriverInf}}, in_time()));
    for (const auto& record : devices) {
        const auto inf = hyperv::device_key::text(record.node, hyperv::device_key::kDriverInf);
        if (inf.empty()) continue;
        TRY_ASSIGN(const auto directory, host.files().driver_store_location(inf, in_time()));
        const auto package = directory.substr(directory.rfind('\\') + 1);
        const auto name = package.substr(0, ascii_lower(package).find(".inf_") + 4);
        TRY_ASSIGN(const auto source, host.files().local_path(directory + "\\" + name));
        TRY_ASSIGN(const auto text, platform::read_text_file(source, 32u << 20));
        TRY(platform::write_file_atomically("C:\\windows\\inf\\" + inf, text));
    }
    return {};
}

Result<> plant() {
    sim::SimOptions options;
    options.scenario = platform::environment("EXHYPERV_WMI_SCENARIO").value_or("workstation");
    options.data_directory = platform::environment("EXHYPERV_WMI_DATA").value_or("");
    TRY_ASSIGN(const auto host, sim::make_host(options));
    const auto registry = wmi_com::make_registry();
    for (const char* root : {"SYSTEM", "SOFTWARE", "HARDWARE"})
        TRY(copy_key(host->registry(), *registry, root));
    TRY(write_disk_roles(*registry));
    TRY(host->files().list_tree("C:\\Windows\\System32\\DriverStore\\FileRepository", 100'000, in_time()));
    TRY(publish_infs(*host));
    TRY_ASSIGN(const auto vms, hyperv::list_vms(host->cim(), in_time()));
    for (const auto& vm : vms)
        for (const auto& disk : vm.disks)
            if (host->files().local_path(disk.path)) std::printf("%s\n", disk.path.c_str());
    return {};
}

} // namespace

int main() {
    const auto done = plant();
    if (!done) std::fprintf(stderr, "plant_world: %s\n", describe(done.error()).c_str());
    return done ? 0 : 1;
}
