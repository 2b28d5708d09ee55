#include "assign/device/inventory.h"
#include "assign/device/pci_ids.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace exhyperv::assign {

namespace {

/// Drivers of Windows for a whole class of devices: under them every device has the same name, in the host's language.
bool names_nothing(const model::PciDevice& device) {
    static constexpr std::array<std::string_view, 6> kClassDrivers{"stornvme", "storahci",     "HDAudBus",
                                                                   "sdbus",    "BasicDisplay", ""};
    return std::any_of(kClassDrivers.begin(), kClassDrivers.end(),
                       [&](std::string_view service) { return iequals(device.service, service); });
}

} // namespace

std::string_view assignability_name(Assignability verdict) {
    switch (verdict) {
    case Assignability::yes:
        return "yes";
    case Assignability::warning:
        return "warning";
    case Assignability::no:
        return "no";
    case Assignability::unknown:
        break;
    }
    return "unknown";
}

std::string_view child_kind_name(ChildKind kind) {
    static constexpr std::array<std::string_view, 8> kNames{"hub",     "disk",    "keyboard", "mouse",
                                                            "display", "network", "audio",    "other"};
    return kNames.at(static_cast<std::size_t>(kind));
}

std::string PciAddress::text() const {
    return fmt::format("{:02x}:{:02x}.{:x}", bus, device, function);
}

std::string DeviceEntry::display_name() const {
    if (device_name.empty() || !names_nothing(device)) return device.name;
    const std::string vendor = short_vendor(vendor_name);
    return vendor.empty() || icontains(device_name, vendor) ? device_name : vendor + " " + device_name;
}

std::uint64_t DeviceEntry::mmio_bytes() const {
    std::uint64_t sum = 0;
    for (const model::PciBar& bar : device.bars)
        sum = bar.size > ~sum ? ~std::uint64_t{0} : sum + bar.size;
    return sum;
}

const Check* DeviceEntry::check(std::string_view id) const {
    const auto found = std::find_if(evidence.begin(), evidence.end(), [&](const Check& one) { return one.id == id; });
    return found == evidence.end() ? nullptr : &*found;
}

const DeviceEntry* DeviceInventory::find(std::string_view pure_id) const {
    if (pure_id.empty()) return nullptr;
    const auto found = std::find_if(devices.begin(), devices.end(),
                                    [&](const DeviceEntry& entry) { return entry.device.pure_id == pure_id; });
    return found == devices.end() ? nullptr : &*found;
}

std::string DeviceInventory::vm_name(const Guid& id) const {
    const auto found = vm_names.find(id);
    return found == vm_names.end() ? id.str() : found->second;
}

} // namespace exhyperv::assign
