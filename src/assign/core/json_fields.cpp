#include "assign/core/json_fields.h"

namespace exhyperv::assign {

namespace {

const nlohmann::json* find(const nlohmann::json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto at = object.find(name);
    return at == object.end() ? nullptr : &*at;
}

} // namespace

tl::unexpected<Error> corrupt(std::string where) {
    return fail("journal.corrupt", {{"where", std::move(where)}});
}

Result<std::string> text_field(const nlohmann::json& object, const char* name) {
    const auto* value = find(object, name);
    if (!value || !value->is_string()) return corrupt(name);
    return value->get<std::string>();
}

Result<bool> bool_field(const nlohmann::json& object, const char* name) {
    const auto* value = find(object, name);
    if (!value || !value->is_boolean()) return corrupt(name);
    return value->get<bool>();
}

Result<std::uint64_t> number_field(const nlohmann::json& object, const char* name) {
    const auto* value = find(object, name);
    if (!value || !value->is_number_unsigned()) return corrupt(name);
    return value->get<std::uint64_t>();
}

Result<std::vector<std::string>> texts_field(const nlohmann::json& object, const char* name) {
    const auto* value = find(object, name);
    if (!value || !value->is_array()) return corrupt(name);
    std::vector<std::string> texts;
    for (const auto& element : *value) {
        if (!element.is_string()) return corrupt(name);
        texts.push_back(element.get<std::string>());
    }
    return texts;
}

const nlohmann::json& field_or_null(const nlohmann::json& object, const char* name) {
    static const nlohmann::json null;
    const auto* value = find(object, name);
    return value ? *value : null;
}

std::string text_or(const nlohmann::json& object, const char* name, std::string fallback) {
    const auto* value = find(object, name);
    return value && value->is_string() ? value->get<std::string>() : std::move(fallback);
}

bool bool_or(const nlohmann::json& object, const char* name, bool fallback) {
    const auto* value = find(object, name);
    return value && value->is_boolean() ? value->get<bool>() : fallback;
}

std::string one_line(const nlohmann::json& document) {
    return document.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace exhyperv::assign
