#include "app/config.h"

#include "app/host_uri.h"
#include "app/transports.h"
#include "platform/file.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::app {
namespace {

constexpr std::uint64_t kLargest = 64 * 1024;
constexpr std::size_t kMostHosts = 64, kLongestName = 100;

auto bad_field(const std::string& file, const std::string& field, std::string expected) {
    return fail("app.config_field", {{"file", file}, {"field", field}, {"expected", std::move(expected)}});
}

std::string path_of(const std::string& data_directory) {
    return data_directory + "/config.json";
}

Result<std::vector<ConfiguredHost>> hosts_of(const std::string& file, const nlohmann::json& list) {
    constexpr auto expected = "[{\"uri\": \"sim:server2025\", \"name\": \"lab\"}, …]";
    if (!list.is_array() || list.size() > kMostHosts) return bad_field(file, "hosts", expected);
    std::vector<ConfiguredHost> hosts;
    for (const auto& element : list) {
        ConfiguredHost host;
        if (!element.is_object()) return bad_field(file, "hosts", expected);
        for (const auto& [field, value] : element.items()) {
            if ((field != "uri" && field != "name") || !value.is_string()) return bad_field(file, "hosts", expected);
            (field == "uri" ? host.uri : host.name) = value.get<std::string>();
        }
        const auto uri = parse_host_uri(host.uri);
        if (!uri || host.name.size() > kLongestName) return bad_field(file, "hosts", expected);
        host.uri = uri->text;
        hosts.push_back(std::move(host));
    }
    return hosts;
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
        } else if (field == "hosts") {
            TRY_ASSIGN(config.hosts, hosts_of(file_name, value));
        } else {
            return bad_field(file_name, field, "language, default_host, hosts");
        }
    }
    return config;
}

Result<Config> load_config(const std::string& data_directory) {
    const std::string path = path_of(data_directory);
    if (!platform::file_exists(path)) return Config{};
    TRY_ASSIGN(const std::string content, platform::read_text_file(path, kLargest));
    return parse_config(path, content);
}

Result<> save_config(const std::string& data_directory, const Config& config) {
    nlohmann::ordered_json document = nlohmann::ordered_json::object();
    if (config.language) document["language"] = *config.language;
    if (config.default_host) document["default_host"] = *config.default_host;
    if (!config.hosts.empty()) {
        auto& list = document["hosts"] = nlohmann::ordered_json::array();
        for (const ConfiguredHost& host : config.hosts) {
            nlohmann::ordered_json entry{{"uri", host.uri}};
            if (!host.name.empty()) entry["name"] = host.name;
            list.push_back(std::move(entry));
        }
    }
    TRY(platform::make_directories(data_directory));
    return platform::write_file_atomically(
        path_of(data_directory), document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

Result<ConfiguredHost> add_host(const std::string& data_directory, const std::string& uri, const std::string& name) {
    TRY_ASSIGN(const HostUri parsed, parse_host_uri(uri));
    TRY(check_scenario(parsed)); // a mistyped name would be offered, and never open
    TRY_ASSIGN(auto config, load_config(data_directory));
    const ConfiguredHost host{parsed.text, name.substr(0, kLongestName)};
    const auto known = std::ranges::find(config.hosts, host.uri, &ConfiguredHost::uri);
    if (known != config.hosts.end())
        *known = host;
    else if (config.hosts.size() >= kMostHosts)
        return fail("app.too_many_hosts", {{"most", std::to_string(kMostHosts)}});
    else
        config.hosts.push_back(host);
    TRY(save_config(data_directory, config));
    return host;
}

Result<ConfiguredHost> remove_host(const std::string& data_directory, const std::string& wanted) {
    TRY_ASSIGN(auto config, load_config(data_directory));
    const auto uri = parse_host_uri(wanted);
    const auto meant = [&](const ConfiguredHost& host) {
        return host.uri == wanted || (uri && host.uri == uri->text) ||
               (!host.name.empty() && iequals(host.name, wanted));
    };
    const auto at = std::ranges::find_if(config.hosts, meant);
    if (at == config.hosts.end()) {
        std::vector<std::string> known;
        for (const ConfiguredHost& host : config.hosts)
            known.push_back(host.uri);
        return fail("app.host_unknown", {{"host", wanted}, {"known", known.empty() ? "–" : join(known, ", ")}});
    }
    ConfiguredHost removed = std::move(*at);
    config.hosts.erase(at);
    TRY(save_config(data_directory, config));
    return removed;
}

} // namespace exhyperv::app
