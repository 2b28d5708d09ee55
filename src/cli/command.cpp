#include "cli/command.h"

#include "support/strings.h"

#include <fmt/format.h>

namespace exhyperv::cli {

std::string CommandSpec::name() const {
    return group.empty() ? std::string(verb) : fmt::format("{} {}", group, verb);
}

Result<std::uint32_t> Arguments::number(std::string_view name, std::uint32_t low, std::uint32_t high,
                                        std::uint32_t fallback) const {
    const std::string* given = find(name);
    if (!given) return fallback;
    const bool digits = !given->empty() && given->find_first_not_of("0123456789") == std::string::npos;
    const auto number = digits ? parse_u64(*given) : std::nullopt;
    if (!number || *number < low || *number > high)
        return fail("cli.bad_value",
                    {{"option", std::string(name)}, {"value", *given}, {"expected", fmt::format("{}…{}", low, high)}});
    return static_cast<std::uint32_t>(*number);
}

} // namespace exhyperv::cli
