#include "random_content.h"

#include <array>

namespace exhyperv::cim {

std::string RandomContent::name() {
    static constexpr std::string_view letters = "abcXYZ_09";
    std::string out(1, "aZ_"[below(3)]);
    for (std::uint32_t i = below(12); i > 0; --i)
        out += letters[below(letters.size())];
    return "p" + out; // never a keyword of WQL, never a system name
}

std::string RandomContent::text() {
    static constexpr std::array<std::string_view, 26> pieces = {"\\",
                                                                "'",
                                                                "\"",
                                                                "{",
                                                                "}",
                                                                "%",
                                                                "_",
                                                                "[",
                                                                "]",
                                                                "<",
                                                                ">",
                                                                "&",
                                                                "&amp;",
                                                                "]]>",
                                                                "\n",
                                                                "\t",
                                                                " ",
                                                                "=",
                                                                ",",
                                                                ".",
                                                                "@",
                                                                ":",
                                                                "PCI\\VEN_10DE&DEV_2684",
                                                                "显卡",
                                                                "\xF0\x9F\x96\xA5",
                                                                "a"};
    std::string out;
    for (std::uint32_t i = below(10); i > 0; --i)
        out += pieces[below(pieces.size())];
    return out;
}

std::string RandomContent::bytes(std::size_t size) {
    std::string out(size, '\0');
    for (char& c : out)
        c = static_cast<char>(below(256));
    return out;
}

ObjectPath RandomContent::path(bool with_host) {
    ObjectPath out;
    if (with_host || coin()) out.name_space = "root\\virtualization\\v2";
    if (with_host) out.host = "HOST-" + name();
    out.class_name = name();
    if (below(8) == 0) {
        out.singleton = true;
        return out;
    }
    for (std::uint32_t i = below(4); i > 0; --i) {
        ObjectPath::KeyValue value = text();
        if (below(3) == 0) value = static_cast<std::int64_t>(engine_()) - 0x40000000;
        if (below(6) == 0) value = coin();
        const std::string key = name();
        if (!out.key(key)) out.keys.emplace_back(key, std::move(value));
    }
    return out;
}

Value RandomContent::scalar(int depth) {
    switch (below(depth > 0 ? 13 : 12)) {
    case 0:
        return Value::boolean(coin());
    case 1:
        return Value::uint8(static_cast<std::uint8_t>(below(256)));
    case 2:
        return Value::uint16(static_cast<std::uint16_t>(below(65536)));
    case 3:
        return Value::uint32(static_cast<std::uint32_t>(engine_()));
    case 4:
        return Value::uint64((std::uint64_t{engine_()} << 32) | engine_());
    case 5:
        return Value::sint32(static_cast<std::int32_t>(engine_()));
    case 6:
        return Value::sint64(static_cast<std::int64_t>((std::uint64_t{engine_()} << 32) | engine_()));
    case 7:
        return Value::datetime("20260102030405.000000+060");
    case 8:
        return Value::reference(path(true).full());
    case 9:
        return *Value::parse(CimType::real64, std::to_string(below(100000)) + ".25");
    case 10:
        return *Value::parse(CimType::sint8, std::to_string(static_cast<int>(below(256)) - 128));
    case 11:
        return Value::string(text());
    default:
        return Value::object(instance(depth - 1));
    }
}

Value RandomContent::value(int depth) {
    const Value sample = scalar(depth);
    if (below(5) == 0) return Value::null(sample.type(), coin());
    if (coin()) return sample;
    std::vector<Value::Scalar> elements;
    for (std::uint32_t wanted = below(4); elements.size() < wanted;) {
        const Value next = scalar(depth);
        if (next.type() == sample.type()) elements.push_back(next.elements().front());
    }
    return Value::array(sample.type(), std::move(elements));
}

Instance RandomContent::instance(int depth) {
    Instance out(name());
    for (std::uint32_t i = below(6); i > 0; --i)
        out.set(name(), value(depth));
    return out;
}

wql::Condition RandomContent::condition(int depth) {
    using wql::Compare;
    const std::uint32_t kind = below(depth > 0 ? 10 : 7);
    if (kind == 7 || kind == 8) {
        std::vector<wql::Condition> children;
        for (std::uint32_t i = 2 + below(3); i > 0; --i)
            children.push_back(condition(depth - 1));
        return kind == 7 ? wql::all_of(std::move(children)) : wql::any_of(std::move(children));
    }
    if (kind == 9) {
        wql::Condition out;
        out.kind = wql::Condition::Kind::negate;
        out.children = {condition(depth - 1)};
        const wql::Condition& child = out.children.front();
        // NOT (x LIKE y) has one canonical form, the comparison not_like.
        return child.kind == wql::Condition::Kind::leaf && child.compare == Compare::like ? child : out;
    }
    static constexpr std::array<Compare, 6> relations = {Compare::equal,   Compare::not_equal,
                                                         Compare::less,    Compare::less_equal,
                                                         Compare::greater, Compare::greater_equal};
    switch (kind) {
    case 0:
        return wql::where(name(), relations[below(6)], text());
    case 1:
        return wql::where(name(), relations[below(6)], (std::uint64_t{engine_()} << 32) | engine_());
    case 2:
        return wql::where(name(), coin());
    case 3:
        return wql::is_null(name());
    case 4:
        return wql::starts_with(name(), text());
    case 5:
        return wql::where(name(), coin() ? Compare::like : Compare::not_like, text());
    default:
        return wql::isa("__this", name());
    }
}

wql::Query RandomContent::query() {
    if (below(3) == 0) {
        wql::Related related;
        related.object = path(false);
        related.object.name_space.clear();
        related.references = coin();
        if (coin()) related.result_class = name();
        if (coin()) related.role = name();
        if (!related.references && coin()) related.assoc_class = name();
        if (!related.references && coin()) related.result_role = name();
        return related;
    }
    wql::Select select;
    for (std::uint32_t i = below(4); i > 0; --i)
        select.properties.push_back(name());
    select.from = name();
    if (coin()) select.condition = condition(4);
    return select;
}

} // namespace exhyperv::cim
