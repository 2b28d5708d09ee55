#include "transport/sim/cim/templates.h"
#include "support/strings.h"
#include "transport/sim/cim/configs.h"
#include "transport/sim/world/texts.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::sim {

namespace {

constexpr std::string_view kVariants[] = {"Default", "Minimum", "Maximum", "Increment"};

/// The template instances of one class: enumerable like real settings, recognised by "Definition" in the InstanceID.
class Templates final : public Family {
  public:
    explicit Templates(std::string_view class_name) : Family(kV2, class_name) {}

    void each(const View&, const Visit& visit) const override {
        for (std::size_t i = 0; i < resource_types().size(); ++i) {
            if (resource_types()[i].class_name != class_name()) continue;
            for (std::uint32_t variant = 0; variant < std::size(kVariants); ++variant)
                if (!visit(Object{.index = static_cast<std::uint32_t>(i), .variant = variant})) return;
        }
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& type = resource_types()[object.index];
        if (row.wants("InstanceID")) row.text("InstanceID", template_id(type, object.variant));
        fill_resource(view, type, row);
        if (type.type == 32770) row.number("MappingBehavior", 3);
        if (type.type == 32769)
            row.numbers("VirtualFunctions", {0}).flags("AllowDirectTranslatedP2P", {false}).number("TargetVtl", 0);
        if (type.type == 4)
            row.text("AllocationUnits", "byte * 2^20")
                .number("VirtualQuantity", 1024)
                .number("Reservation", 1024)
                .number("Limit", 1024);
        if (object.variant == 3) row.number("VirtualQuantity", 1);
    }
};

} // namespace

Guid pool_id(const ResourceType& type) {
    return Guid::from_name(fmt::format("pool:{}", type.sub_type));
}

std::string template_id(const ResourceType& type, std::uint32_t variant) {
    return fmt::format("Microsoft:Definition\\{}\\{}", pool_id(type).str(), kVariants[variant]);
}

std::optional<Endpoint> template_endpoint(const ResourceType& type, std::uint32_t variant) {
    auto index = static_cast<std::uint32_t>(&type - resource_types().data());
    for (const auto& family : families())
        if (dynamic_cast<const Templates*>(family.get()) && family->class_name() == type.class_name)
            return Endpoint{family.get(), Object{.index = index, .variant = variant}};
    return std::nullopt;
}

bool is_template(const Family& family) {
    return dynamic_cast<const Templates*>(&family) != nullptr;
}

void add_templates(Families& out) {
    std::vector<std::string_view> done;
    for (const auto& type : resource_types()) {
        if (std::find(done.begin(), done.end(), type.class_name) != done.end()) continue;
        done.push_back(type.class_name);
        out.push_back(std::make_unique<Templates>(type.class_name));
    }
}

} // namespace exhyperv::sim
