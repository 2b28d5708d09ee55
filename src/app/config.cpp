#include "app/config.h"

#include "app/host_uri.h"
#include "platform/file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::app {
namespace {

constexpr std::uint64_t kLargest = 64 * 1024;

auto bad_field(const std::string& file, const std::string& field, std::string expected) {
    return fail("app.config_field", {{"file", file}, {"field", field}, {"expected", std::move(expected)}});
}

} // namespace

Result<Config> parse_config(const std::string& file_name, const std::string& content) {
    nlohmann::json document;
    try {
        document = nlohmann::json::parse(content);
    } catch (const nlohmann::json::parse_error& problem) {
        const auto end = content.begin() + static_cast<std::ptrdiff_t>(std::min(problem.byte, content.size()));
        const auto line = 1 + std::count(content.begin(), end, '\n');
        return fail("app.config_syntax", {{"file", file_name}, {"line", std::to_string(line)}}, problem.what());
    }
    if (!document.is_object()) return bad_field(file_name, "/", "{ … }");
    Config config;
    for (const auto& [field, value] : document.items()) {
        if (field == "language") {
            if (!value.is_string() || (value != "en" && value != "zh-Hans" && value != "auto"))
                return bad_field(file_name, field, "\"en\", \"zh-Hans\", \"auto\"");
            config.language = value.get<std::string>();
        } else if (field == "default_host") {
            if (!value.is_string() || !parse_host_uri(value.get_ref<const std::string&>()))
                return bad_field(file_name, field, "\"sim:workstation\"");
            config.default_host = value.get<std::string>();
        } else {
            return bad_field(file_name, field, "language, default_host");
        }
    }
    return config;
}

Result<Config> load_config(const std::string& data_directory) {
    const std::string path = data_directory + "/config.json";
    if (!platform::file_exists(path)) return Config{};
    TRY_ASSIGN(const std::string content, platform::read_text_file(path, kLargest));
    return parse_config(path, content);
}

} // namespace exhyperv::app
