#pragma once

#include "cli/invocation.h"

#include <cstdint>
#include <optional>
#include <string>

namespace exhyperv::cli {

/// How the page and the HTTP interface are offered.
struct ServingOptions {
    std::string address = "127.0.0.1";
    std::optional<std::uint16_t> port;                     ///< not given: the usual one, or, for `ui`, any free one
    bool any_port = false;                                 ///< another port will do when the usual one is taken
    std::optional<std::string> certificate_file, key_file; ///< both: TLS with these
    std::optional<std::string> name;                       ///< a name under which others reach this server
    std::optional<std::string> web_directory;              ///< the page from there instead of the embedded one
    bool page_needed = false;                              ///< without the page there is no point
    bool open_browser = false;
    bool until_closed =
        false; ///< end when the last page is closed; on Windows also when a window of its own was opened
    bool one_instance = false; ///< serve.shown_again when another process serves the page of this host already
};

inline constexpr std::uint16_t kUsualPort = 8472;

/// Serves until Ctrl-C or SIGTERM, then undoes what is at work and returns. Errors: serve.no_page, serve.no_accounts,
/// serve.certificate_and_key, server.*, accounts.corrupt, app.host_uri.
Result<ExitCode> serve(Invocation& call, const ServingOptions& options);

/// Shows the page that another process serves already; prints its address when it is not to be shown or nothing can.
/// `serve.not_found`.
Result<ExitCode> show_again(Invocation& call, const app::HostUri& host, bool open_browser);

} // namespace exhyperv::cli
