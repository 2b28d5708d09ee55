#include "text/quantity.h"

#include <fmt/format.h>

#include <array>

namespace exhyperv::text {

std::string format_size(std::uint64_t bytes) {
    static constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1023.95 && unit + 1 < kUnits.size()) { // 1023.95 would be shown as 1024
        value /= 1024;
        ++unit;
    }
    std::string number = value < 99.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
    if (number.ends_with(".0")) number.resize(number.size() - 2);
    return fmt::format("{} {}", number, kUnits[unit]);
}

std::string format_rate(std::uint64_t bytes, std::chrono::milliseconds span) {
    if (span.count() <= 0) return {};
    return format_size(
               static_cast<std::uint64_t>(static_cast<double>(bytes) * 1000.0 / static_cast<double>(span.count()))) +
           "/s";
}

std::string format_duration(std::chrono::milliseconds span, Language language) {
    const bool zh = language == Language::zh_hans;
    const auto ms = span.count() < 0 ? 0 : span.count();
    if (ms < 9950) return fmt::format("{:.1f} {}", static_cast<double>(ms) / 1000.0, zh ? "秒" : "s");
    const auto seconds = (ms + 500) / 1000;
    if (seconds < 60) return fmt::format("{} {}", seconds, zh ? "秒" : "s");
    if (seconds < 3600)
        return fmt::format("{} {} {} {}", seconds / 60, zh ? "分" : "min", seconds % 60, zh ? "秒" : "s");
    return fmt::format("{} {} {} {}", seconds / 3600, zh ? "小时" : "h", seconds / 60 % 60, zh ? "分" : "min");
}

std::string format_count(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t from_end = 3; from_end < digits.size(); from_end += 4)
        digits.insert(digits.size() - from_end, ",");
    return digits;
}

std::string format_time(std::string_view iso8601) {
    if (iso8601.size() < 20 || iso8601[10] != 'T' || iso8601.back() != 'Z') return std::string(iso8601);
    return fmt::format("{} {}", iso8601.substr(0, 10), iso8601.substr(11, 8));
}

} // namespace exhyperv::text
