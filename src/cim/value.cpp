#include "cim/value.h"

#include "cim/instance.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace exhyperv::cim {
namespace {

bool is_signed(CimType type) {
    return type == CimType::sint8 || type == CimType::sint16 || type == CimType::sint32 || type == CimType::sint64;
}

bool in_signed_range(CimType type, std::int64_t value) {
    switch (type) {
    case CimType::sint8:
        return value >= INT8_MIN && value <= INT8_MAX;
    case CimType::sint16:
        return value >= INT16_MIN && value <= INT16_MAX;
    case CimType::sint32:
        return value >= INT32_MIN && value <= INT32_MAX;
    default:
        return type == CimType::sint64;
    }
}

bool in_unsigned_range(CimType type, std::uint64_t value) {
    switch (type) {
    case CimType::uint8:
        return value <= UINT8_MAX;
    case CimType::uint16:
    case CimType::char16:
        return value <= UINT16_MAX;
    case CimType::uint32:
        return value <= UINT32_MAX;
    default:
        return type == CimType::uint64;
    }
}

/// Brings an integer to the one representation of its type (signed types int64, the others uint64), so that equal
/// values compare equal however they were made. False when the scalar does not fit the type.
bool normalise(CimType type, Value::Scalar& scalar) {
    if (is_integer(type)) {
        if (is_signed(type)) {
            if (const auto* u = std::get_if<std::uint64_t>(&scalar)) {
                if (*u > static_cast<std::uint64_t>(INT64_MAX)) return false;
                scalar = static_cast<std::int64_t>(*u);
            }
            const auto* i = std::get_if<std::int64_t>(&scalar);
            return i && in_signed_range(type, *i);
        }
        if (const auto* i = std::get_if<std::int64_t>(&scalar)) {
            if (*i < 0) return false;
            scalar = static_cast<std::uint64_t>(*i);
        }
        const auto* u = std::get_if<std::uint64_t>(&scalar);
        return u && in_unsigned_range(type, *u);
    }
    if (type == CimType::boolean) return std::holds_alternative<bool>(scalar);
    if (type == CimType::real32 || type == CimType::real64) return std::holds_alternative<double>(scalar);
    if (type == CimType::object)
        return std::holds_alternative<std::shared_ptr<const Instance>>(scalar) && std::get<5>(scalar) != nullptr;
    return std::holds_alternative<std::string>(scalar);
}

bool same_scalar(const Value::Scalar& a, const Value::Scalar& b) {
    if (a.index() != b.index()) return false;
    if (const auto* object = std::get_if<std::shared_ptr<const Instance>>(&a)) {
        const auto& other = std::get<std::shared_ptr<const Instance>>(b);
        return *object == other || (*object && other && **object == *other);
    }
    return a == b;
}

template <class From>
std::vector<Value::Scalar> scalars(From&& values) {
    std::vector<Value::Scalar> out;
    out.reserve(values.size());
    for (auto&& value : values)
        out.emplace_back(value);
    return out;
}

std::optional<std::uint64_t> scalar_uint(const Value::Scalar& scalar) {
    if (const auto* u = std::get_if<std::uint64_t>(&scalar)) return *u;
    if (const auto* i = std::get_if<std::int64_t>(&scalar); i && *i >= 0) return static_cast<std::uint64_t>(*i);
    return std::nullopt;
}

} // namespace

bool is_integer(CimType type) {
    return (type >= CimType::uint8 && type <= CimType::sint64) || type == CimType::char16;
}

bool is_text(CimType type) {
    return type == CimType::string || type == CimType::datetime || type == CimType::reference;
}

Value::Value(CimType type, bool array, bool null, std::vector<Scalar> elements)
    : type_(type), array_(array), null_(null), elements_(std::move(elements)) {
    for (Scalar& element : elements_) {
        [[maybe_unused]] const bool fits = normalise(type_, element);
        assert(fits && "a CIM value outside its type");
    }
}

Value Value::null(CimType type, bool array) {
    return {type, array, true, {}};
}
Value Value::boolean(bool value) {
    return {CimType::boolean, false, false, {value}};
}
Value Value::uint8(std::uint8_t value) {
    return {CimType::uint8, false, false, {std::uint64_t{value}}};
}
Value Value::uint16(std::uint16_t value) {
    return {CimType::uint16, false, false, {std::uint64_t{value}}};
}
Value Value::uint32(std::uint32_t value) {
    return {CimType::uint32, false, false, {std::uint64_t{value}}};
}
Value Value::uint64(std::uint64_t value) {
    return {CimType::uint64, false, false, {value}};
}
Value Value::sint32(std::int32_t value) {
    return {CimType::sint32, false, false, {std::int64_t{value}}};
}
Value Value::sint64(std::int64_t value) {
    return {CimType::sint64, false, false, {value}};
}
Value Value::string(std::string value) {
    return {CimType::string, false, false, {std::move(value)}};
}
Value Value::datetime(std::string value) {
    return {CimType::datetime, false, false, {std::move(value)}};
}
Value Value::reference(std::string path) {
    return {CimType::reference, false, false, {std::move(path)}};
}
Value Value::object(Instance instance) {
    return {CimType::object, false, false, {std::make_shared<const Instance>(std::move(instance))}};
}
Value Value::strings(std::vector<std::string> values) {
    return {CimType::string, true, false, scalars(std::move(values))};
}
Value Value::references(std::vector<std::string> paths) {
    return {CimType::reference, true, false, scalars(std::move(paths))};
}
Value Value::uint16s(const std::vector<std::uint16_t>& values) {
    return {CimType::uint16, true, false, scalars(std::vector<std::uint64_t>(values.begin(), values.end()))};
}
Value Value::uint32s(const std::vector<std::uint32_t>& values) {
    return {CimType::uint32, true, false, scalars(std::vector<std::uint64_t>(values.begin(), values.end()))};
}
Value Value::booleans(const std::vector<bool>& values) {
    std::vector<Scalar> elements;
    for (const bool value : values)
        elements.emplace_back(value);
    return {CimType::boolean, true, false, std::move(elements)};
}
Value Value::objects(std::vector<Instance> instances) {
    std::vector<Scalar> elements;
    for (Instance& instance : instances)
        elements.emplace_back(std::make_shared<const Instance>(std::move(instance)));
    return {CimType::object, true, false, std::move(elements)};
}
Value Value::array(CimType type, std::vector<Scalar> elements) {
    return {type, true, false, std::move(elements)};
}

std::optional<bool> Value::as_bool() const {
    if (null_ || array_ || type_ != CimType::boolean) return std::nullopt;
    return std::get<bool>(elements_.front());
}

std::optional<std::uint64_t> Value::as_uint() const {
    if (null_ || array_ || !is_integer(type_)) return std::nullopt;
    return scalar_uint(elements_.front());
}

std::optional<std::int64_t> Value::as_int() const {
    if (null_ || array_ || !is_integer(type_)) return std::nullopt;
    if (const auto* i = std::get_if<std::int64_t>(&elements_.front())) return *i;
    const auto u = std::get<std::uint64_t>(elements_.front());
    if (u > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(u);
}

std::optional<std::string> Value::as_string() const {
    if (null_ || array_ || !is_text(type_)) return std::nullopt;
    return std::get<std::string>(elements_.front());
}

std::shared_ptr<const Instance> Value::as_object() const {
    if (null_ || array_ || type_ != CimType::object) return nullptr;
    return std::get<std::shared_ptr<const Instance>>(elements_.front());
}

std::vector<std::string> Value::as_strings() const {
    std::vector<std::string> out;
    if (!array_ || !is_text(type_)) return out;
    for (const Scalar& element : elements_)
        out.push_back(std::get<std::string>(element));
    return out;
}

std::vector<std::uint64_t> Value::as_uints() const {
    std::vector<std::uint64_t> out;
    if (!array_ || !is_integer(type_)) return out;
    for (const Scalar& element : elements_)
        if (const auto number = scalar_uint(element)) out.push_back(*number);
    return out;
}

std::vector<std::shared_ptr<const Instance>> Value::as_objects() const {
    std::vector<std::shared_ptr<const Instance>> out;
    if (!array_ || type_ != CimType::object) return out;
    for (const Scalar& element : elements_)
        out.push_back(std::get<std::shared_ptr<const Instance>>(element));
    return out;
}

bool Value::operator==(const Value& other) const {
    return type_ == other.type_ && array_ == other.array_ && null_ == other.null_ &&
           std::ranges::equal(elements_, other.elements_, same_scalar);
}

std::string Value::text() const {
    return null_ || elements_.empty() ? std::string{} : scalar_text(elements_.front());
}

} // namespace exhyperv::cim
