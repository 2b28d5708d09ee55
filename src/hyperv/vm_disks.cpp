#include "hyperv/vm_disks.h"

#include "hyperv/provider.h"
#include "hyperv/setting_id.h"
#include "support/physical_disk.h"
#include "support/strings.h"

#include <algorithm>
#include <string>

namespace exhyperv::hyperv {

namespace {

constexpr std::uint64_t kIdeController = 5, kScsiController = 6, kDiskDrive = 17;
constexpr std::string_view kVirtualDisk = "Microsoft:Hyper-V:Virtual Hard Disk";

/// A slot of a VM that holds a hard disk drive.
struct Drive {
    Guid owner;
    std::uint32_t controller = 0, location = 0;
    std::vector<std::string> host_resource;
};

std::string id_in_path(const std::string& path_text) {
    const auto path = cim::ObjectPath::parse(path_text);
    return path ? ascii_lower(path->text_key("InstanceID")) : std::string{};
}

/// Numbers of the host's physical disks by their DeviceID (lower case); empty where the host does not tell.
Result<std::unordered_map<std::string, std::uint32_t>> read_disk_numbers(host::CimSession& session,
                                                                         const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_optional_class(session, "Msvm_DiskDrive", {"DeviceID", "DriveNumber"}, context));
    std::unordered_map<std::string, std::uint32_t> numbers;
    for (const cim::Instance& row : rows)
        if (const auto number = row.uint("DriveNumber"); number && *number <= UINT32_MAX)
            numbers.emplace(ascii_lower(row.text_or("DeviceID", "")), static_cast<std::uint32_t>(*number));
    return numbers;
}

/// A pass-through disk, whose drive names a Msvm_DiskDrive, by the name it is opened with where the host tells.
std::string physical_path(const std::string& drive, const std::unordered_map<std::string, std::uint32_t>& numbers) {
    const auto path = cim::ObjectPath::parse(drive);
    const auto number = path ? numbers.find(ascii_lower(path->text_key("DeviceID"))) : numbers.end();
    return number == numbers.end() ? drive : physical_disk_path(number->second);
}

} // namespace

Result<DisksByOwner> read_disks(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(const auto resources,
               read_class(session, "Msvm_ResourceAllocationSettingData",
                          {"InstanceID", "ResourceType", "Parent", "Address", "AddressOnParent", "HostResource"},
                          cim::wql::any_of({cim::wql::where("ResourceType", cim::wql::Compare::equal, kIdeController),
                                            cim::wql::where("ResourceType", cim::wql::Compare::equal, kScsiController),
                                            cim::wql::where("ResourceType", cim::wql::Compare::equal, kDiskDrive)}),
                          context));
    // Controllers are numbered per VM in the order the guest meets them: IDE first, then SCSI, as they are listed.
    std::unordered_map<std::string, std::uint32_t> controller_number;
    std::unordered_map<Guid, std::uint32_t> controllers_of;
    for (const std::uint64_t type : {kIdeController, kScsiController})
        for (const cim::Instance& row : resources) {
            const std::string id = row.text_or("InstanceID", "");
            const auto owner = owner_of_setting(id);
            if (owner && row.uint("ResourceType") == type)
                controller_number.emplace(ascii_lower(id), controllers_of[*owner]++);
        }

    std::unordered_map<std::string, Drive> drives;
    DisksByOwner result;
    std::vector<std::pair<Guid, model::VmDisk>> passed_through;
    for (const cim::Instance& row : resources) {
        const std::string id = row.text_or("InstanceID", "");
        const auto owner = owner_of_setting(id);
        if (!owner || row.uint("ResourceType") != kDiskDrive) continue;
        Drive drive{*owner, 0, 0, row.strings("HostResource")};
        if (const auto number = controller_number.find(id_in_path(row.text_or("Parent", "")));
            number != controller_number.end())
            drive.controller = number->second;
        drive.location = static_cast<std::uint32_t>(parse_u64(row.text_or("AddressOnParent", "")).value_or(0));
        if (!drive.host_resource.empty() && !drive.host_resource.front().empty())
            passed_through.emplace_back(
                *owner, model::VmDisk{drive.host_resource.front(), true, drive.controller, drive.location});
        drives.emplace(ascii_lower(id), std::move(drive));
    }

    if (!passed_through.empty()) {
        TRY_ASSIGN(const auto numbers, read_disk_numbers(session, context));
        for (auto& [owner, disk] : passed_through) {
            disk.path = physical_path(disk.path, numbers);
            result.of_owner[owner].push_back(std::move(disk));
        }
    }

    TRY_ASSIGN(const auto images, read_class(session, "Msvm_StorageAllocationSettingData",
                                             {"InstanceID", "ResourceSubType", "Parent", "HostResource"}, {}, context));
    for (const cim::Instance& row : images) {
        const auto owner = owner_of_setting(row.text_or("InstanceID", ""));
        const auto paths = row.strings("HostResource");
        if (!owner || paths.empty() || paths.front().empty() ||
            !iequals(row.text_or("ResourceSubType", ""), kVirtualDisk))
            continue;
        model::VmDisk disk{paths.front(), false, 0, 0};
        if (const auto drive = drives.find(id_in_path(row.text_or("Parent", ""))); drive != drives.end()) {
            disk.controller = drive->second.controller;
            disk.location = drive->second.location;
        }
        result.of_owner[*owner].push_back(std::move(disk));
    }
    for (auto& [owner, disks] : result.of_owner)
        std::sort(disks.begin(), disks.end(), [](const model::VmDisk& a, const model::VmDisk& b) {
            return std::tie(a.controller, a.location, a.path) < std::tie(b.controller, b.location, b.path);
        });
    return result;
}

} // namespace exhyperv::hyperv
