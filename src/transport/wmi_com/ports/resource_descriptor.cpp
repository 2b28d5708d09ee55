#include "transport/wmi_com/ports/resource_descriptor.h"

namespace exhyperv::wmi_com {

namespace {

std::uint64_t little_endian(std::span<const std::byte> data, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value |= std::to_integer<std::uint64_t>(data[at + i]) << (8 * i);
    return value;
}

} // namespace

bool add_resource(std::uint32_t kind, std::span<const std::byte> data, host::DeviceResources& resources) {
    if (kind == res_type::memory || kind == res_type::large_memory) {
        if (data.size() < 24) return false;
        const auto first = little_endian(data, 8, 8), last = little_endian(data, 16, 8);
        if (last < first) return false;
        resources.memory.emplace_back(first, last);
        return true;
    }
    if (kind == res_type::interrupt) {
        if (data.size() < 16) return false;
        resources.interrupts.push_back(static_cast<std::int32_t>(little_endian(data, 12, 4)));
        return true;
    }
    return false;
}

} // namespace exhyperv::wmi_com
