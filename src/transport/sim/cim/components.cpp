#include "cim/xml.h"
#include "support/strings.h"
#include "transport/sim/cim/family.h"
#include "transport/sim/world/ids.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

/// Logical devices of a VM that integration services answer for.
class Component : public Family {
  public:
    Component(std::string_view class_name, std::string_view id, bool only_running)
        : Family(kV2, class_name), id_(id), only_running_(only_running) {}

    void each(const View& view, const Visit& visit) const override {
        for (const auto& vm : view.world.vms) {
            if (only_running_ && !(vm.running() && vm.guest.integration_services)) continue;
            if (!visit(Object{.vm = &vm, .config = &vm.config, .owner = vm.id})) return;
        }
    }

    std::optional<Object> find(const View& view, const cim::ObjectPath& path) const override {
        auto id = Guid::parse(path.text_key("SystemName"));
        const auto* vm = id ? find_vm(view.world, *id) : nullptr;
        if (!vm || (only_running_ && !(vm->running() && vm->guest.integration_services))) return std::nullopt;
        Object object{.vm = vm, .config = &vm->config, .owner = vm->id};
        return path_of(view, object).same_object(path) ? std::optional(object) : std::nullopt;
    }

    void fill(const View& view, const Object& object, Row& row) const override {
        row.text("CreationClassName", class_name()).text("SystemCreationClassName", "Msvm_ComputerSystem");
        row.text("SystemName", object.owner.str());
        if (row.wants("DeviceID")) row.text("DeviceID", ids::component(object.owner, id_));
        const auto talking = object.vm->running() && object.vm->guest.integration_services;
        row.number("EnabledState", talking ? 2 : 3).number("HealthState", 5);
        row.numbers("OperationalStatus", {talking ? std::uint64_t{2} : std::uint64_t{12}});
        more(view, object, talking, row);
    }

  protected:
    virtual void more(const View&, const Object&, bool, Row&) const {}

  private:
    std::string_view id_;
    bool only_running_;
};

/// Data exchange: what the guest tells of itself, only while it runs.
class Kvp final : public Component {
  public:
    Kvp() : Component("Msvm_KvpExchangeComponent", ids::kKvp, false) {}

  protected:
    void more(const View&, const Object& object, bool talking, Row& row) const override {
        row.texts("GuestExchangeItems", {});
        if (!row.wants("GuestIntrinsicExchangeItems")) return;
        std::vector<std::string> items;
        const auto& guest = object.vm->guest;
        if (talking && guest.build != 0) {
            auto add = [&](std::string_view name, std::string_view data) {
                cim::Instance item("Msvm_KvpExchangeDataItem");
                item.set("Caption", cim::Value::null(cim::CimType::string));
                item.set("Data", cim::Value::string(std::string(data)));
                item.set("Name", cim::Value::string(std::string(name)));
                item.set("Source", cim::Value::uint16(2));
                items.push_back(cim::to_cim_xml(item));
            };
            add("FullyQualifiedDomainName", object.config->name);
            add("OSName", guest.os);
            add("OSVersion", fmt::format("10.0.{}", guest.build));
            add("OSMajorVersion", "10");
            add("OSMinorVersion", "0");
            add("OSBuildNumber", std::to_string(guest.build));
            add("OSPlatformId", "2");
            add("ProductType", icontains(guest.os, "Server") ? "3" : "1");
            add("ProcessorArchitecture", "9");
            add("IntegrationServicesVersion", fmt::format("10.0.{}.1", guest.build));
        }
        row.texts("GuestIntrinsicExchangeItems", items);
    }
};

/// Msvm_SecuritySettingData: the virtual TPM (a guest with one may be BitLocker-protected).
class Security final : public Family {
  public:
    Security() : Family(kV2, "Msvm_SecuritySettingData") {}
    void each(const View& view, const Visit& visit) const override {
        for (const auto& vm : view.world.vms)
            if (!visit(Object{.vm = &vm, .config = &vm.config, .owner = vm.id})) return;
    }
    void fill(const View&, const Object& object, Row& row) const override {
        if (row.wants("InstanceID")) row.text("InstanceID", ids::component(object.owner, "Security"));
        row.flag("TpmEnabled", object.vm->tpm).flag("ShieldingRequested", object.vm->shielded);
        row.flag("DataProtectionRequested", false).flag("KsdEnabled", false);
        row.flag("EncryptStateAndVmMigrationTraffic", object.vm->tpm).flag("VirtualizationBasedSecurityOptOut", false);
    }
};

} // namespace

void add_components(Families& out) {
    out.push_back(std::make_unique<Kvp>());
    out.push_back(std::make_unique<Component>("Msvm_ShutdownComponent", ids::kShutdown, true));
    out.push_back(std::make_unique<Component>("Msvm_HeartbeatComponent", ids::kHeartbeat, true));
    out.push_back(std::make_unique<Security>());
}

} // namespace exhyperv::sim
