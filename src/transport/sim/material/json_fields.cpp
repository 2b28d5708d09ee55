#include "transport/sim/material/json_fields.h"

#include "support/strings.h"

#include <algorithm>
#include <fmt/format.h>

namespace exhyperv::sim {

std::string JsonFields::pointer(std::string_view name) const {
    return at_ + "/" + replace_all(replace_all(std::string(name), "~", "~0"), "/", "~1"); // RFC 6901
}

tl::unexpected<Error> JsonFields::wrong_type(const std::string& field, const std::string& expected) {
    return fail("material.wrong_type", {{"field", field.empty() ? "/" : field}, {"expected", expected}});
}

tl::unexpected<Error> JsonFields::bad_value(const std::string& field, std::string value, const std::string& expected) {
    if (value.size() > 100) value = value.substr(0, 100) + "…";
    return fail("material.bad_value", {{"field", field}, {"value", std::move(value)}, {"expected", expected}});
}

Result<> JsonFields::only(std::initializer_list<std::string_view> names) const {
    if (!json_.is_object()) return wrong_type(at_, "object");
    for (const auto& [name, value] : json_.items()) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            return fail("material.unknown_field",
                        {{"field", pointer(name)},
                         {"known", join(std::vector<std::string>(names.begin(), names.end()), ", ")}});
    }
    return {};
}

Result<> JsonFields::required(const char* name) const {
    if (has(name)) return {};
    return fail("material.missing_field", {{"field", pointer(name)}});
}

Result<> JsonFields::text(const char* name, std::string& out) const {
    if (!has(name)) return {};
    if (!json_[name].is_string()) return wrong_type(pointer(name), "string");
    out = json_[name].get<std::string>();
    return {};
}

Result<> JsonFields::flag(const char* name, bool& out) const {
    if (!has(name)) return {};
    if (!json_[name].is_boolean()) return wrong_type(pointer(name), "boolean");
    out = json_[name].get<bool>();
    return {};
}

Result<> JsonFields::whole_number(const char* name, std::uint64_t least, std::uint64_t most, std::uint64_t& out) const {
    if (!has(name)) return {};
    const auto& value = json_[name];
    std::string expected = fmt::format("{}–{}", least, most);
    if (value.is_number_integer() && !value.is_number_unsigned())
        return bad_value(pointer(name), value.dump(), expected); // negative
    if (!value.is_number_unsigned()) return wrong_type(pointer(name), "integer");
    auto number = value.get<std::uint64_t>();
    if (number < least || number > most) return bad_value(pointer(name), value.dump(), expected);
    out = number;
    return {};
}

} // namespace exhyperv::sim
