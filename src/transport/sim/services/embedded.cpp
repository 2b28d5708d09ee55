#include "transport/sim/services/embedded.h"

#include "cim/xml.h"

#include <fmt/format.h>

namespace exhyperv::sim {

Embedded read_embedded(const View& view, const std::string& text, std::string_view base_class) {
    auto parsed = cim::parse_cim_xml(text);
    if (!parsed) return {std::nullopt, "the text is not a CIM-XML instance: " + describe(parsed.error())};
    const auto* shape = ClassShape::find(kV2, parsed->class_name(), view.build());
    if (!shape) return {std::nullopt, fmt::format("class {} does not exist", parsed->class_name())};
    if (!cim::class_table::derives_from(shape->info(), base_class))
        return {std::nullopt, fmt::format("class {} is not a {}", parsed->class_name(), base_class)};
    for (const auto& property : parsed->properties()) {
        int index = shape->index(property.name);
        if (index < 0)
            return {std::nullopt, fmt::format("property {} does not exist in {}", property.name, parsed->class_name())};
        const auto& info = *shape->properties()[static_cast<std::size_t>(index)];
        const auto& value = property.value;
        if (value.type() != info.type && !(cim::is_text(value.type()) && cim::is_text(info.type)))
            return {std::nullopt, fmt::format("property {} is {}, not {}", property.name, cim::type_name(info.type),
                                              cim::type_name(value.type()))};
        if (value.is_array() != info.array)
            return {std::nullopt, fmt::format("property {}: array expected or not", property.name)};
    }
    return {std::move(*parsed), {}};
}

} // namespace exhyperv::sim
