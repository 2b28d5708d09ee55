#pragma once

#include "cli/command.h"

namespace exhyperv::cli {

inline constexpr std::string_view kLanguageChoices[] = {"en", "zh-Hans", "auto"};

/// Options that every command takes, before or after it.
inline constexpr OptionSpec kGlobalOptions[] = {
    {.name = "--host", .value = "URI", .help = "cli.global.host"},
    {.name = "--lang",
     .value = "LANGUAGE",
     .help = "cli.global.lang",
     .offer = Offer::choices,
     .choices = kLanguageChoices},
    {.name = "--json", .help = "cli.global.json"},
    {.name = "--yes", .help = "cli.global.yes", .letter = 'y'},
    {.name = "--timeout", .value = "TIME", .help = "cli.global.timeout"},
    {.name = "--no-color", .help = "cli.global.no_color"},
    {.name = "--verbose", .help = "cli.global.verbose", .letter = 'v'},
    {.name = "--help", .help = "cli.global.help", .letter = 'h'},
    {.name = "--version", .help = "cli.global.version"},
};

} // namespace exhyperv::cli
