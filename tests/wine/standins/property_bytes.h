#pragma once

#include "host/devices.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace exhyperv::standins {

/// A property as Configuration Manager hands it out: the inverse of wmi_com::decode_property() for the properties of
/// wmi-facts 1.11.
struct TypedBytes {
    std::uint32_t type = 0;
    std::vector<std::byte> bytes;
};
[[nodiscard]] TypedBytes encode_property(const host::DeviceProperty& property);

/// MEM_DES and IRQ_DES, as CM_Get_Res_Des_Data gives them.
struct Descriptor {
    std::uint32_t kind = 0;
    std::vector<std::byte> bytes;
};
[[nodiscard]] std::vector<Descriptor> descriptors_of(const host::DeviceResources& resources);

} // namespace exhyperv::standins
