#include "transport/sim/scenario/reader.h"

#include "support/strings.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace exhyperv::sim {

namespace {

constexpr std::size_t kShown = 40;

std::string shown(const nlohmann::json& node) {
    if (node.is_object()) return "{…}";
    if (node.is_array()) return "[…]";
    auto text = node.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return text.size() > kShown ? text.substr(0, kShown) + "…" : text;
}

} // namespace

Reader::Reader(const nlohmann::json& node, std::string at, std::optional<ReadProblem>& problem)
    : node_(node), at_(std::move(at)), problem_(problem) {
    if (!node_.is_object()) wrong(at_, shown(node_), "{…}");
}

Reader::~Reader() {
    if (failed() || !node_.is_object()) return;
    for (const auto& [name, value] : node_.items()) {
        if (known_.contains(name) || name == "$schema" || name == "comment") continue;
        wrong(at_ + "/" + name, name, join({known_.begin(), known_.end()}, " | "));
        return;
    }
}

void Reader::wrong(const std::string& field, std::string found, std::string expected) {
    if (!problem_) problem_ = ReadProblem{field.empty() ? "/" : field, std::move(found), std::move(expected)};
}

const nlohmann::json* Reader::take(const char* name) {
    known_.insert(name);
    if (failed() || !node_.is_object()) return nullptr;
    auto it = node_.find(name);
    return it == node_.end() ? nullptr : &*it;
}

bool Reader::has(const char* name) {
    return take(name) != nullptr;
}

const nlohmann::json* Reader::raw(const char* name) {
    return take(name);
}

void Reader::required(const char* name) {
    if (!failed() && !take(name)) wrong(at_, "–", fmt::format("\"{}\": …", name));
}

void Reader::text(const char* name, std::string& out) {
    const auto* value = take(name);
    if (!value) return;
    if (!value->is_string()) return wrong(field(name), shown(*value), "\"…\"");
    out = value->get<std::string>();
}

void Reader::texts(const char* name, std::vector<std::string>& out) {
    const auto* value = take(name);
    if (!value) return;
    if (!value->is_array()) return wrong(field(name), shown(*value), "[\"…\"]");
    out.clear();
    for (std::size_t i = 0; i < value->size(); ++i) {
        if (!(*value)[i].is_string()) return wrong(fmt::format("{}/{}", field(name), i), shown((*value)[i]), "\"…\"");
        out.push_back((*value)[i].get<std::string>());
    }
}

void Reader::flag(const char* name, bool& out) {
    const auto* value = take(name);
    if (!value) return;
    if (!value->is_boolean()) return wrong(field(name), shown(*value), "true | false");
    out = value->get<bool>();
}

void Reader::flag(const char* name, std::optional<bool>& out) {
    if (const auto* value = take(name); value && value->is_null()) return out.reset();
    if (!has(name)) return;
    bool value = false;
    flag(name, value);
    out = value;
}

std::optional<std::uint64_t> Reader::integer(const char* name, std::uint64_t low, std::uint64_t high) {
    const auto* value = take(name);
    if (!value) return std::nullopt;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() < low || value->get<std::uint64_t>() > high) {
        wrong(field(name), shown(*value), fmt::format("{} … {}", low, high));
        return std::nullopt;
    }
    return value->get<std::uint64_t>();
}

void Reader::numbers(const char* name, std::vector<std::uint16_t>& out, std::uint64_t high) {
    const auto* value = take(name);
    if (!value) return;
    if (!value->is_array()) return wrong(field(name), shown(*value), "[1, …]");
    out.clear();
    for (std::size_t i = 0; i < value->size(); ++i) {
        const auto& each = (*value)[i];
        if (!each.is_number_unsigned() || each.get<std::uint64_t>() > high)
            return wrong(fmt::format("{}/{}", field(name), i), shown(each), fmt::format("0 … {}", high));
        out.push_back(each.get<std::uint16_t>());
    }
}

bool Reader::one_of(const char* name, std::string& chosen, const std::vector<std::string>& names) {
    const auto* value = take(name);
    if (!value) return false;
    chosen = value->is_string() ? value->get<std::string>() : std::string();
    for (const auto& each : names)
        if (value->is_string() && chosen == each) return true;
    wrong(field(name), shown(*value), join(names, " | "));
    return false;
}

void Reader::list(const char* name, const std::function<void(Reader&)>& each) {
    const auto* value = take(name);
    if (!value) return;
    if (!value->is_array()) return wrong(field(name), shown(*value), "[{…}]");
    for (std::size_t i = 0; i < value->size() && !failed(); ++i) {
        Reader item((*value)[i], fmt::format("{}/{}", field(name), i), problem_);
        if (!failed()) each(item);
    }
}

void Reader::object(const char* name, const std::function<void(Reader&)>& body) {
    const auto* value = take(name);
    if (!value) return;
    Reader item(*value, field(name), problem_);
    if (!failed()) body(item);
}

} // namespace exhyperv::sim
