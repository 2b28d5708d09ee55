#include "assign/core/value_json.h"

#include "assign/core/json_fields.h"

namespace exhyperv::assign {

namespace {

nlohmann::json args_to_json(const MessageArgs& args) {
    auto object = nlohmann::json::object();
    for (const auto& [name, value] : args)
        object[name] = value;
    return object;
}

Result<MessageArgs> args_from_json(const nlohmann::json& object) {
    if (!object.is_object()) return corrupt("args");
    MessageArgs args;
    for (const auto& [name, value] : object.items()) {
        if (!value.is_string()) return corrupt("args." + name);
        args.emplace_back(name, value.get<std::string>());
    }
    return args;
}

} // namespace

nlohmann::json to_json(const Message& message) {
    return {{"key", message.key}, {"args", args_to_json(message.args)}};
}

nlohmann::json to_json(const std::vector<Message>& messages) {
    auto list = nlohmann::json::array();
    for (const Message& message : messages)
        list.push_back(to_json(message));
    return list;
}

nlohmann::json to_json(const Error& error) {
    nlohmann::json document{{"code", error.code}, {"args", args_to_json(error.args)}};
    if (error.native.kind != NativeKind::none)
        document["native"] = {{"kind", static_cast<unsigned>(error.native.kind)}, {"value", error.native.value}};
    if (!error.provider_text.empty()) document["provider_text"] = error.provider_text;
    if (!error.detail.empty()) document["detail"] = error.detail;
    return document;
}

Result<Message> message_from_json(const nlohmann::json& document) {
    Message message;
    TRY_ASSIGN(message.key, text_field(document, "key"));
    TRY_ASSIGN(message.args, args_from_json(field_or_null(document, "args")));
    return message;
}

Result<Error> error_from_json(const nlohmann::json& document) {
    Error error;
    TRY_ASSIGN(error.code, text_field(document, "code"));
    TRY_ASSIGN(error.args, args_from_json(field_or_null(document, "args")));
    const auto& native = field_or_null(document, "native");
    if (native.is_object()) {
        TRY_ASSIGN(const auto kind, number_field(native, "kind"));
        const auto& value = field_or_null(native, "value");
        if (kind > static_cast<unsigned>(NativeKind::http) || !value.is_number_integer()) return corrupt("native");
        error.native = {static_cast<NativeKind>(kind), value.get<std::int64_t>()};
    }
    error.provider_text = text_or(document, "provider_text");
    error.detail = text_or(document, "detail");
    return error;
}

} // namespace exhyperv::assign
