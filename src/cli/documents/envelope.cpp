#include "cli/documents/json.h"

namespace exhyperv::cli {

Document::Document() : content_(std::make_unique<Json>(Json::object())) {}
Document::Document(Json content) : content_(std::make_unique<Json>(std::move(content))) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

namespace {

Json args_of(const MessageArgs& args) {
    Json object = Json::object();
    for (const auto& [name, value] : args)
        object[name] = value;
    return object;
}

std::string_view kind_name(NativeKind kind) {
    switch (kind) {
    case NativeKind::none:
        return "none";
    case NativeKind::hresult:
        return "hresult";
    case NativeKind::cim_return:
        return "cim_return";
    case NativeKind::job:
        return "job";
    case NativeKind::win32:
        return "win32";
    case NativeKind::posix:
        return "posix";
    case NativeKind::http:
        return "http";
    }
    return "none";
}

} // namespace

Json json_of(const Message& message, text::Language language) {
    return {{"key", message.key}, {"args", args_of(message.args)}, {"text", text::render(message, language)}};
}

Json json_of(const std::vector<Message>& messages, text::Language language) {
    Json list = Json::array();
    for (const auto& message : messages)
        list.push_back(json_of(message, language));
    return list;
}

Json json_of(const Error& error, text::Language language) {
    const auto words = text::render_error(error, language);
    Json out{{"code", error.code},
             {"title", words.title},
             {"cause", words.cause},
             {"remedy", words.remedy},
             {"args", args_of(error.args)}};
    if (error.native.kind != NativeKind::none)
        out["native"] = {{"kind", kind_name(error.native.kind)},
                         {"value", error.native.value},
                         {"text", format_native(error.native)}};
    put(out, "provider_text", error.provider_text);
    put(out, "detail", error.detail);
    return out;
}

std::string envelope_text(Envelope envelope) {
    Json out{{"schema", "exhyperv/1"}, {"version", EXHYPERV_VERSION}, {"command", envelope.command}};
    out["language"] = text::language_tag(envelope.language);
    out["exit_code"] = envelope.exit_code;
    if (!envelope.notices.empty()) {
        out["notices"] = Json::array();
        for (const auto& [code, message] : envelope.notices) {
            Json notice = json_of(message, envelope.language);
            notice["code"] = code;
            out["notices"].push_back(std::move(notice));
        }
    }
    if (!envelope.result.content().empty()) out["result"] = std::move(envelope.result.content());
    if (envelope.error) out["error"] = json_of(*envelope.error, envelope.language);
    // Names come from hosts and guests: bytes that are no UTF-8 must not make the document unreadable.
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace exhyperv::cli
