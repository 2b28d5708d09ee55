#include "assign/state/original_policy.h"

#include "assign/core/json_fields.h"
#include "platform/file.h"

#include <limits>

namespace exhyperv::assign {

namespace {

std::string path_of(const std::string& state_directory) {
    return state_directory + "/host-policy.json";
}

} // namespace

Result<PolicyValues> original_policy(const std::string& state_directory) {
    const std::string path = path_of(state_directory);
    PolicyValues values;
    const auto text = platform::read_text_file(path, 1u << 16);
    if (!text && text.error().code == "file.not_found") return values;
    if (!text) return fail(text.error());
    const auto document = nlohmann::json::parse(*text, nullptr, false);
    const auto& object = field_or_null(document, "values");
    if (!object.is_object()) return fail("state.corrupt", {{"path", path}});
    for (const auto& [name, value] : object.items()) {
        if (value.is_null())
            values.emplace(name, std::nullopt);
        else if (value.is_number_unsigned() && value.get<std::uint64_t>() <= std::numeric_limits<std::uint32_t>::max())
            values.emplace(name, value.get<std::uint32_t>());
        else
            return fail("state.corrupt", {{"path", path}});
    }
    return values;
}

Result<> remember_policy(const std::string& state_directory, const PolicyValues& values) {
    const std::string path = path_of(state_directory);
    if (values.empty()) return platform::remove_file(path);
    auto object = nlohmann::json::object();
    for (const auto& [name, value] : values)
        object[name] = value ? nlohmann::json(*value) : nlohmann::json();
    TRY(platform::make_directories(state_directory));
    return platform::write_file_atomically(path, one_line({{"values", object}}) + "\n");
}

} // namespace exhyperv::assign
