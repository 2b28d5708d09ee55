#include "cim/xml.h"

#include "support/utf.h"

namespace exhyperv::cim {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    std::string repaired;
    if (!is_valid_utf8(text)) text = repaired = to_utf8(to_utf16(text));
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\r':
            out += "&#13;";
            break; // a reader would turn a plain CR LF into LF
        case '\n':
            out += "&#10;";
            break;
        case '\t':
            out += "&#9;";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out += "\xEF\xBF\xBD";
            else
                out += c;
        }
    }
}

std::string scalar(CimType type, const Value::Scalar& value) {
    if (type == CimType::object) return to_cim_xml(*std::get<std::shared_ptr<const Instance>>(value));
    return Value::scalar_text(value);
}

void append_element(std::string& out, std::string_view tag, std::string_view text) {
    out.append("<").append(tag).append(">");
    append_escaped(out, text);
    out.append("</").append(tag).append(">");
}

void append_property(std::string& out, const Property& property) {
    const Value& value = property.value;
    const bool reference = value.type() == CimType::reference, object = value.type() == CimType::object;
    const std::string_view tag = reference ? (value.is_array() ? "PROPERTY.REFARRAY" : "PROPERTY.REFERENCE")
                                           : (value.is_array() ? "PROPERTY.ARRAY" : "PROPERTY");
    const std::string_view list = reference ? "VALUE.REFARRAY" : "VALUE.ARRAY";
    const std::string_view element = reference ? "VALUE.REFERENCE" : "VALUE";

    out.append("<").append(tag).append(" NAME=\"");
    append_escaped(out, property.name);
    out += '"';
    if (!reference) out.append(" TYPE=\"").append(object ? "string" : type_name(value.type())).append("\"");
    if (object) out += " EmbeddedObject=\"instance\"";
    out += '>';
    if (!value.is_null()) {
        if (value.is_array()) out.append("<").append(list).append(">");
        for (const Value::Scalar& one : value.elements())
            append_element(out, element, scalar(value.type(), one));
        if (value.is_array()) out.append("</").append(list).append(">");
    }
    out.append("</").append(tag).append(">");
}

} // namespace

std::string to_cim_xml(const Instance& instance) {
    std::string out = "<INSTANCE CLASSNAME=\"";
    append_escaped(out, instance.class_name());
    out += "\">";
    for (const Property& property : instance.properties())
        append_property(out, property);
    out += "</INSTANCE>";
    return out;
}

} // namespace exhyperv::cim
