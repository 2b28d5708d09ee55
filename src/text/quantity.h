#pragma once

#include "text/catalogue.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace exhyperv::text {

// Units are powers of 1024 and say so (KiB, MiB), in both languages: Windows counts the same way but writes KB, MB.

[[nodiscard]] std::string format_size(std::uint64_t bytes); ///< "0 B", "812 KiB", "1.5 GiB"
[[nodiscard]] std::string format_rate(std::uint64_t bytes,
                                      std::chrono::milliseconds span); ///< "310 MiB/s"; "" when span is 0
/// "0.4 s", "12 s", "3 min 5 s", "2 h 10 min"; in Chinese "12 秒", "3 分 5 秒".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds span, Language language);
[[nodiscard]] std::string format_count(std::uint64_t count); ///< "1,200": thousands apart, the same in both languages
/// "2026-11-22T20:15:00Z" -> "2026-11-22 20:15:00" (still UTC); another shape is returned as it is.
[[nodiscard]] std::string format_time(std::string_view iso8601);

} // namespace exhyperv::text
