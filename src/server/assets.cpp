#include "server/assets.h"

#include "platform/file.h"
#include "support/strings.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace exhyperv::server {

const Asset* find_asset(std::string_view path) {
    const auto assets = embedded_assets();
    const auto found =
        std::lower_bound(assets.begin(), assets.end(), path,
                         [](const Asset& asset, std::string_view wanted) { return asset.path < wanted; });
    return found != assets.end() && found->path == path ? &*found : nullptr;
}

std::string plain_content(const Asset& asset) {
    if (asset.gzip.empty()) return {reinterpret_cast<const char*>(asset.plain.data()), asset.plain.size()};
    std::string out(asset.plain_size, '\0');
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) return {};
    stream.next_in = const_cast<unsigned char*>(asset.gzip.data());
    stream.avail_in = static_cast<uInt>(asset.gzip.size());
    stream.next_out = reinterpret_cast<unsigned char*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return status == Z_STREAM_END ? out : std::string();
}

std::string_view content_type(std::string_view path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types = {{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
        {".woff2", "font/woff2"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
    }};
    for (const auto& [suffix, type] : types)
        if (path.ends_with(suffix)) return type;
    return "application/octet-stream";
}

std::optional<std::string> read_from_directory(const std::string& directory, std::string_view path) {
    for (const std::string& part : split(path, '/'))
        if (part == ".." || part.find('\\') != std::string::npos || part.find('\0') != std::string::npos)
            return std::nullopt;
    auto content = platform::read_text_file(directory + std::string(path), 32u << 20);
    if (!content) return std::nullopt;
    return std::move(*content);
}

} // namespace exhyperv::server
