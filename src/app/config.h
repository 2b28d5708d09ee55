#pragma once

#include "support/result.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::app {

/// A host the user wants at hand.
struct ConfiguredHost {
    std::string uri;  ///< canonical (HostUri::text)
    std::string name; ///< what the user calls it; empty: by its URI
    bool operator==(const ConfiguredHost&) const = default;
};

/// <data directory>/config.json: what the user wants by default. Each field may be absent.
struct Config {
    std::optional<std::string> language;     ///< "en", "zh-Hans", "auto"
    std::optional<std::string> default_host; ///< a host URI
    std::vector<ConfiguredHost> hosts;       ///< that the page offers besides the default one; at most 64
};

/// A missing file is an empty configuration. Strict: an unknown field or a wrong type is an error, since a mistyped
/// setting that is ignored looks like a program that does not obey. Errors: app.config_syntax {file, line, problem},
/// app.config_field {file, field, expected}, file.*.
[[nodiscard]] Result<Config> load_config(const std::string& data_directory);
[[nodiscard]] Result<Config> parse_config(const std::string& file_name, const std::string& content);
/// Replaces the file, atomically.
[[nodiscard]] Result<> save_config(const std::string& data_directory, const Config& config);

/// Adds the host, or gives it a new name. Errors: app.host_uri, app.too_many_hosts {most},
/// those of check_scenario().
[[nodiscard]] Result<ConfiguredHost> add_host(const std::string& data_directory, const std::string& uri,
                                              const std::string& name);
/// By URI or name. Errors: app.host_unknown {host, known}.
[[nodiscard]] Result<ConfiguredHost> remove_host(const std::string& data_directory, const std::string& host);

} // namespace exhyperv::app
