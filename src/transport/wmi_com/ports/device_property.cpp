#include "transport/wmi_com/ports/device_property.h"

#include "support/guid.h"
#include "support/strings.h"
#include "support/utf.h"
#include "transport/wmi_com/ports/config_manager.h"
#include "transport/wmi_com/ports/wide_lists.h"

#include <chrono>

#include <fmt/format.h>

namespace exhyperv::wmi_com {

namespace {

using Value = std::optional<host::PropertyValue>;
using Bytes = std::span<const std::byte>;

std::optional<std::uint64_t> number(Bytes bytes, std::size_t width, bool is_signed) {
    if (bytes.size() != width) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    if (is_signed && width < 8 && (value >> (8 * width - 1)) & 1) value |= ~std::uint64_t{0} << (8 * width);
    return value;
}

Value number_value(Bytes bytes, std::size_t width, bool is_signed = false) {
    const auto value = number(bytes, width, is_signed);
    return value ? Value(host::PropertyValue(*value)) : Value();
}

Value day_of(Bytes bytes) {
    constexpr std::uint64_t ticks_a_day = 864'000'000'000, days_to_1970 = 134'774;
    const auto ticks = number(bytes, 8, false);
    if (!ticks || *ticks / ticks_a_day > 10'000'000) return {};
    const auto days = static_cast<int>(*ticks / ticks_a_day) - static_cast<int>(days_to_1970);
    const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{days}}};
    return host::PropertyValue(fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                                           static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())));
}

Value text_of(Bytes bytes) {
    const auto wide = wide_of_bytes(bytes);
    return host::PropertyValue(to_utf8(std::u16string_view(wide).substr(0, wide.find(u'\0'))));
}

} // namespace

Value decode_property(std::uint32_t type, Bytes bytes) {
    switch (type) {
    case devprop::int8:
        return number_value(bytes, 1, true);
    case devprop::uint8:
        return number_value(bytes, 1);
    case devprop::int16:
        return number_value(bytes, 2, true);
    case devprop::uint16:
        return number_value(bytes, 2);
    case devprop::int32:
        return number_value(bytes, 4, true);
    case devprop::uint32:
    case devprop::error:
    case devprop::ntstatus:
        return number_value(bytes, 4);
    case devprop::int64:
    case devprop::uint64:
        return number_value(bytes, 8);
    case devprop::boolean:
        if (bytes.size() != 1) return {};
        return host::PropertyValue(bytes[0] != std::byte{0});
    case devprop::guid:
        if (bytes.size() != 16) return {};
        return host::PropertyValue(
            "{" + ascii_lower(Guid::from_windows(reinterpret_cast<const std::uint8_t*>(bytes.data())).str()) + "}");
    case devprop::filetime:
        return day_of(bytes);
    case devprop::text:
    case devprop::indirect_text:
        return text_of(bytes);
    case devprop::text_list:
        return host::PropertyValue(texts_of_list(wide_of_bytes(bytes)));
    default:
        return {};
    }
}

std::optional<PropertyId> property_id(const host::PropertyKey& key) {
    const auto guid = Guid::parse(key.format_id);
    if (!guid) return std::nullopt;
    PropertyId out{{}, key.id};
    guid->to_windows(out.format_id);
    return out;
}

} // namespace exhyperv::wmi_com
