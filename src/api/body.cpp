#include "api/body.h"

#include "support/guid.h"

namespace exhyperv::api {
namespace {
constexpr std::size_t kLongestText = 4096;
}

BodyReader::BodyReader(const nlohmann::json* body) : body_(body) {
    if (!body_ || !body_->is_object()) {
        body_ = nullptr;
        wrong("the body is not a JSON object");
    }
}

void BodyReader::wrong(std::string reason) {
    if (!problem_) problem_ = std::move(reason);
}

const nlohmann::json* BodyReader::field(const char* name, bool required) {
    asked_.insert(name);
    if (!body_) return nullptr;
    const auto member = body_->find(name);
    if (member == body_->end()) {
        if (required) wrong(std::string(name) + " is missing");
        return nullptr;
    }
    return &*member;
}

std::string BodyReader::text(const char* name) {
    if (!field(name, true)) return {};
    return maybe_text(name).value_or("");
}

std::string BodyReader::guid(const char* name) {
    const auto parsed = Guid::parse(text(name));
    if (!parsed) wrong(std::string(name) + " is not a GUID");
    return parsed ? parsed->str() : std::string();
}

std::optional<std::string> BodyReader::maybe_guid(const char* name) {
    if (!field(name, false)) return std::nullopt;
    return guid(name);
}

std::optional<std::string> BodyReader::maybe_text(const char* name) {
    const auto* value = field(name, false);
    if (!value) return std::nullopt;
    if (!value->is_string() || value->get_ref<const std::string&>().empty() ||
        value->get_ref<const std::string&>().size() > kLongestText) {
        wrong(std::string(name) + " is not a text of reasonable length");
        return std::nullopt;
    }
    return value->get<std::string>();
}

bool BodyReader::flag(const char* name, bool fallback) {
    const auto* value = field(name, false);
    if (!value) return fallback;
    if (!value->is_boolean()) {
        wrong(std::string(name) + " is not true or false");
        return fallback;
    }
    return value->get<bool>();
}

std::uint32_t BodyReader::number(const char* name, std::uint32_t most, std::uint32_t fallback) {
    const auto* value = field(name, false);
    if (!value) return fallback;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > most) {
        wrong(std::string(name) + " is not a whole number of at most " + std::to_string(most));
        return fallback;
    }
    return value->get<std::uint32_t>();
}

std::vector<std::string> BodyReader::texts(const char* name, std::size_t least, std::size_t most) {
    const auto* value = field(name, least > 0);
    if (!value) return {};
    if (!value->is_array() || value->size() < least || value->size() > most) {
        wrong(std::string(name) + " is not a list of " + std::to_string(least) + " to " + std::to_string(most));
        return {};
    }
    std::vector<std::string> out;
    for (const auto& item : *value) {
        if (!item.is_string() || item.get_ref<const std::string&>().size() > kLongestText) {
            wrong(std::string(name) + " holds something that is not a text");
            return {};
        }
        out.push_back(item.get<std::string>());
    }
    return out;
}

std::size_t BodyReader::choice(const char* name, std::initializer_list<std::string_view> choices,
                               std::optional<std::size_t> fallback) {
    const auto* value = field(name, !fallback);
    if (!value) return fallback.value_or(0);
    std::size_t index = 0;
    std::string all;
    for (const auto known : choices) {
        if (value->is_string() && value->get_ref<const std::string&>() == known) return index;
        all += (all.empty() ? "" : ", ") + std::string(known);
        ++index;
    }
    wrong(std::string(name) + " is none of: " + all);
    return fallback.value_or(0);
}

Result<> BodyReader::finish() {
    if (body_)
        for (const auto& [name, value] : body_->items())
            if (!asked_.contains(name)) wrong("unknown field " + name.substr(0, 64));
    if (problem_) return fail("api.bad_request", {{"reason", *problem_}});
    return {};
}

} // namespace exhyperv::api
