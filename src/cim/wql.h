#pragma once

#include "cim/instance.h"
#include "cim/object_path.h"
#include "support/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::cim::wql {

enum class Compare {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    like,
    not_like,
    is_null,
    is_not_null,
    isa
};

/// A WHERE expression. Leaves compare a property with a literal; literals are text, integer, boolean or NULL.
struct Condition {
    enum class Kind { leaf, all_of, any_of, negate } kind = Kind::leaf;
    std::string property;
    Compare compare = Compare::equal;
    Value literal = Value::null(CimType::string);
    std::vector<Condition> children;
    bool operator==(const Condition&) const = default;
};

[[nodiscard]] Condition where(std::string property, Compare compare, std::string text);
[[nodiscard]] Condition where(std::string property, Compare compare, std::uint64_t number);
[[nodiscard]] Condition where(std::string property, bool value);
[[nodiscard]] Condition is_null(std::string property);
[[nodiscard]] Condition isa(std::string property, std::string class_name); ///< property "__this": the instance itself
[[nodiscard]] Condition all_of(std::vector<Condition> conditions);         ///< of none: always true
[[nodiscard]] Condition any_of(std::vector<Condition> conditions);         ///< of none: never true
/// `property LIKE '<prefix>%'` with %, _, [ and ] of the prefix taken literally.
[[nodiscard]] Condition starts_with(std::string property, std::string_view prefix);

struct Select {
    std::vector<std::string> properties; ///< empty = *
    std::string from;
    std::optional<Condition> condition;
    bool operator==(const Select&) const = default;
};

/// ASSOCIATORS OF {object} / REFERENCES OF {object}, with the filters Hyper-V clients use.
struct Related {
    ObjectPath object;
    bool references = false;
    std::string assoc_class, result_class, role,
        result_role; ///< empty: not filtered; references know only result_class and role
    bool operator==(const Related&) const = default;
};

/// A query, built or parsed; the text is made here only, escaped. No other code writes WQL.
class Query {
  public:
    Query(Select select) : body_(std::move(select)) {}
    Query(Related related) : body_(std::move(related)) {}

    /// SELECT … FROM … [WHERE …] (AND, OR, NOT, parentheses, = <> != < <= > >= LIKE IS [NOT] NULL ISA),
    /// ASSOCIATORS OF {…} [WHERE AssocClass = … ResultClass = … Role = … ResultRole = …], REFERENCES OF {…} [WHERE …].
    /// Bounded (64 KiB, depth 64); `cim.bad_query` names position and reason (WBEM_E_INVALID_QUERY 0x80041017).
    /// What text() writes, parse() reads back equal, but for host and namespace of a Related object, which text()
    /// leaves out.
    static Result<Query> parse(std::string_view text);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] const Select* select() const { return std::get_if<Select>(&body_); }
    [[nodiscard]] const Related* related() const { return std::get_if<Related>(&body_); }
    bool operator==(const Query&) const = default;

  private:
    std::variant<Select, Related> body_;
};

/// Convenience: SELECT * FROM class.
[[nodiscard]] Query all(std::string class_name);

/// Does the instance satisfy the condition? WMI semantics: text compares without case (ASCII), LIKE knows % _ [abc]
/// [^a] [a-z], numbers written as text compare as numbers with numeric properties, and a comparison with a NULL
/// property is unknown: neither it nor its negation selects the instance. System properties (__CLASS, __PATH,
/// __RELPATH, __NAMESPACE, __SERVER) are known. Errors: `cim.unknown_property` for a property the instance does not
/// have, `cim.bad_query` for a comparison the property's type does not allow (both 0x80041017).
[[nodiscard]] Result<bool> matches(const Condition& condition, const Instance& instance);
[[nodiscard]] bool like(std::string_view text, std::string_view pattern);

} // namespace exhyperv::cim::wql
