#include "cim/wql.h"
#include "cim/wql_token.h"
#include "support/strings.h"

#include <cassert>

namespace exhyperv::cim::wql {
namespace {

/// Names come from the program, never from input; one that is no name would be a way into the query.
const std::string& name(const std::string& text) {
    assert(is_name(text) && "not a WQL name");
    return text;
}

std::string literal(const Value& value) {
    if (value.is_null()) return "NULL";
    if (const auto text = value.as_string()) {
        std::string out = "'";
        for (const char c : *text) {
            if (c == '\\' || c == '\'') out += '\\';
            out += c;
        }
        return out + "'";
    }
    return value.text();
}

std::string_view symbol(Compare compare) {
    switch (compare) {
    case Compare::equal:
        return " = ";
    case Compare::not_equal:
        return " <> ";
    case Compare::less:
        return " < ";
    case Compare::less_equal:
        return " <= ";
    case Compare::greater:
        return " > ";
    case Compare::greater_equal:
        return " >= ";
    case Compare::like:
    case Compare::not_like:
        return " LIKE ";
    case Compare::is_null:
        return " IS NULL";
    case Compare::is_not_null:
        return " IS NOT NULL";
    case Compare::isa:
        return " ISA ";
    }
    return {};
}

std::string leaf(const Condition& condition) {
    std::string out = name(condition.property);
    out += symbol(condition.compare);
    if (condition.compare != Compare::is_null && condition.compare != Compare::is_not_null)
        out += literal(condition.literal);
    // WQL has no NOT LIKE; the negation of the whole comparison says the same.
    return condition.compare == Compare::not_like ? "NOT (" + out + ")" : out;
}

std::string expression(const Condition& condition, bool top) {
    using Kind = Condition::Kind;
    if (condition.kind == Kind::leaf) return leaf(condition);
    std::string out;
    for (const Condition& child : condition.children) {
        if (!out.empty()) out += condition.kind == Kind::any_of ? " OR " : " AND ";
        out += expression(child, false);
    }
    if (condition.kind == Kind::negate) {
        const bool bracketed = out.starts_with('(');
        return bracketed ? "NOT " + out : "NOT (" + out + ")";
    }
    return top ? out : "(" + out + ")";
}

std::string select_text(const Select& select) {
    std::string out = "SELECT ";
    if (select.properties.empty()) out += '*';
    for (std::size_t i = 0; i < select.properties.size(); ++i)
        out += (i ? ", " : "") + name(select.properties[i]);
    out += " FROM " + name(select.from);
    if (select.condition) out += " WHERE " + expression(*select.condition, true);
    return out;
}

std::string related_text(const Related& related) {
    std::string out = related.references ? "REFERENCES OF {" : "ASSOCIATORS OF {";
    out += related.object.relative() + "}"; // the form every provider takes; the session knows host and namespace
    std::string filters;
    const auto filter = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) filters += " " + std::string(key) + " = " + name(value);
    };
    if (!related.references) filter("AssocClass", related.assoc_class);
    filter("ResultClass", related.result_class);
    if (!related.references) filter("ResultRole", related.result_role);
    filter("Role", related.role);
    return filters.empty() ? out : out + " WHERE" + filters;
}

} // namespace

std::string Query::text() const {
    return select() ? select_text(*select()) : related_text(*related());
}

} // namespace exhyperv::cim::wql
