#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace exhyperv::assign {

struct PciId {
    std::uint16_t vendor = 0, device = 0;
    auto operator<=>(const PciId&) const = default;
};

struct PciNames {
    std::string vendor, device; ///< "" when the database does not know
};

/// Names of the wanted ids out of a PCI ids database (the text of https://pci-ids.ucw.cz). One pass that looks at
/// wanted vendors only. The text may be anything: lines that do not fit are passed over, names are valid UTF-8 without
/// control characters and at most 200 bytes.
[[nodiscard]] std::map<PciId, PciNames> find_pci_names(std::string_view database, const std::set<PciId>& wanted);

/// The same out of the system's database: the file EXHYPERV_PCI_IDS names ("none": no file), else where Debian's
/// packages pci.ids and hwdata put it. A missing, unreadable or oversized one means that nothing is known.
[[nodiscard]] std::map<PciId, PciNames> find_pci_names(const std::set<PciId>& wanted);

/// "Samsung Electronics Co Ltd" → "Samsung Electronics", "NVIDIA Corporation" → "NVIDIA": as people say it.
[[nodiscard]] std::string short_vendor(std::string_view vendor);

} // namespace exhyperv::assign
