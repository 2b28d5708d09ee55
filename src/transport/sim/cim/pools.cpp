#include "support/strings.h"
#include "transport/sim/cim/templates.h"
#include "transport/sim/world/texts.h"

namespace exhyperv::sim {

namespace {

std::string pool_instance_id(const ResourceType& type) {
    return "Microsoft:" + pool_id(type).str() + "\\Root";
}

/// Primordial pools: one a resource type; the processor's has a class of its own.
class Pools final : public Family {
  public:
    explicit Pools(bool processor)
        : Family(kV2, processor ? "Msvm_ProcessorPool" : "Msvm_ResourcePool"), processor_(processor) {}

    void each(const View&, const Visit& visit) const override {
        for (std::size_t i = 0; i < resource_types().size(); ++i)
            if ((resource_types()[i].type == 3) == processor_)
                if (!visit(Object{.index = static_cast<std::uint32_t>(i)})) return;
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& type = resource_types()[object.index];
        if (row.wants("InstanceID")) row.text("InstanceID", pool_instance_id(type));
        row.text("ElementName", "Primordial").text("Caption", type.caption->in(view.chinese())).text("PoolID", "");
        row.flag("Primordial", true).number("ResourceType", type.type).text("ResourceSubType", type.sub_type);
        row.text("AllocationUnits", "count").number("HealthState", 5).numbers("OperationalStatus", {2});
    }

  private:
    bool processor_;
};

/// What a pool can give: the step between a pool and its templates.
class Capabilities final : public Family {
  public:
    Capabilities() : Family(kV2, "Msvm_AllocationCapabilities") {}

    void each(const View&, const Visit& visit) const override {
        for (std::size_t i = 0; i < resource_types().size(); ++i)
            if (!visit(Object{.index = static_cast<std::uint32_t>(i)})) return;
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        const auto& type = resource_types()[object.index];
        if (row.wants("InstanceID")) row.text("InstanceID", "Microsoft:" + pool_id(type).str());
        row.text("ElementName", type.caption->in(view.chinese())).number("ResourceType", type.type);
        row.text("ResourceSubType", type.sub_type).number("RequestTypesSupported", 3).number("SharingMode", 3);
    }
};

/// Msvm_VirtualEthernetSwitchManagementCapabilities: IOVSupport is the best single sign of a usable IOMMU
/// (wmi-facts 1.11).
class SwitchCapabilities final : public Family {
  public:
    SwitchCapabilities() : Family(kV2, "Msvm_VirtualEthernetSwitchManagementCapabilities") {}
    void each(const View&, const Visit& visit) const override { visit(Object{}); }
    void fill(const View& view, const Object&, Row& row) const override {
        row.text("InstanceID", "Microsoft:VirtualEthernetSwitchManagementCapabilities");
        row.flag("IOVSupport", view.world.host.iov_support).texts("IOVSupportReasons", view.world.host.iov_reasons);
    }
};

} // namespace

void add_pools(Families& out) {
    out.push_back(std::make_unique<Pools>(false));
    out.push_back(std::make_unique<Pools>(true));
    out.push_back(std::make_unique<Capabilities>());
    out.push_back(std::make_unique<SwitchCapabilities>());
}

} // namespace exhyperv::sim
