#include "hyperv/gpu_load.h"
#include "hyperv/gpus.h"
#include "hyperv/host_facts.h"
#include "hyperv/pci_devices.h"
#include "simulated.h"
#include "transport/wmi_com/ports/remote_devices.h"
#include "transport/wmi_com/ports/remote_refusals.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace exhyperv::hyperv {
namespace {

/// A host of which only the management provider is at hand, as that of another machine.
class FromAfar final : public host::Host {
  public:
    explicit FromAfar(host::Host& host) : host_(host), devices_(host.cim()), registry_(host.cim().host_name()) {}
    host::CimSession& cim() override { return host_.cim(); }
    host::HostDevices& devices() override { return devices_; }
    host::HostRegistry& registry() override { return registry_; }
    host::HostFiles& files() override { return files_; }
    [[nodiscard]] std::string uri() const override { return "dcom://there"; }
    [[nodiscard]] bool elevated() const override { return false; }

  private:
    host::Host& host_;
    wmi_com::RemoteDevices devices_;
    wmi_com::RemoteRegistry registry_;
    wmi_com::RemoteFiles files_;
};

template <class T>
std::string code_of(const Result<T>& result) {
    return result ? std::string("done") : result.error().code;
}

TEST(RemoteView, TellsNamesAndDriversOfCardsAndLeavesTheRestUnknown) {
    for (const char* scenario : {"workstation", "server2025", "chinese"}) {
        const auto host = simulated(scenario);
        FromAfar afar(*host);
        const auto near_cards = must(list_gpus(*host, in_time())), far_cards = must(list_gpus(afar, in_time()));
        std::size_t compared = 0;
        for (const auto& card : near_cards) {
            const auto seen = std::find_if(far_cards.begin(), far_cards.end(), [&](const model::Gpu& other) {
                return other.instance_path == card.instance_path;
            });
            if (card.place.kind != model::PlaceKind::host && seen == far_cards.end()) continue; // given away
            ASSERT_NE(seen, far_cards.end()) << scenario << ": " << card.name;
            EXPECT_EQ(seen->name, card.name);
            EXPECT_EQ(seen->driver_version, card.driver_version) << card.name;
            EXPECT_EQ(seen->driver_date, card.driver_date) << card.name;
            EXPECT_EQ(seen->problem, card.problem) << card.name;
            EXPECT_EQ(seen->interface_path, card.interface_path);
            EXPECT_EQ(seen->vram.total, card.vram.total) << card.name;
            EXPECT_FALSE(seen->vram_bytes) << "of the registry";
            ++compared;
        }
        EXPECT_GT(compared, 0u) << scenario;
        EXPECT_LE(far_cards.size(), near_cards.size()) << scenario;
    }
}

TEST(RemoteView, OfFactsLacksThePolicies) {
    const auto host = simulated("server2025");
    FromAfar afar(*host);
    const auto near_facts = must(read_host_facts(*host, in_time())), far_facts = must(read_host_facts(afar, in_time()));
    EXPECT_EQ(far_facts.build, near_facts.build);
    EXPECT_EQ(far_facts.computer_name, near_facts.computer_name);
    EXPECT_EQ(far_facts.hyperv_service_running, near_facts.hyperv_service_running);
    EXPECT_FALSE(far_facts.require_secure_device_assignment);
    EXPECT_FALSE(far_facts.elevated);
}

TEST(RemoteView, RefusesAListOfWhatCannotBeKnownInsteadOfGivingAnEmptyOne) {
    const auto host = simulated("workstation");
    FromAfar afar(*host);
    EXPECT_EQ(code_of(read_gpu_load(afar, in_time())), "host.devices_not_local") << "which card has which counter";
    EXPECT_EQ(code_of(survey_pci_devices(afar, {}, in_time())), "host.devices_not_local") << "resources";
    EXPECT_EQ(code_of(afar.devices().list({}, in_time())), "done") << "which nodes there are";
}

TEST(RemoteView, OfDevicesKeepsToTheQuery) {
    const auto host = simulated("workstation");
    FromAfar afar(*host);
    const host::PropertyKey name{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 14},
        version{"A8B865DD-2E3D-4094-AD97-E593A70C75D6", 3};
    const auto named = must(afar.devices().list({.instance_prefixes = {"pci\\"}, .properties = {name}}, in_time()));
    ASSERT_FALSE(named.empty());
    for (const auto& record : named) {
        EXPECT_TRUE(record.node.instance_path.starts_with("PCI\\")) << record.node.instance_path;
        EXPECT_TRUE(record.node.present);
        EXPECT_NE(record.node.property(name), nullptr) << record.node.instance_path;
        EXPECT_EQ(record.node.property(version), nullptr) << "not asked for";
    }
}

TEST(RemoteView, ChangesAndReadsNothingElse) {
    const auto host = simulated("workstation");
    FromAfar afar(*host);
    auto& devices = afar.devices();
    EXPECT_EQ(code_of(devices.disable("PCI\\VEN_10DE", in_time())), "host.devices_not_local");
    EXPECT_EQ(code_of(devices.enable("PCI\\VEN_10DE", in_time())), "host.devices_not_local");
    EXPECT_EQ(code_of(devices.disks(in_time())), "host.devices_not_local");
    EXPECT_EQ(code_of(devices.set_disk_online(0, true, in_time())), "host.devices_not_local");
    auto& registry = afar.registry();
    EXPECT_EQ(code_of(registry.read({"SOFTWARE"}, in_time())), "host.registry_not_local");
    EXPECT_EQ(code_of(registry.write("SOFTWARE", {}, in_time())), "host.registry_not_local");
    EXPECT_EQ(code_of(registry.erase("SOFTWARE", "x", in_time())), "host.registry_not_local");
    auto& files = afar.files();
    EXPECT_EQ(code_of(files.list_tree("C:\\Windows", 10, in_time())), "host.files_not_local");
    EXPECT_EQ(code_of(files.list("C:\\Windows", 10, in_time())), "host.files_not_local");
    EXPECT_EQ(code_of(files.exists("C:\\Windows", in_time())), "host.files_not_local");
    EXPECT_EQ(code_of(files.local_path("C:\\vm.vhdx")), "host.files_not_local");
    EXPECT_EQ(code_of(files.driver_store_location("oem1.inf", in_time())), "host.files_not_local");
    EXPECT_EQ(code_of(files.free_space("C:\\", in_time())), "host.files_not_local");
}

} // namespace
} // namespace exhyperv::hyperv
