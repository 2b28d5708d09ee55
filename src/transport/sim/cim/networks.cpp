#include "support/strings.h"
#include "transport/sim/cim/family.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

/// The host's network adapters: one for each network controller, and one more, the host's own port, for each virtual
/// switch that has taken a controller.
void each_adapter(const View& view, const Visit& visit) {
    std::uint32_t number = 0;
    for (const auto& function : view.world.functions) {
        if (!iequals(function.device_class, "Net") || !function.on_host()) continue;
        if (!visit(Object{.item = &function, .index = ++number})) return;
        if (function.network == NetworkUse::virtual_switch && function.problem == problem::none &&
            !visit(Object{.item = &function, .index = ++number, .variant = 1}))
            return;
    }
}

struct Adapter {
    const PciFunction& function;
    std::uint32_t index;
    bool host_port; ///< of a virtual switch

    [[nodiscard]] std::string name() const { return host_port ? "Hyper-V Virtual Ethernet Adapter" : function.name; }
    [[nodiscard]] bool works() const { return function.problem == problem::none; }
    [[nodiscard]] bool connected() const { return works() && function.network != NetworkUse::unplugged; }
    [[nodiscard]] bool has_address() const {
        return connected() && (host_port || function.network != NetworkUse::virtual_switch);
    }
    [[nodiscard]] bool has_gateway() const { return has_address() && function.network != NetworkUse::address; }
    [[nodiscard]] std::uint32_t interface_index() const { return index + 3; }
};

Adapter adapter_of(const Object& object) {
    return {*static_cast<const PciFunction*>(object.item), object.index, object.variant == 1};
}

class Adapters final : public Family {
  public:
    Adapters() : Family(kCimv2Space, "Win32_NetworkAdapter") {}
    void each(const View& view, const Visit& visit) const override { each_adapter(view, visit); }
    void fill(const View& view, const Object& object, Row& row) const override {
        constexpr std::uint64_t kDisconnected = 0, kConnected = 2, kMediaDisconnected = 7;
        const auto adapter = adapter_of(object);
        const auto& function = adapter.function;
        row.text("DeviceID", std::to_string(adapter.index)).number("Index", adapter.index);
        row.text("Name", adapter.name()).text("Caption", adapter.name()).text("ProductName", adapter.name());
        row.text("PNPDeviceID",
                 adapter.host_port ? fmt::format("ROOT\\VMS_MP\\{:04}", adapter.index) : function.instance_path());
        row.text("Manufacturer", adapter.host_port ? "Microsoft" : function.manufacturer)
            .text("ServiceName", adapter.host_port ? "VMSNPXYMP" : function.service)
            .text("AdapterType", "Ethernet 802.3");
        row.number("InterfaceIndex", adapter.interface_index()).flag("NetEnabled", adapter.connected());
        row.flag("PhysicalAdapter", true).flag("Installed", true).number("ConfigManagerErrorCode", function.problem);
        row.number("NetConnectionStatus", adapter.connected() ? kConnected
                                          : adapter.works()   ? kMediaDisconnected
                                                              : kDisconnected);
        row.text("NetConnectionID", fmt::format("Ethernet {}", adapter.index)).text("SystemName", view.host());
        row.text("CreationClassName", "Win32_NetworkAdapter").text("SystemCreationClassName", "Win32_ComputerSystem");
    }
};

class Configurations final : public Family {
  public:
    Configurations() : Family(kCimv2Space, "Win32_NetworkAdapterConfiguration") {}
    void each(const View& view, const Visit& visit) const override { each_adapter(view, visit); }
    void fill(const View&, const Object& object, Row& row) const override {
        const auto adapter = adapter_of(object);
        row.number("Index", adapter.index).number("InterfaceIndex", adapter.interface_index());
        row.text("Caption", adapter.name()).text("Description", adapter.name());
        row.flag("IPEnabled", adapter.has_address()).flag("DHCPEnabled", true);
        if (adapter.has_address())
            row.texts("IPAddress", {fmt::format("192.168.1.{}", 10 + adapter.index % 200)})
                .texts("IPSubnet", {"255.255.255.0"});
        if (adapter.has_gateway()) row.texts("DefaultIPGateway", {"192.168.1.1"});
    }
};

} // namespace

void add_networks(Families& out) {
    out.push_back(std::make_unique<Adapters>());
    out.push_back(std::make_unique<Configurations>());
}

} // namespace exhyperv::sim
