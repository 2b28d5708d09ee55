#pragma once

#include "support/result.h"

#include <optional>
#include <string>

namespace exhyperv::app {

/// <data directory>/config.json: what the user wants by default. Each field may be absent.
struct Config {
    std::optional<std::string> language;     ///< "en", "zh-Hans", "auto"
    std::optional<std::string> default_host; ///< a host URI
};

/// A missing file is an empty configuration. Strict: an unknown field or a wrong type is an error, since a mistyped
/// setting that is ignored looks like a program that does not obey. Errors: app.config_syntax {file, line, problem},
/// app.config_field {file, field, expected}, file.*.
[[nodiscard]] Result<Config> load_config(const std::string& data_directory);
[[nodiscard]] Result<Config> parse_config(const std::string& file_name, const std::string& content);

} // namespace exhyperv::app
