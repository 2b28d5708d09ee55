#include "server/assets.h"
#include "server/dispatch.h"

#include "support/strings.h"

namespace exhyperv::server {
namespace {

constexpr std::string_view kNonceMark = "__CSP_NONCE__";

WireResponse plain(int status, std::string text) {
    return {status,
            {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
            std::make_shared<const std::string>(std::move(text))};
}

WireResponse html(const std::string& content, bool tls) {
    const std::string nonce = random_token(16);
    WireResponse response{200, security_headers(nonce, tls),
                          std::make_shared<const std::string>(replace_all(content, kNonceMark, nonce))};
    response.headers.push_back({"Content-Type", "text/html; charset=utf-8"});
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

bool accepts_gzip(const WireRequest& request) {
    return icontains(request.header("Accept-Encoding").value_or(""), "gzip");
}

WireResponse file(const Asset& asset, const WireRequest& request) {
    WireResponse response{200,
                          {{"ETag", std::string(asset.etag)},
                           {"Vary", "Accept-Encoding"},
                           {"Cache-Control", asset.immutable ? "public, max-age=31536000, immutable" : "no-cache"}},
                          nullptr};
    if (request.header("If-None-Match") == asset.etag) {
        response.status = 304;
        return response;
    }
    response.headers.push_back({"Content-Type", std::string(asset.type)});
    if (!asset.gzip.empty() && accepts_gzip(request)) {
        response.headers.push_back({"Content-Encoding", "gzip"});
        response.body =
            std::make_shared<const std::string>(reinterpret_cast<const char*>(asset.gzip.data()), asset.gzip.size());
    } else {
        response.body = std::make_shared<const std::string>(plain_content(asset));
    }
    return response;
}

} // namespace

WireResponse Dispatcher::handle_page(const WireRequest& request, std::string_view path) {
    if (request.method != "GET" && request.method != "HEAD") return plain(405, "Method not allowed\n");
    // Addresses of the page's views are routed in the browser: they all get the one document.
    const bool view = path.find('.') == std::string_view::npos;
    const std::string_view wanted = view ? std::string_view("/index.html") : path;
    if (!options_.web_directory.empty()) {
        auto content = read_from_directory(options_.web_directory, wanted);
        if (!content) return plain(404, "Not found\n");
        if (wanted == "/index.html") return html(*content, options_.tls);
        return {200,
                {{"Content-Type", std::string(content_type(wanted))}, {"Cache-Control", "no-store"}},
                std::make_shared<const std::string>(std::move(*content))};
    }
    const Asset* asset = find_asset(wanted);
    if (!asset && view) return plain(503, "This program was built without the page. The API is at /api/v1.\n");
    if (!asset) return plain(404, "Not found\n");
    return asset->path == "/index.html" ? html(plain_content(*asset), options_.tls) : file(*asset, request);
}

} // namespace exhyperv::server
