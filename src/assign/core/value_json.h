#pragma once

#include "support/error.h"
#include "support/result.h"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace exhyperv::assign {

[[nodiscard]] nlohmann::json to_json(const Message& message);
[[nodiscard]] nlohmann::json to_json(const std::vector<Message>& messages);
[[nodiscard]] nlohmann::json to_json(const Error& error);
/// Strict: `journal.corrupt`.
[[nodiscard]] Result<Message> message_from_json(const nlohmann::json& document);
[[nodiscard]] Result<Error> error_from_json(const nlohmann::json& document);

} // namespace exhyperv::assign
