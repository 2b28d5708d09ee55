#pragma once

#include "support/error.h"

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace exhyperv::api {

enum class Role : std::uint8_t { viewer, operator_ };

/// Who asks, as the server found out.
struct Principal {
    std::string user; ///< "local" for the per-start token
    Role role = Role::viewer;
    std::string from; ///< peer address, for the audit line
};

/// A call of schema/openapi.yaml. The server has checked session, CSRF value and size before.
struct Request {
    std::string method; ///< "GET", "POST"
    std::string path;   ///< below /api/v1, percent-decoded by segment: "/vms/3A9E…/guest"
    std::map<std::string, std::string> query;
    std::optional<nlohmann::json> body;
    Principal principal;
};

struct Response {
    int status = 200;
    /// JSON text, shared: cached documents are not copied for each page. Null: no body.
    std::shared_ptr<const std::string> body;
};

[[nodiscard]] Response answer(int status, const nlohmann::json& body);
[[nodiscard]] Response answer(int status); ///< without a body

/// An error as the API gives it: {"error": {…}} with the HTTP status that fits its code.
[[nodiscard]] Response failure(const Error& error);
[[nodiscard]] int http_status(const Error& error);

} // namespace exhyperv::api
