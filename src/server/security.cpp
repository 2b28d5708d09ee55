#include "server/security.h"

#include "support/strings.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>

namespace exhyperv::server {
namespace {

std::string base64url(const std::vector<unsigned char>& bytes) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = bytes[i] << 16;
        if (left > 1) group |= bytes[i + 1] << 8;
        if (left > 2) group |= bytes[i + 2];
        for (std::size_t digit = 0; digit <= left; ++digit)
            out += digits[(group >> (18 - 6 * digit)) & 63];
    }
    return out;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

std::string random_token(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    // Without entropy no token is safe: there is nothing sensible to go on with.
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) std::abort();
    return base64url(random);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool host_allowed(std::string_view host_header, const std::vector<std::string>& allowed) {
    const std::string host = ascii_lower(host_header);
    return std::find(allowed.begin(), allowed.end(), host) != allowed.end();
}

bool origin_allowed(std::optional<std::string_view> origin, std::optional<std::string_view> fetch_site,
                    std::string_view scheme, const std::vector<std::string>& allowed_hosts) {
    if (origin) {
        const std::string prefix = std::string(scheme) + "://";
        return istarts_with(*origin, prefix) && host_allowed(origin->substr(prefix.size()), allowed_hosts);
    }
    return !fetch_site || *fetch_site == "same-origin" || *fetch_site == "none";
}

std::optional<std::string> cookie_value(std::string_view cookie_header, std::string_view name) {
    std::optional<std::string> found;
    for (const std::string& part : split(cookie_header, ';')) {
        const std::string_view pair = trim(part);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        if (found) return std::nullopt; // two cookies of one name: somebody tries to smuggle one in
        found = std::string(pair.substr(equals + 1));
    }
    return found;
}

std::optional<std::string> percent_decode(std::string_view text, bool segment) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            if (segment && (c == '/' || c == '\\')) return std::nullopt;
        } else if (c == '+' && !segment) {
            c = ' ';
        }
        if (c == '\0') return std::nullopt;
        out += c;
    }
    return out;
}

std::vector<Header> security_headers(std::string_view nonce, bool tls) {
    const std::string style =
        nonce.empty() ? "style-src 'self'" : "style-src 'self' 'nonce-" + std::string(nonce) + "'";
    std::vector<Header> headers = {
        {"Content-Security-Policy", "default-src 'none'; script-src 'self'; " + style +
                                        "; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; "
                                        "form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    };
    if (tls) headers.push_back({"Strict-Transport-Security", "max-age=31536000"});
    return headers;
}

} // namespace exhyperv::server
