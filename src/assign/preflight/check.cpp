#include "assign/preflight/check.h"

#include <fmt/format.h>

namespace exhyperv::assign {

Check make_check(std::string_view id, Verdict verdict, std::string_view finding, MessageArgs args) {
    Check check;
    check.id = id;
    check.verdict = verdict;
    const std::string key = fmt::format("check.{}.{}", id, finding);
    check.evidence = {key, args};
    if (verdict != Verdict::pass) check.remedy = {key + ".remedy", std::move(args)};
    return check;
}

Check refused_check(std::string_view id, const Error& error) {
    Check check;
    check.id = id;
    check.verdict = Verdict::fail;
    check.evidence = {"error." + error.code + ".title", error.args};
    check.remedy = {"error." + error.code + ".remedy", error.args};
    return check;
}

std::string size_text(std::uint64_t bytes) {
    constexpr double kib = 1024;
    const auto value = static_cast<double>(bytes);
    if (value < kib * kib) return fmt::format("{:.0f} KiB", value / kib);
    if (value < kib * kib * kib) return fmt::format("{:.1f} MiB", value / kib / kib);
    return fmt::format("{:.1f} GiB", value / kib / kib / kib);
}

} // namespace exhyperv::assign
