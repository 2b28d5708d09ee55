#include "api/request.h"

#include "api/dto.h"
#include "support/strings.h"

#include <array>

namespace exhyperv::api {

Response answer(int status, const nlohmann::json& body) {
    // Names from guests and drivers may hold anything; an answer must never fail for a bad byte in one of them.
    return {status,
            std::make_shared<const std::string>(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))};
}

Response answer(int status) {
    return {status, nullptr};
}

int http_status(const Error& error) {
    struct Row {
        std::string_view code;
        int status;
    };
    static constexpr std::array<Row, 21> exact = {{{"api.unauthenticated", 401},
                                                   {"api.login_failed", 401},
                                                   {"api.forbidden", 403},
                                                   {"api.csrf", 403},
                                                   {"api.foreign_origin", 403},
                                                   {"api.foreign_host", 421},
                                                   {"api.no_such_path", 404},
                                                   {"api.method_not_allowed", 405},
                                                   {"api.too_large", 413},
                                                   {"vm.disk_journal", 409},
                                                   {"api.too_many_attempts", 429},
                                                   {"api.plan_expired", 410},
                                                   {"api.bad_request", 400},
                                                   {"call.timeout", 504},
                                                   {"session.lost", 502},
                                                   {"host.not_reached", 502},
                                                   {"host.sign_in_refused", 502},
                                                   {"app.remote_looks_only", 409},
                                                   {"api.unknown_host", 404},
                                                   {"api.no_token", 409},
                                                   {"api.busy", 503}}};
    for (const Row& row : exact)
        if (row.code == error.code) return row.status;
    if (error.code.ends_with(".not_found")) return 404;
    if (error.code.ends_with(".ambiguous") || error.code.ends_with("_not_local") ||
        error.code.starts_with("operation.") || error.code.starts_with("plan."))
        return 409;
    if (error.code.ends_with("access_denied")) return 403;
    return 500;
}

Response failure(const Error& error) {
    return answer(http_status(error), {{"error", dto(error)}});
}

} // namespace exhyperv::api
