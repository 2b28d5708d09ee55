#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::server {

/// `bytes` random bytes from the system, base64url without padding: tokens, cookies, nonces.
[[nodiscard]] std::string random_token(std::size_t bytes = 32);

/// Takes as long for a wrong first character as for a wrong last one.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Is the Host header one of ours? `allowed` holds "127.0.0.1:8472", "localhost:8472", "[::1]:8472", … in lower case.
/// This is what stops a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding).
[[nodiscard]] bool host_allowed(std::string_view host_header, const std::vector<std::string>& allowed);

/// Does the Origin header name this very server (scheme and host)? A request without Origin is judged by its
/// Sec-Fetch-Site; one with neither comes from a program, not from a page, and passes: it still needs cookie and CSRF
/// value.
[[nodiscard]] bool origin_allowed(std::optional<std::string_view> origin, std::optional<std::string_view> fetch_site,
                                  std::string_view scheme, const std::vector<std::string>& allowed_hosts);

/// The value of a cookie; nullopt when missing or sent twice.
[[nodiscard]] std::optional<std::string> cookie_value(std::string_view cookie_header, std::string_view name);

/// Percent-decodes one path segment or query value. Nullopt on malformed escapes, NUL, or (`segment`) an encoded slash.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool segment);

/// Headers every answer carries; `nonce` is the style nonce of an HTML page, empty for everything else.
struct Header {
    std::string name, value;
};
[[nodiscard]] std::vector<Header> security_headers(std::string_view nonce, bool tls);

} // namespace exhyperv::server
