#include "cim/object_path.h"

#include "support/strings.h"

#include <algorithm>

namespace exhyperv::cim {
namespace {

void append_value(std::string& out, const ObjectPath::KeyValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        out += '"';
        for (const char c : *text) {
            if (c == '\\' || c == '"') out += '\\';
            out += c;
        }
        out += '"';
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        out += std::to_string(*number);
    } else {
        out += std::get<bool>(value) ? "TRUE" : "FALSE";
    }
}

} // namespace

std::string ObjectPath::relative() const {
    std::string out = class_name;
    if (singleton) return out + "=@";
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i == 0)
            out += keys[i].first.empty() ? "" : ".";
        else
            out += ',';
        out += keys[i].first;
        out += '=';
        append_value(out, keys[i].second);
    }
    return out;
}

std::string ObjectPath::full() const {
    if (name_space.empty()) return relative();
    std::string out;
    if (!host.empty()) out = "\\\\" + host + "\\";
    out += name_space;
    out += ':';
    return out + relative();
}

const ObjectPath::KeyValue* ObjectPath::key(std::string_view name) const {
    const auto at = std::ranges::find_if(keys, [&](const auto& pair) { return iequals(pair.first, name); });
    return at == keys.end() ? nullptr : &at->second;
}

std::string ObjectPath::text_key(std::string_view name) const {
    const KeyValue* value = key(name);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string{};
}

bool ObjectPath::same_object(const ObjectPath& other) const {
    if (!iequals(class_name, other.class_name) || singleton != other.singleton || keys.size() != other.keys.size())
        return false;
    if (!host.empty() && !other.host.empty() && !iequals(host, other.host)) return false;
    if (!name_space.empty() && !other.name_space.empty() && !iequals(name_space, other.name_space)) return false;
    if (keys.size() == 1 && (keys[0].first.empty() || other.keys[0].first.empty()))
        return keys[0].second == other.keys[0].second;
    return std::ranges::all_of(keys, [&](const auto& pair) {
        const KeyValue* theirs = other.key(pair.first);
        return theirs && *theirs == pair.second;
    });
}

} // namespace exhyperv::cim
