#include "cim/wql.h"
#include "cim/wql_token.h"
#include "support/strings.h"

namespace exhyperv::cim::wql {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr int kMaxDepth = 64;

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<Query> run() {
        if (text_.size() > kMaxBytes) return bad_query(text_, 0, "longer than 64 KiB");
        TRY(advance());
        if (word("SELECT")) return select();
        if (word("ASSOCIATORS")) return related(false);
        if (word("REFERENCES")) return related(true);
        return bad("SELECT, ASSOCIATORS or REFERENCES was expected");
    }

  private:
    Result<Query> select() {
        Select select;
        TRY(advance());
        if (symbol("*")) {
            TRY(advance());
        } else {
            for (;;) {
                TRY_ASSIGN(std::string property, name("a property name"));
                select.properties.push_back(std::move(property));
                if (!symbol(",")) break;
                TRY(advance());
            }
        }
        TRY(expect_word("FROM"));
        TRY_ASSIGN(select.from, name("a class name"));
        if (word("WHERE")) {
            TRY(advance());
            TRY_ASSIGN(select.condition, any(0));
        }
        TRY(expect_end());
        return Query(std::move(select));
    }

    Result<Query> related(bool references) {
        Related related;
        related.references = references;
        TRY(advance());
        TRY(expect_word("OF"));
        if (token_.kind != Token::Kind::object) return bad("an object path in braces was expected");
        auto path = ObjectPath::parse(trim(token_.value));
        if (!path) return bad("the object path cannot be read");
        related.object = std::move(*path);
        TRY(advance());
        if (word("WHERE")) {
            TRY(advance());
            do
                TRY(filter(related));
            while (token_.kind != Token::Kind::end);
        }
        TRY(expect_end());
        return Query(std::move(related));
    }

    Result<> filter(Related& related) {
        std::string* target = nullptr;
        if (word("ResultClass")) target = &related.result_class;
        if (word("Role")) target = &related.role;
        if (word("AssocClass") && !related.references) target = &related.assoc_class;
        if (word("ResultRole") && !related.references) target = &related.result_role;
        if (!target) return bad("AssocClass, ResultClass, Role or ResultRole was expected");
        if (!target->empty()) return bad("a filter is given twice");
        TRY(advance());
        if (!symbol("=")) return bad("= was expected");
        TRY(advance());
        TRY_ASSIGN(*target, name("a name"));
        return {};
    }

    Result<Condition> any(int depth) { return sequence(depth, "OR", Condition::Kind::any_of, &Parser::every); }
    Result<Condition> every(int depth) { return sequence(depth, "AND", Condition::Kind::all_of, &Parser::term); }

    Result<Condition> sequence(int depth, std::string_view joint, Condition::Kind kind,
                               Result<Condition> (Parser::*part)(int)) {
        TRY_ASSIGN(Condition first, (this->*part)(depth));
        if (!word(joint)) return first;
        Condition whole;
        whole.kind = kind;
        whole.children.push_back(std::move(first));
        while (word(joint)) {
            TRY(advance());
            TRY_ASSIGN(Condition next, (this->*part)(depth));
            whole.children.push_back(std::move(next));
        }
        return whole;
    }

    Result<Condition> term(int depth) {
        if (depth >= kMaxDepth) return bad("nested too deep");
        if (word("NOT")) {
            TRY(advance());
            TRY_ASSIGN(Condition inner, term(depth + 1));
            return negated(std::move(inner));
        }
        if (symbol("(")) {
            TRY(advance());
            TRY_ASSIGN(Condition inner, any(depth + 1));
            if (!symbol(")")) return bad(") was expected");
            TRY(advance());
            return inner;
        }
        return comparison();
    }

    static Condition negated(Condition inner) {
        if (inner.kind == Condition::Kind::leaf && inner.compare == Compare::like) {
            inner.compare = Compare::not_like;
            return inner;
        }
        Condition whole;
        whole.kind = Condition::Kind::negate;
        whole.children.push_back(std::move(inner));
        return whole;
    }

    Result<Condition> comparison() {
        Condition leaf;
        if (token_.kind == Token::Kind::text || token_.kind == Token::Kind::number) { // 'x' = Name is allowed too
            TRY_ASSIGN(leaf.literal, literal());
            TRY_ASSIGN(leaf.compare, relation());
            leaf.compare = mirrored(leaf.compare);
            TRY_ASSIGN(leaf.property, name("a property name"));
            return leaf;
        }
        TRY_ASSIGN(leaf.property, name("a property name"));
        if (word("IS")) return null_test(std::move(leaf));
        if (word("ISA")) {
            TRY(advance());
            leaf.compare = Compare::isa;
            if (token_.kind != Token::Kind::text && token_.kind != Token::Kind::name)
                return bad("a class name was expected");
            leaf.literal = Value::string(token_.value);
            TRY(advance());
            return leaf;
        }
        bool negative = false;
        if (word("NOT")) {
            negative = true;
            TRY(advance());
            if (!word("LIKE")) return bad("LIKE was expected");
        }
        if (word("LIKE")) {
            TRY(advance());
            if (token_.kind != Token::Kind::text) return bad("a quoted pattern was expected");
            leaf.compare = negative ? Compare::not_like : Compare::like;
            leaf.literal = Value::string(token_.value);
            TRY(advance());
            return leaf;
        }
        TRY_ASSIGN(leaf.compare, relation());
        TRY_ASSIGN(leaf.literal, literal());
        if (leaf.literal.is_null()) { // = NULL and <> NULL mean the NULL tests
            if (leaf.compare == Compare::equal)
                leaf.compare = Compare::is_null;
            else if (leaf.compare == Compare::not_equal)
                leaf.compare = Compare::is_not_null;
            else
                return bad("NULL can only be compared with = and <>");
        }
        return leaf;
    }

    Result<Condition> null_test(Condition leaf) {
        TRY(advance());
        leaf.compare = Compare::is_null;
        if (word("NOT")) {
            leaf.compare = Compare::is_not_null;
            TRY(advance());
        }
        TRY(expect_word("NULL"));
        return leaf;
    }

    Result<Compare> relation() {
        static constexpr std::pair<std::string_view, Compare> kSymbols[] = {
            {"=", Compare::equal},         {"<>", Compare::not_equal},  {"!=", Compare::not_equal},
            {"<", Compare::less},          {"<=", Compare::less_equal}, {">", Compare::greater},
            {">=", Compare::greater_equal}};
        for (const auto& [text, compare] : kSymbols) {
            if (!symbol(text)) continue;
            TRY(advance());
            return compare;
        }
        return bad("a comparison was expected");
    }

    static Compare mirrored(Compare compare) {
        switch (compare) {
        case Compare::less:
            return Compare::greater;
        case Compare::less_equal:
            return Compare::greater_equal;
        case Compare::greater:
            return Compare::less;
        case Compare::greater_equal:
            return Compare::less_equal;
        default:
            return compare;
        }
    }

    Result<Value> literal() {
        Value value = Value::null(CimType::string);
        if (token_.kind == Token::Kind::text) {
            value = Value::string(token_.value);
        } else if (token_.kind == Token::Kind::number) {
            const auto negative = token_.value.front() == '-';
            const auto number = Value::parse(negative ? CimType::sint64 : CimType::uint64, token_.value);
            if (!number) return bad("a number out of range");
            value = *number;
        } else if (word("TRUE") || word("FALSE")) {
            value = Value::boolean(word("TRUE"));
        } else if (!word("NULL")) {
            return bad("a value was expected");
        }
        TRY(advance());
        return value;
    }

    Result<std::string> name(std::string_view what) {
        if (token_.kind != Token::Kind::name) return bad(std::string(what) + " was expected");
        std::string out = std::move(token_.value);
        TRY(advance());
        return out;
    }

    Result<> expect_word(std::string_view text) {
        if (!word(text)) return bad(std::string(text) + " was expected");
        return advance();
    }

    Result<> expect_end() {
        if (token_.kind != Token::Kind::end) return bad("unexpected text after the query");
        return {};
    }

    Result<> advance() {
        TRY_ASSIGN(token_, next_token(text_, at_));
        return {};
    }

    [[nodiscard]] bool word(std::string_view text) const {
        return token_.kind == Token::Kind::name && iequals(token_.value, text);
    }
    [[nodiscard]] bool symbol(std::string_view text) const {
        return token_.kind == Token::Kind::symbol && token_.value == text;
    }
    tl::unexpected<Error> bad(std::string_view reason) const { return bad_query(text_, token_.position, reason); }

    std::string_view text_;
    std::size_t at_ = 0;
    Token token_;
};

} // namespace

Result<Query> Query::parse(std::string_view text) {
    return Parser(text).run();
}

} // namespace exhyperv::cim::wql
