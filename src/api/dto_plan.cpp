#include "api/dto.h"

#include <nlohmann/json.hpp>

namespace exhyperv::api {
namespace {

nlohmann::json args_of(const MessageArgs& args) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [name, value] : args)
        object[name] = value;
    return object;
}

template <class List>
nlohmann::json list_of(const List& items) {
    nlohmann::json array = nlohmann::json::array();
    for (const auto& item : items)
        array.push_back(dto(item));
    return array;
}

} // namespace

nlohmann::json dto(const Message& message) {
    return {{"key", message.key}, {"args", args_of(message.args)}};
}

nlohmann::json dto(const Error& error) {
    nlohmann::json document{{"code", error.code}, {"args", args_of(error.args)}};
    if (auto native = format_native(error.native); !native.empty()) document["native"] = native;
    if (!error.provider_text.empty()) document["provider_text"] = error.provider_text;
    if (!error.detail.empty()) document["detail"] = error.detail;
    return document;
}

nlohmann::json dto(const assign::Check& check) {
    nlohmann::json document{
        {"id", check.id}, {"verdict", assign::verdict_name(check.verdict)}, {"evidence", dto(check.evidence)}};
    if (!check.remedy.key.empty()) document["remedy"] = dto(check.remedy);
    return document;
}

nlohmann::json dto(const assign::Step& step) {
    return {{"id", step.id},
            {"what", dto(step.what)},
            {"why", dto(step.why)},
            {"undo", dto(step.undo)},
            {"needs_vm_off", step.needs_vm_off},
            {"needs_elevation", step.needs_elevation}};
}

nlohmann::json dto(const assign::Plan& plan) {
    return {{"id", plan.id},
            {"operation", plan.operation},
            {"title", dto(plan.title)},
            {"host", plan.host_uri},
            {"blocked", plan.blocked()},
            {"checks", list_of(plan.checks)},
            {"steps", list_of(plan.steps)}};
}

} // namespace exhyperv::api
