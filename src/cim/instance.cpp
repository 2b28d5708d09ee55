#include "cim/instance.h"

#include "support/strings.h"

#include <algorithm>

namespace exhyperv::cim {

const Value* Instance::find(std::string_view name) const {
    const auto at = std::ranges::find_if(properties_, [&](const Property& p) { return iequals(p.name, name); });
    return at == properties_.end() ? nullptr : &at->value;
}

void Instance::set(std::string name, Value value) {
    const auto at = std::ranges::find_if(properties_, [&](const Property& p) { return iequals(p.name, name); });
    if (at != properties_.end())
        at->value = std::move(value);
    else
        properties_.push_back({std::move(name), std::move(value)});
}

bool Instance::erase(std::string_view name) {
    return std::erase_if(properties_, [&](const Property& p) { return iequals(p.name, name); }) > 0;
}

std::optional<bool> Instance::boolean(std::string_view name) const {
    const Value* value = find(name);
    return value ? value->as_bool() : std::nullopt;
}

std::optional<std::uint64_t> Instance::uint(std::string_view name) const {
    const Value* value = find(name);
    return value ? value->as_uint() : std::nullopt;
}

std::optional<std::string> Instance::text(std::string_view name) const {
    const Value* value = find(name);
    return value ? value->as_string() : std::nullopt;
}

std::string Instance::text_or(std::string_view name, std::string_view fallback) const {
    return text(name).value_or(std::string(fallback));
}

std::vector<std::string> Instance::strings(std::string_view name) const {
    const Value* value = find(name);
    return value ? value->as_strings() : std::vector<std::string>{};
}

} // namespace exhyperv::cim
