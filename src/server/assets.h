#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace exhyperv::server {

/// One file of the page, embedded at build time.
struct Asset {
    std::string_view path;                ///< "/assets/index-DPE6SbO9.js"
    std::string_view type;                ///< "text/javascript; charset=utf-8"
    std::string_view etag;                ///< quoted
    bool immutable;                       ///< the name holds a hash of the content: cache for a year
    std::span<const unsigned char> gzip;  ///< empty when compression does not pay
    std::span<const unsigned char> plain; ///< empty when gzip is there (a client that refuses gzip gets it unpacked)
    std::uint32_t plain_size;
};

/// Generated table, sorted by path; empty when the program was built without the page.
[[nodiscard]] std::span<const Asset> embedded_assets();
[[nodiscard]] const Asset* find_asset(std::string_view path);
/// The file's content, unpacked when it is kept compressed.
[[nodiscard]] std::string plain_content(const Asset& asset);

/// A file below `directory` for people who work on the page (`--web-dir`). Nullopt when missing; never outside the
/// directory.
[[nodiscard]] std::optional<std::string> read_from_directory(const std::string& directory, std::string_view path);
[[nodiscard]] std::string_view content_type(std::string_view path);

} // namespace exhyperv::server
