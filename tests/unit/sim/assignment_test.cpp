#include "sim_fixture.h"

namespace exhyperv::sim::testing {

namespace {

class Assignment : public ::testing::TestWithParam<Answers> {
  protected:
    Bench bench{"server2025", GetParam()};
    std::string card = bench.device("X710 for 10GbE");
    std::string place = bench.location(card);

    host::DeviceNode node(const std::string& path) {
        auto rows = bench.host().devices().list({.instance_prefixes = {path}}, soon());
        EXPECT_TRUE(rows && rows->size() == 1) << path;
        return rows && !rows->empty() ? rows->front().node : host::DeviceNode{};
    }
    std::string twin() const { return "PCIP" + card.substr(3); }
    std::size_t rows() {
        return bench.query("SELECT * FROM Msvm_PciExpress WHERE LocationPath = '" + place + "'").size();
    }
};

TEST_P(Assignment, WalksThroughAllThreePlaces) {
    EXPECT_EQ(rows(), 0u);
    ASSERT_TRUE(bench.host().devices().disable(card, soon()));
    EXPECT_EQ(node(card).problem, 22u);
    ASSERT_EQ(bench.dismount(card).code, 0u);
    EXPECT_FALSE(node(card).present);
    EXPECT_EQ(node(card).problem, 45u);
    EXPECT_TRUE(node(twin()).present);
    EXPECT_EQ(rows(), 1u);
    ASSERT_EQ(bench.assign("render", place).code, 0u);
    EXPECT_EQ(rows(), 2u) << "the VM's own row beside the host's";
    auto assigned = bench.one(
        "SELECT * FROM Msvm_PciExpressSettingData WHERE InstanceID LIKE 'Microsoft:" + bench.vm_id("render") + "%'");
    auto host_row = cim::ObjectPath::parse(assigned.strings("HostResource").front());
    ASSERT_TRUE(host_row);
    EXPECT_EQ(host_row->text_key("SystemName"), "PRECISION5820");
    EXPECT_EQ(host_row->text_key("DeviceID").substr(host_row->text_key("DeviceID").find('\\') + 1), twin());

    EXPECT_EQ(bench.mount(place).code, 32774u) << "a VM still has it";
    auto removed = bench.manage("RemoveResourceSettings",
                                {{"ResourceSettings", cim::Value::references({assigned.path()->full()})}});
    ASSERT_EQ(bench.ending(removed).code, 0u);
    EXPECT_EQ(rows(), 1u);
    ASSERT_EQ(bench.mount(place).code, 0u);
    EXPECT_EQ(rows(), 0u);
    EXPECT_TRUE(node(card).present);
    EXPECT_EQ(node(card).problem, 22u) << "it comes back disabled";
    EXPECT_FALSE(node(twin()).present) << "the twin stays as a phantom";
    ASSERT_TRUE(bench.host().devices().enable(card, soon()));
    EXPECT_EQ(node(card).problem, 0u);
}

TEST_P(Assignment, DismountChecksInOrder) {
    EXPECT_EQ(bench.dismount("PCI\\VEN_0000&DEV_0000\\0").code, 32768u);
    EXPECT_EQ(bench.dismount(card).code, 32775u) << "enabled";
    auto bios = bench.device("Realtek");
    ASSERT_TRUE(bench.host().devices().disable(bios, soon()));
    auto end = bench.dismount(bios);
    EXPECT_EQ(end.code, 32768u);
    if (GetParam() == Answers::job) {
        EXPECT_NE(end.text.find("does not allow for OS control of the PCI Express bus"), std::string::npos);
    }
    auto gpu = bench.device("Quadro");
    ASSERT_TRUE(bench.host().devices().disable(gpu, soon()));
    end = bench.dismount(gpu, true);
    EXPECT_EQ(end.code, 32768u);
    if (GetParam() == Answers::job) {
        EXPECT_NE(end.text.find("has not supplied any directives"), std::string::npos);
    }
    EXPECT_EQ(bench.dismount(gpu, false).code, 0u);
    auto safe = bench.device("A16");
    ASSERT_TRUE(bench.host().devices().disable(safe, soon()));
    EXPECT_EQ(bench.dismount(safe, true).code, 0u) << "its maker supplied directives";
    EXPECT_EQ(bench.dismount(safe, true).code, 32768u) << "already dismounted";
}

TEST_P(Assignment, AddBeforeDismountIsRefused) {
    auto setting = bench.template_of("Msvm_PciExpressSettingData");
    auto row = bench.query("SELECT * FROM Msvm_PciExpress").front();
    auto path = *row.path();
    for (auto& [name, value] : path.keys)
        if (name == "DeviceID") value = "Microsoft:" + Guid::from_name("x").str() + "\\" + twin();
    setting.set("HostResource", cim::Value::strings({path.full()}));
    auto end = bench.add("render", setting);
    EXPECT_EQ(end.code, 32768u);
    if (GetParam() == Answers::job) {
        EXPECT_NE(end.text.find("The specified device '" + place + "' was not found on server 'PRECISION5820'."),
                  std::string::npos)
            << end.text;
    }
}

TEST_P(Assignment, OneDeviceHasOneVm) {
    ASSERT_TRUE(bench.host().devices().disable(card, soon()));
    ASSERT_EQ(bench.dismount(card).code, 0u);
    ASSERT_EQ(bench.assign("render", place).code, 0u);
    EXPECT_EQ(bench.assign("web", place).code, 32774u);
    EXPECT_EQ(bench.assign("render", place).code, 32774u);
}

TEST_P(Assignment, BareAndRunningAreRefused) {
    ASSERT_TRUE(bench.host().devices().disable(card, soon()));
    ASSERT_EQ(bench.dismount(card).code, 0u);
    EXPECT_EQ(bench.assign("busy", place).code, 32775u);
    cim::Instance bare("Msvm_PciExpressSettingData");
    bare.set("HostResource",
             cim::Value::strings({bench.query("SELECT * FROM Msvm_PciExpress WHERE LocationPath = '" + place + "'")
                                      .front()
                                      .path()
                                      ->full()}));
    EXPECT_EQ(bench.add("render", bare).code, 32773u);
}

INSTANTIATE_TEST_SUITE_P(Sim, Assignment, ::testing::Values(Answers::synchronous, Answers::job), answers_name);

TEST(Registration, LagsBehindTheDismount) {
    SimOptions options;
    options.scenario = "server2025";
    options.in_memory = true;
    options.answers = Answers::synchronous;
    options.registration_lag = std::chrono::milliseconds(2000);
    Bench bench(options);
    auto card = bench.device("X710 for 10GbE");
    auto query = "SELECT * FROM Msvm_PciExpress WHERE LocationPath = '" + bench.location(card) + "'";
    ASSERT_TRUE(bench.host().devices().disable(card, soon()));
    ASSERT_EQ(bench.dismount(card).code, 0u);
    EXPECT_TRUE(bench.query(query).empty());
    bench.pass(1999);
    EXPECT_TRUE(bench.query(query).empty());
    bench.pass(1);
    EXPECT_EQ(bench.query(query).size(), 1u);
}

TEST(DeviceNodes, TellWhatTheSurveyNeeds) {
    Bench bench("server2025");
    const host::PropertyKey type{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 1},
        reserved{"3AB22E31-8264-4B4E-9AF5-A8D2D8E33E62", 34}, location{"A45C254E-DF1C-4EFD-8020-67D146A850E0", 37};
    host::DeviceQuery query{
        .instance_prefixes = {bench.device("AVAGO")}, .properties = {type, reserved, location}, .resources = true};
    auto rows = bench.host().devices().list(query, soon());
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(std::get<bool>(*rows->front().node.property(reserved)), true);
    EXPECT_EQ(std::get<std::uint64_t>(*rows->front().node.property(type)), 2u);
    EXPECT_EQ(std::get<std::vector<std::string>>(*rows->front().node.property(location)).front(),
              "PCIROOT(0)#PCI(0200)#PCI(0000)");
    EXPECT_EQ(rows->front().resources.memory.size(), 2u);
    EXPECT_LT(rows->front().resources.interrupts.at(0), 0);
    // The PCIP\ twin has none of them: a missing property means unknown.
    query.instance_prefixes = {"PCIP\\VEN_1106"};
    rows = bench.host().devices().list(query, soon());
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->front().node.property(type), nullptr);
    EXPECT_TRUE(rows->front().resources.memory.empty());
}

TEST(DeviceNodes, RefuseWhatCannotBeDisabled) {
    Bench bench("server2025");
    auto refused = bench.host().devices().disable(bench.device("NVM Express"), soon());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "device.not_disableable");
    EXPECT_EQ(refused.error().native.value, 0x28);
    EXPECT_EQ(bench.host().devices().disable("PCI\\nothing", soon()).error().code, "device.not_found");
    EXPECT_EQ(bench.host().devices().enable(bench.device("GTX 1070"), soon()).error().code, "device.not_found")
        << "the card was pulled";
}

TEST(DeviceNodes, PhantomsAreListedOnlyWhenAskedFor) {
    Bench bench("server2025");
    auto all = bench.host().devices().list({.instance_prefixes = {"PCIP\\"}}, soon());
    auto present = bench.host().devices().list({.instance_prefixes = {"PCIP\\"}, .phantoms = false}, soon());
    ASSERT_TRUE(all && present);
    EXPECT_EQ(all->size(), present->size() + 2) << "the twin of a moved card, and of one that a VM still names";
}

TEST(Disks, FollowTheirController) {
    Bench bench("server2025");
    EXPECT_EQ(bench.host().devices().disks(soon())->size(), 4u);
    ASSERT_TRUE(bench.host().devices().set_disk_online(1, false, soon()));
    EXPECT_EQ(bench.host().devices().set_disk_online(0, false, soon()).error().code, "device.not_disableable");
    EXPECT_EQ(bench.host().devices().set_disk_online(9, false, soon()).error().code, "device.not_found");
    for (const auto& function : bench.world().functions)
        if (function.location_path == "PCIROOT(40)#PCI(0100)#PCI(0000)") {
            ASSERT_TRUE(bench.host().devices().disable(function.instance_path(), soon()));
        }
    EXPECT_EQ(bench.host().devices().disks(soon())->size(), 3u);
}

} // namespace

} // namespace exhyperv::sim::testing
