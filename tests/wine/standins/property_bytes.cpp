#include "property_bytes.h"

#include "hyperv/device_keys.h"
#include "support/strings.h"
#include "support/utf.h"
#include "transport/wmi_com/ports/device_property.h"
#include "transport/wmi_com/ports/resource_descriptor.h"

#include <chrono>

namespace exhyperv::standins {

namespace {

namespace devprop = wmi_com::devprop;
namespace key = hyperv::device_key;

void append(std::vector<std::byte>& out, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i)
        out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void append_text(std::vector<std::byte>& out, const std::string& text) {
    const auto wide = to_utf16le_bytes(text);
    out.insert(out.end(), wide.begin(), wide.end());
    append(out, 0, 2);
}

/// "2024-08-14" as FILETIME.
std::uint64_t ticks_of(const std::string& day) {
    const auto parts = split(day, '-');
    const auto part = [&](std::size_t i) { return i < parts.size() ? parse_u64(parts[i]).value_or(0) : 0; };
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(part(0))},
                                           std::chrono::month{static_cast<unsigned>(part(1))},
                                           std::chrono::day{static_cast<unsigned>(part(2))}};
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    return static_cast<std::uint64_t>(days + 134'774) * 864'000'000'000;
}

} // namespace

TypedBytes encode_property(const host::DeviceProperty& property) {
    TypedBytes out;
    if (const auto* flag = std::get_if<bool>(&property.value)) {
        out = {devprop::boolean, {*flag ? std::byte{0xFF} : std::byte{0}}};
    } else if (const auto* number = std::get_if<std::uint64_t>(&property.value)) {
        out.type = devprop::uint32;
        append(out.bytes, *number, 4);
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&property.value)) {
        out.type = devprop::text_list;
        for (const auto& text : *list)
            append_text(out.bytes, text);
        append(out.bytes, 0, 2);
    } else if (property.key == key::kDriverDate) {
        out.type = devprop::filetime;
        append(out.bytes, ticks_of(std::get<std::string>(property.value)), 8);
    } else {
        out.type = devprop::text;
        append_text(out.bytes, std::get<std::string>(property.value));
    }
    return out;
}

std::vector<Descriptor> descriptors_of(const host::DeviceResources& resources) {
    std::vector<Descriptor> out;
    for (const auto& [first, last] : resources.memory) {
        Descriptor memory{wmi_com::res_type::memory, {}};
        append(memory.bytes, 0, 8);
        append(memory.bytes, first, 8);
        append(memory.bytes, last, 8);
        append(memory.bytes, 0, 8);
        out.push_back(std::move(memory));
    }
    for (const auto line : resources.interrupts) {
        Descriptor interrupt{wmi_com::res_type::interrupt, {}};
        append(interrupt.bytes, 0, 12);
        append(interrupt.bytes, static_cast<std::uint32_t>(line), 4);
        append(interrupt.bytes, ~std::uint64_t{0}, 8);
        out.push_back(std::move(interrupt));
    }
    return out;
}

} // namespace exhyperv::standins
