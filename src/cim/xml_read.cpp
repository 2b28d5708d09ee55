#include "cim/wql_token.h"
#include "cim/xml.h"
#include "cim/xml_prescan.h"
#include "support/strings.h"

#include <pugixml.hpp>

#include <algorithm>
#include <array>

namespace exhyperv::cim {
namespace {

using Node = pugi::xml_node;

/// What may stand around the INSTANCE in the WMI DTD and in messages.
constexpr std::array<std::string_view, 10> kWrappers = {
    "CIM",          "DECLARATION",       "DECLGROUP",           "DECLGROUP.WITHNAME",   "DECLGROUP.WITHPATH",
    "VALUE.OBJECT", "VALUE.NAMEDOBJECT", "VALUE.NAMEDINSTANCE", "VALUE.OBJECTWITHPATH", "VALUE.INSTANCEWITHPATH"};

/// How many elements deep one instance with an embedded one in it goes (INSTANCE, PROPERTY, VALUE.ARRAY, VALUE.OBJECT).
constexpr std::size_t kElementsPerInstance = 4;

std::vector<Node> elements(const Node& parent) {
    std::vector<Node> out;
    for (const Node& child : parent.children())
        if (child.type() == pugi::node_element && std::string_view(child.name()) != "QUALIFIER") out.push_back(child);
    return out;
}

class Reader {
  public:
    Reader(const XmlLimits& limits) : limits_(limits) {}

    Result<Instance> text(std::string_view text, std::size_t depth) {
        if (depth > limits_.depth) return bad_xml(text, 0, "instances are embedded too deep");
        if (text.size() > limits_.bytes) return bad_xml(text, 0, "too long");
        TRY(prescan_xml(text, kWrappers.size() + kElementsPerInstance * (limits_.depth + 1)));
        const std::string_view outer = std::exchange(text_, text);
        pugi::xml_document document;
        const auto parsed = document.load_buffer(
            text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
        if (!parsed)
            return bad_xml(text, static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0)),
                           parsed.description());
        auto result = unwrap(document, depth);
        text_ = outer;
        return result;
    }

  private:
    Result<Instance> unwrap(const Node& parent, std::size_t depth) {
        const Node* found = nullptr;
        const std::vector<Node> children = elements(parent);
        for (const Node& child : children) {
            const std::string_view name = child.name();
            if (name != "INSTANCE" && std::ranges::find(kWrappers, name) == kWrappers.end()) continue;
            if (found) return bad(child, "more than one instance");
            found = &child;
        }
        if (!found) return bad(parent, "no INSTANCE element");
        return std::string_view(found->name()) == "INSTANCE" ? instance(*found, depth) : unwrap(*found, depth);
    }

    Result<Instance> instance(const Node& node, std::size_t depth) {
        if (depth > limits_.depth) return bad(node, "instances are embedded too deep");
        const std::string class_name = node.attribute("CLASSNAME").value();
        if (!wql::is_name(class_name)) return bad(node, "CLASSNAME is missing or not a name");
        Instance out(class_name);
        for (const Node& child : elements(node)) {
            const std::string name = child.attribute("NAME").value();
            if (std::string_view(child.attribute("CLASSORIGIN").value()) == "___SYSTEM" || name.starts_with("__"))
                continue;
            if (!wql::is_name(name)) return bad(child, "NAME is missing or not a name");
            if (out.find(name)) return bad(child, "a property is given twice");
            if (++properties_ > limits_.properties) return bad(child, "too many properties");
            TRY_ASSIGN(Value value, property(child, depth));
            out.set(name, std::move(value));
        }
        return out;
    }

    Result<Value> property(const Node& node, std::size_t depth) {
        const std::string_view tag = node.name();
        if (tag == "PROPERTY.REFERENCE") return single(node, CimType::reference, "VALUE.REFERENCE", depth);
        if (tag == "PROPERTY.REFARRAY")
            return list(node, CimType::reference, "VALUE.REFARRAY", "VALUE.REFERENCE", depth);
        if (tag == "PROPERTY.OBJECT") return single(node, CimType::object, "VALUE.OBJECT", depth);
        if (tag == "PROPERTY.OBJECTARRAY")
            return list(node, CimType::object, "VALUE.OBJECTARRAY", "VALUE.OBJECT", depth);
        if (tag != "PROPERTY" && tag != "PROPERTY.ARRAY") return bad(node, "an unexpected element");

        auto type = parse_type(node.attribute("TYPE").value());
        if (!type || *type == CimType::object) return bad(node, "TYPE is missing or unknown");
        if (*type == CimType::string && (node.attribute("EmbeddedObject") || node.attribute("EMBEDDEDOBJECT")))
            type = CimType::object;
        return tag == "PROPERTY" ? single(node, *type, "VALUE", depth)
                                 : list(node, *type, "VALUE.ARRAY", "VALUE", depth);
    }

    Result<Value> single(const Node& node, CimType type, std::string_view tag, std::size_t depth) {
        const auto children = elements(node);
        if (children.empty()) return Value::null(type);
        if (children.size() > 1 || tag != children[0].name()) return bad(node, "one value was expected");
        return value(children[0], type, depth);
    }

    Result<Value> list(const Node& node, CimType type, std::string_view list_tag, std::string_view tag,
                       std::size_t depth) {
        const auto lists = elements(node);
        if (lists.empty()) return Value::null(type, true);
        if (lists.size() > 1 || list_tag != lists[0].name()) return bad(node, "one value list was expected");
        std::vector<Value::Scalar> out;
        for (const Node& child : elements(lists[0])) {
            if (++array_elements_ > limits_.array_elements) return bad(child, "too many array elements");
            if (is_text(type) && std::string_view(child.name()) == "VALUE.NULL") {
                out.emplace_back(std::string{});
                continue;
            }
            if (tag != child.name()) return bad(child, "an unexpected element in a value list");
            TRY_ASSIGN(const Value one, value(child, type, depth));
            out.push_back(one.elements().front());
        }
        return Value::array(type, std::move(out));
    }

    Result<Value> value(const Node& node, CimType type, std::size_t depth) {
        const auto children = elements(node);
        if (type == CimType::object && children.size() == 1 && std::string_view(children[0].name()) == "INSTANCE") {
            TRY_ASSIGN(Instance inner, instance(children[0], depth + 1));
            return Value::object(std::move(inner));
        }
        if (type == CimType::reference && children.size() == 1) return reference(children[0]);
        if (!children.empty()) return bad(node, "an unexpected element in a value");
        std::string content;
        for (const Node& child : node.children())
            if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) content += child.value();
        if (type == CimType::object) {
            TRY_ASSIGN(Instance inner, text(content, depth + 1));
            return Value::object(std::move(inner));
        }
        const auto parsed = Value::parse(type, is_text(type) ? std::string_view(content) : trim(content));
        if (!parsed) return bad(node, "not a value of its type");
        return *parsed;
    }

    /// INSTANCEPATH, LOCALINSTANCEPATH or INSTANCENAME: the element form of an object path.
    Result<Value> reference(const Node& node) {
        ObjectPath path;
        Node name = node;
        if (std::string_view(node.name()) != "INSTANCENAME") {
            const Node spaces = node.child("NAMESPACEPATH") ? node.child("NAMESPACEPATH").child("LOCALNAMESPACEPATH")
                                                            : node.child("LOCALNAMESPACEPATH");
            path.host = node.child("NAMESPACEPATH").child_value("HOST");
            for (const Node& space : spaces.children("NAMESPACE"))
                path.name_space += (path.name_space.empty() ? "" : "\\") + std::string(space.attribute("NAME").value());
            name = node.child("INSTANCENAME");
        }
        path.class_name = name.attribute("CLASSNAME").value();
        if (!wql::is_name(path.class_name)) return bad(node, "a reference without a class name");
        for (const Node& binding : name.children("KEYBINDING")) {
            const Node key = binding.child("KEYVALUE");
            const std::string text = key.child_value(), kind = key.attribute("VALUETYPE").value();
            ObjectPath::KeyValue value = text;
            if (const auto number = parse_i64(text); number && kind == "numeric") value = *number;
            if (kind == "boolean") value = iequals(text, "true");
            path.keys.emplace_back(binding.attribute("NAME").value(), std::move(value));
        }
        return Value::reference(path.full());
    }

    tl::unexpected<Error> bad(const Node& node, std::string_view reason) const {
        return bad_xml(text_, static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)), reason);
    }

    const XmlLimits& limits_;
    std::string_view text_;
    std::size_t properties_ = 0, array_elements_ = 0;
};

} // namespace

Result<Instance> parse_cim_xml(std::string_view text, const XmlLimits& limits) {
    return Reader(limits).text(text, 0);
}

} // namespace exhyperv::cim
