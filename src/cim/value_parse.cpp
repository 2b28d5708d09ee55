#include "cim/instance.h"
#include "cim/value.h"
#include "support/strings.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace exhyperv::cim {
namespace {

constexpr std::array<std::string_view, 16> kTypeNames = {
    "boolean", "uint8",  "sint8",  "uint16", "sint16", "uint32",   "sint32",    "uint64",
    "sint64",  "real32", "real64", "char16", "string", "datetime", "reference", "object"};

template <class Number>
std::optional<Value> unsigned_value(CimType type, std::string_view text) {
    const auto number = parse_u64(text);
    if (!number || *number > std::numeric_limits<Number>::max()) return std::nullopt;
    return Value::array(type, {*number});
}

template <class Number>
std::optional<Value> signed_value(CimType type, std::string_view text) {
    const auto number = parse_i64(text);
    if (!number || *number < std::numeric_limits<Number>::min() || *number > std::numeric_limits<Number>::max())
        return std::nullopt;
    return Value::array(type, {*number});
}

/// yyyymmddHHMMSS.mmmmmm+UUU or the interval ddddddddHHMMSS.mmmmmm:000; `*` stands for a digit that is not known.
bool is_datetime(std::string_view text) {
    if (text.size() != 25 || text[14] != '.') return false;
    if (text[21] != '+' && text[21] != '-' && text[21] != ':') return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i != 14 && i != 21 && text[i] != '*' && (text[i] < '0' || text[i] > '9')) return false;
    return true;
}

std::optional<double> parse_real(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

} // namespace

std::string_view type_name(CimType type) {
    return kTypeNames[static_cast<std::size_t>(type)];
}

std::optional<CimType> parse_type(std::string_view name) {
    for (std::size_t i = 0; i < kTypeNames.size(); ++i)
        if (iequals(kTypeNames[i], name)) return static_cast<CimType>(i);
    return std::nullopt;
}

std::optional<Value> Value::parse(CimType type, std::string_view text) {
    // The number readers give an array of one, because array() is the one public way to a typed scalar.
    const auto scalar = [](std::optional<Value> one) -> std::optional<Value> {
        if (one) one->array_ = false;
        return one;
    };
    switch (type) {
    case CimType::boolean:
        if (iequals(text, "true")) return boolean(true);
        if (iequals(text, "false")) return boolean(false);
        return std::nullopt;
    case CimType::uint8:
        return scalar(unsigned_value<std::uint8_t>(type, text));
    case CimType::uint16:
    case CimType::char16:
        return scalar(unsigned_value<std::uint16_t>(type, text));
    case CimType::uint32:
        return scalar(unsigned_value<std::uint32_t>(type, text));
    case CimType::uint64:
        return scalar(unsigned_value<std::uint64_t>(type, text));
    case CimType::sint8:
        return scalar(signed_value<std::int8_t>(type, text));
    case CimType::sint16:
        return scalar(signed_value<std::int16_t>(type, text));
    case CimType::sint32:
        return scalar(signed_value<std::int32_t>(type, text));
    case CimType::sint64:
        return scalar(signed_value<std::int64_t>(type, text));
    case CimType::real32:
    case CimType::real64:
        if (const auto number = parse_real(text)) return Value(type, false, false, {*number});
        return std::nullopt;
    case CimType::datetime:
        if (!is_datetime(text)) return std::nullopt;
        return datetime(std::string(text));
    case CimType::string:
        return string(std::string(text));
    case CimType::reference:
        return reference(std::string(text));
    case CimType::object:
        return std::nullopt;
    }
    return std::nullopt;
}

std::string Value::scalar_text(const Scalar& scalar) {
    struct {
        std::string operator()(bool value) const { return value ? "TRUE" : "FALSE"; }
        std::string operator()(std::int64_t value) const { return std::to_string(value); }
        std::string operator()(std::uint64_t value) const { return std::to_string(value); }
        std::string operator()(double value) const { return fmt::to_string(value); } // the shortest that reads the same
        std::string operator()(const std::string& value) const { return value; }
        std::string operator()(const std::shared_ptr<const Instance>&) const { return {}; }
    } writer;
    return std::visit(writer, scalar);
}

} // namespace exhyperv::cim
