#include "cim/class_table.h"
#include "cim/wql.h"
#include "cim/wql_token.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::cim::wql {
namespace {

/// SQL's third value: what a comparison with NULL gives.
enum class Truth { no, unknown, yes };

Truth truth(bool value) {
    return value ? Truth::yes : Truth::no;
}

constexpr std::uint32_t kInvalidQuery = 0x80041017;

tl::unexpected<Error> not_comparable(const Condition& leaf) {
    return bad_query(leaf.property + " " + leaf.literal.text(), 0,
                     "the property's type does not allow this comparison");
}

std::optional<Value> system_property(const Instance& instance, std::string_view name) {
    if (iequals(name, "__CLASS")) return Value::string(instance.class_name());
    const auto text = [&](auto&& get) {
        return instance.path() ? Value::string(get(*instance.path())) : Value::null(CimType::string);
    };
    if (iequals(name, "__PATH")) return text([](const ObjectPath& path) { return path.full(); });
    if (iequals(name, "__RELPATH")) return text([](const ObjectPath& path) { return path.relative(); });
    if (iequals(name, "__NAMESPACE")) return text([](const ObjectPath& path) { return path.name_space; });
    if (iequals(name, "__SERVER")) return text([](const ObjectPath& path) { return path.host; });
    return std::nullopt;
}

template <class T>
bool compare(Compare how, const T& a, const T& b) {
    switch (how) {
    case Compare::equal:
        return a == b;
    case Compare::not_equal:
        return a != b;
    case Compare::less:
        return a < b;
    case Compare::less_equal:
        return a <= b;
    case Compare::greater:
        return a > b;
    case Compare::greater_equal:
        return a >= b;
    default:
        return false;
    }
}

/// Integers of both signs in one order: a negative one is below every unsigned one.
struct Number {
    bool negative = false;
    std::uint64_t bits = 0;
    auto operator<=>(const Number& other) const {
        if (negative != other.negative) return negative ? std::strong_ordering::less : std::strong_ordering::greater;
        return bits <=> other.bits; // two's complement keeps the order among negatives
    }
    bool operator==(const Number&) const = default;
};

std::optional<Number> number(const Value& value) {
    if (const auto u = value.as_uint()) return Number{false, *u};
    if (const auto i = value.as_int()) return Number{true, static_cast<std::uint64_t>(*i)};
    if (const auto text = value.as_string()) {
        if (const auto u = parse_u64(*text)) return Number{false, *u};
        if (const auto i = parse_i64(*text)) return Number{true, static_cast<std::uint64_t>(*i)};
    }
    return std::nullopt;
}

std::optional<bool> boolean(const Value& value) {
    if (const auto b = value.as_bool()) return b;
    if (const auto u = value.as_uint()) return *u != 0;
    if (const auto text = value.as_string())
        if (const auto parsed = Value::parse(CimType::boolean, *text)) return parsed->as_bool();
    return std::nullopt;
}

bool derives(const Instance& instance, std::string_view base) {
    if (iequals(instance.class_name(), base)) return true;
    const bool placed = instance.path() && !instance.path()->name_space.empty();
    if (placed) {
        const ClassInfo* info = class_table::find(instance.path()->name_space, instance.class_name());
        return info && class_table::derives_from(*info, base);
    }
    return std::ranges::any_of(
        class_table::all(), [&](const ClassInfo& info) { // embedded objects do not know their namespace
            return iequals(info.name, instance.class_name()) && class_table::derives_from(info, base);
        });
}

Result<Truth> leaf_truth(const Condition& leaf, const Instance& instance) {
    const std::string base = leaf.literal.as_string().value_or("");
    if (leaf.compare == Compare::isa && iequals(leaf.property, "__this")) return truth(derives(instance, base));

    std::optional<Value> system;
    const Value* value = instance.find(leaf.property);
    if (!value && (system = system_property(instance, leaf.property))) value = &*system;
    if (!value) {
        Error error{
            "cim.unknown_property", {{"property", leaf.property}, {"class", instance.class_name()}}, {}, {}, {}};
        return fail(error.with_native(NativeKind::hresult, kInvalidQuery));
    }
    if (leaf.compare == Compare::is_null) return truth(value->is_null());
    if (leaf.compare == Compare::is_not_null) return truth(!value->is_null());
    if (value->is_array() || leaf.literal.is_array()) return not_comparable(leaf);

    if (leaf.compare == Compare::isa) {
        if (value->type() != CimType::object) return not_comparable(leaf);
        return value->is_null() ? Truth::unknown : truth(derives(*value->as_object(), base));
    }
    if (leaf.compare == Compare::like || leaf.compare == Compare::not_like) {
        if (!is_text(value->type())) return not_comparable(leaf);
        if (value->is_null()) return Truth::unknown;
        return truth(like(*value->as_string(), base) == (leaf.compare == Compare::like));
    }
    if (is_text(value->type())) {
        if (value->is_null() || leaf.literal.is_null()) return Truth::unknown;
        return truth(compare(leaf.compare, ascii_lower(*value->as_string()), ascii_lower(leaf.literal.text())));
    }
    if (is_integer(value->type())) {
        const auto wanted = number(leaf.literal);
        if (!wanted) return not_comparable(leaf);
        return value->is_null() ? Truth::unknown : truth(compare(leaf.compare, *number(*value), *wanted));
    }
    if (value->type() == CimType::boolean) {
        const auto wanted = boolean(leaf.literal);
        if (!wanted) return not_comparable(leaf);
        return value->is_null() ? Truth::unknown : truth(compare(leaf.compare, *value->as_bool(), *wanted));
    }
    return not_comparable(leaf);
}

Result<Truth> evaluate(const Condition& condition, const Instance& instance) {
    using Kind = Condition::Kind;
    if (condition.kind == Kind::leaf) return leaf_truth(condition, instance);
    if (condition.kind == Kind::negate) {
        TRY_ASSIGN(const Truth inner, evaluate(condition.children.at(0), instance));
        return inner == Truth::yes ? Truth::no : inner == Truth::no ? Truth::yes : Truth::unknown;
    }
    // No short cut: a wrong property name is an error of the query whichever instance it meets.
    Truth result = condition.kind == Kind::all_of ? Truth::yes : Truth::no;
    for (const Condition& child : condition.children) {
        TRY_ASSIGN(const Truth part, evaluate(child, instance));
        result = condition.kind == Kind::all_of ? std::min(result, part) : std::max(result, part);
    }
    return result;
}

} // namespace

Result<bool> matches(const Condition& condition, const Instance& instance) {
    TRY_ASSIGN(const Truth result, evaluate(condition, instance));
    return result == Truth::yes;
}

} // namespace exhyperv::cim::wql
