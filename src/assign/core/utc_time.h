#pragma once

#include <string>

namespace exhyperv::assign {

[[nodiscard]] std::string utc_now(); ///< "2026-11-22T20:25:05Z"
/// A time in the same form so many minutes later; the text itself when it is no such time.
[[nodiscard]] std::string utc_after(const std::string& time, int minutes);
[[nodiscard]] std::string utc_file_stamp(); ///< "20261122T202505123Z": sorts as time does, fit for file names
/// The time of a stamp, to the second, in the form of utc_now(); "" when it is none.
[[nodiscard]] std::string time_of_stamp(const std::string& stamp);
/// The stamp that sorts right after `stamp`; the text itself when it is none. Need not be a time: "…59999" becomes
/// "…60000".
[[nodiscard]] std::string later_stamp(std::string stamp);

} // namespace exhyperv::assign
