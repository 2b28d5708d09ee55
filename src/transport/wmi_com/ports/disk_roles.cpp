#include "transport/wmi_com/ports/disk_roles.h"

#include "support/strings.h"

#include <algorithm>

namespace exhyperv::wmi_com {

namespace {

constexpr const char* kSetup = "SYSTEM\\Setup";
constexpr const char* kMemory = "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management";

bool is_drive(std::string_view path) {
    return path.size() >= 2 && path[1] == ':' &&
           ((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z'));
}

Result<> mark(std::vector<host::HostDevices::Disk>& disks, bool host::HostDevices::Disk::*role, DiskAccess& access,
              const std::string& volume) {
    TRY_ASSIGN(const auto numbers, access.disks_of_volume(volume));
    for (auto& disk : disks)
        if (std::find(numbers.begin(), numbers.end(), disk.number) != numbers.end()) disk.*role = true;
    return {};
}

} // namespace

std::optional<std::string> volume_of_page_file(std::string_view path) {
    for (const std::string_view prefix : {"\\??\\", "\\\\?\\", "\\\\.\\"})
        if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
    if (!is_drive(path)) return std::nullopt;
    return "\\\\.\\" + std::string(path.substr(0, 2));
}

Result<> add_roles(std::vector<host::HostDevices::Disk>& disks, DiskAccess& access, host::HostRegistry& registry,
                   const CallContext& context) {
    using Disk = host::HostDevices::Disk;
    TRY_ASSIGN(const auto keys, registry.read({kSetup, kMemory}, context));
    const auto* system = keys.at(0).value("SystemPartition");
    if (!system || system->as_text().empty()) return fail("host.system_disk_unknown");
    TRY(mark(disks, &Disk::system, access, "\\\\?\\GLOBALROOT" + system->as_text()));

    TRY_ASSIGN(const auto windows, access.windows_directory());
    if (!is_drive(windows)) return fail("host.system_disk_unknown", {}, "the Windows directory is " + windows);
    TRY(mark(disks, &Disk::boot, access, "\\\\.\\" + windows.substr(0, 2)));

    if (const auto* files = keys.at(1).value("ExistingPageFiles"))
        for (const auto& file : files->as_texts())
            if (const auto volume = volume_of_page_file(file)) TRY(mark(disks, &Disk::paging, access, *volume));
    return {};
}

} // namespace exhyperv::wmi_com
