#include "cim/wql.h"

namespace exhyperv::cim::wql {
namespace {

Condition leaf(std::string property, Compare compare, Value literal) {
    Condition condition;
    condition.property = std::move(property);
    condition.compare = compare;
    condition.literal = std::move(literal);
    return condition;
}

Condition composite(Condition::Kind kind, std::vector<Condition> children, Compare when_empty) {
    // WQL has no constants; every instance has a class name, so its NULL test is one.
    if (children.empty()) return leaf("__CLASS", when_empty, Value::null(CimType::string));
    if (children.size() == 1) return std::move(children.front());
    Condition condition;
    condition.kind = kind;
    condition.children = std::move(children);
    return condition;
}

} // namespace

Condition where(std::string property, Compare compare, std::string text) {
    return leaf(std::move(property), compare, Value::string(std::move(text)));
}

Condition where(std::string property, Compare compare, std::uint64_t number) {
    return leaf(std::move(property), compare, Value::uint64(number));
}

Condition where(std::string property, bool value) {
    return leaf(std::move(property), Compare::equal, Value::boolean(value));
}

Condition is_null(std::string property) {
    return leaf(std::move(property), Compare::is_null, Value::null(CimType::string));
}

Condition isa(std::string property, std::string class_name) {
    return leaf(std::move(property), Compare::isa, Value::string(std::move(class_name)));
}

Condition all_of(std::vector<Condition> conditions) {
    return composite(Condition::Kind::all_of, std::move(conditions), Compare::is_not_null);
}

Condition any_of(std::vector<Condition> conditions) {
    return composite(Condition::Kind::any_of, std::move(conditions), Compare::is_null);
}

Condition starts_with(std::string property, std::string_view prefix) {
    std::string pattern;
    for (const char c : prefix) {
        if (c == '%' || c == '_' || c == '[')
            pattern += {'[', c, ']'};
        else
            pattern += c;
    }
    pattern += '%';
    return where(std::move(property), Compare::like, std::move(pattern));
}

Query all(std::string class_name) {
    Select select;
    select.from = std::move(class_name);
    return select;
}

} // namespace exhyperv::cim::wql
