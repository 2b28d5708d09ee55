#include "sim_fixture.h"

#include "transport/sim/cim/family.h"

#include <set>

namespace exhyperv::sim::testing {

namespace {

std::int64_t native(const Error& error) {
    return error.native.value & 0xFFFFFFFF;
}

TEST(SimProvider, RefusesAClassItsBuildDoesNotHave) {
    Bench bench;
    auto error = bench.query_error("SELECT * FROM Msvm_NoSuchThing");
    EXPECT_EQ(error.code, "cim.invalid_class");
    EXPECT_EQ(native(error), 0x80041010);
    // VM-level PCI Express settings came with build 28000.
    EXPECT_EQ(bench.query_error("SELECT * FROM Msvm_VirtualSystemPciExpressSettingData").code, "cim.invalid_class");
    Bench newer("workstation?build=28000");
    EXPECT_FALSE(newer.query("SELECT * FROM Msvm_VirtualSystemPciExpressSettingData").empty());
}

TEST(SimProvider, RefusesAPropertyItsBuildDoesNotHave) {
    Bench old("workstation?build=19041"), now;
    const auto* query = "SELECT TargetVtl FROM Msvm_PciExpressSettingData";
    EXPECT_EQ(native(old.query_error(query)), 0x80041017);
    EXPECT_FALSE(now.query(query).empty());
    EXPECT_EQ(now.query_error("SELECT Nothing FROM Msvm_ComputerSystem").code, "cim.bad_query");
    EXPECT_EQ(now.query_error("SELECT Name FROM Msvm_ComputerSystem WHERE Nothing = 1").code, "cim.bad_query");
}

TEST(SimProvider, RefusesANamespaceThatIsNotThere) {
    Bench bench("none", Answers::synchronous, R"({"host": {"hyperv": false}})");
    EXPECT_EQ(native(bench.query_error("SELECT * FROM Msvm_ComputerSystem")), 0x8004100E);
    EXPECT_EQ(bench.query_error("SELECT * FROM MSCluster_Node", "root\\MSCluster").code, "cim.invalid_namespace");
    EXPECT_EQ(bench.one("SELECT BuildNumber FROM Win32_OperatingSystem", "root\\cimv2").text_or("BuildNumber", ""),
              "26100");
}

TEST(SimProvider, GivesOnlySelectedPropertiesAndKeepsThePath) {
    Bench bench;
    auto row = bench.query("SELECT ElementName FROM Msvm_VirtualSystemSettingData").front();
    ASSERT_EQ(row.properties().size(), 1u);
    EXPECT_EQ(row.properties().front().name, "ElementName");
    ASSERT_TRUE(row.path());
    EXPECT_TRUE(row.path()->text_key("InstanceID").starts_with("Microsoft:"));
    auto whole = bench.cim().get(*row.path(), soon());
    ASSERT_TRUE(whole) << describe(whole.error());
    EXPECT_EQ(whole->text("ElementName"), row.text("ElementName"));
    EXPECT_GT(whole->properties().size(), 50u);
}

TEST(SimProvider, AnswersForSubclassesToo) {
    Bench bench;
    std::set<std::string> classes;
    for (const auto& row : bench.query("SELECT * FROM CIM_ResourceAllocationSettingData"))
        classes.insert(row.class_name());
    EXPECT_TRUE(classes.contains("Msvm_MemorySettingData"));
    EXPECT_TRUE(classes.contains("Msvm_GpuPartitionSettingData"));
    EXPECT_TRUE(classes.contains("Msvm_StorageAllocationSettingData"));
    EXPECT_FALSE(classes.contains("Msvm_ComputerSystem"));
}

TEST(SimProvider, ListsTheHostBesideItsVms) {
    Bench bench;
    auto rows = bench.query("SELECT * FROM Msvm_ComputerSystem WHERE ElementName = 'STUDIO'");
    ASSERT_EQ(rows.size(), 2u) << "the host, and a VM of its name";
    EXPECT_EQ(rows[0].text_or("Name", ""), "STUDIO");
    EXPECT_TRUE(Guid::parse(rows[1].text_or("Name", "")));
    EXPECT_EQ(bench.query("SELECT * FROM Msvm_ComputerSystem WHERE ElementName = 'twin'").size(), 2u);
}

TEST(SimProvider, ListsDefaultTemplatesBesideRealSettings) {
    Bench bench;
    auto all = bench.query("SELECT InstanceID FROM Msvm_GpuPartitionSettingData");
    auto templates =
        bench.query("SELECT InstanceID FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE '%Definition%'");
    EXPECT_EQ(templates.size(), 4u);
    EXPECT_EQ(all.size(), templates.size() + 1) << "the VM 'shared' holds one partition";
    auto id = bench.vm_id("shared");
    EXPECT_EQ(
        bench.query("SELECT InstanceID FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE 'Microsoft:" + id + "%'")
            .size(),
        1u);
}

TEST(SimProvider, LeadsFromPoolToTemplateOverCapabilities) {
    Bench bench;
    auto pool = bench.one("SELECT * FROM Msvm_ResourcePool WHERE ResourceType = 32770 AND Primordial = TRUE");
    auto capabilities =
        bench.one("ASSOCIATORS OF {" + pool.path()->relative() +
                  "} WHERE AssocClass = Msvm_ElementCapabilities ResultClass = Msvm_AllocationCapabilities");
    auto templates =
        bench.query("ASSOCIATORS OF {" + capabilities.path()->relative() +
                    "} WHERE AssocClass = Msvm_SettingsDefineCapabilities ResultClass = Msvm_GpuPartitionSettingData");
    ASSERT_EQ(templates.size(), 4u);
    auto links = bench.query("REFERENCES OF {" + capabilities.path()->relative() +
                             "} WHERE ResultClass = Msvm_SettingsDefineCapabilities");
    int defaults = 0;
    for (const auto& link : links)
        if (link.uint("ValueRole") == 0u && link.uint("ValueRange") == 0u) {
            ++defaults;
            EXPECT_TRUE(link.text_or("PartComponent", "").find("Default") != std::string::npos);
        }
    EXPECT_EQ(defaults, 1);
    // Straight from the pool come allocations, never templates.
    for (const auto& row : bench.query("ASSOCIATORS OF {" + pool.path()->relative() +
                                       "} WHERE ResultClass = Msvm_GpuPartitionSettingData"))
        EXPECT_EQ(row.text_or("InstanceID", "").find("Definition"), std::string::npos);
}

TEST(SimProvider, LeadsFromMachineToSettingsAndParts) {
    Bench bench;
    auto machine = bench.machine("win11").path()->relative();
    auto settings =
        bench.one("ASSOCIATORS OF {" + machine +
                  "} WHERE AssocClass = Msvm_SettingsDefineState ResultClass = Msvm_VirtualSystemSettingData");
    EXPECT_EQ(settings.text_or("VirtualSystemType", ""), "Microsoft:Hyper-V:System:Realized");
    auto disk = bench.one(
        "ASSOCIATORS OF {" + settings.path()->relative() +
        "} WHERE AssocClass = Msvm_VirtualSystemSettingDataComponent ResultClass = Msvm_StorageAllocationSettingData");
    EXPECT_EQ(disk.strings("HostResource"), std::vector<std::string>{"D:\\VMs\\win11\\win11.vhdx"});
    auto drive = cim::ObjectPath::parse(disk.text_or("Parent", ""));
    ASSERT_TRUE(drive);
    auto controller = bench.cim().get(*drive, soon());
    ASSERT_TRUE(controller) << describe(controller.error());
    EXPECT_EQ(controller->uint("ResourceType"), 17u);
    EXPECT_EQ(
        bench.query_error("ASSOCIATORS OF {Msvm_ComputerSystem.CreationClassName='Msvm_ComputerSystem',Name='nobody'}")
            .code,
        "cim.not_found");
}

TEST(SimProvider, ListsCheckpointsAsSettingsOfTheirOwn) {
    Bench bench;
    auto machine = bench.machine("checkpointed");
    auto snapshot = bench.one("ASSOCIATORS OF {" + machine.path()->relative() +
                              "} WHERE AssocClass = Msvm_SnapshotOfVirtualSystem");
    EXPECT_EQ(snapshot.text_or("VirtualSystemType", ""), "Microsoft:Hyper-V:Snapshot:Realized");
    EXPECT_EQ(snapshot.text("VirtualSystemIdentifier"), machine.text("Name"));
    auto live = bench.settings("checkpointed");
    auto disk =
        bench.one("SELECT HostResource FROM Msvm_StorageAllocationSettingData WHERE InstanceID LIKE 'Microsoft:" +
                  machine.text_or("Name", "") + "%'");
    EXPECT_TRUE(disk.strings("HostResource").front().ends_with(".avhdx"));
}

TEST(SimProvider, RefusesUnknownMethodsParametersAndTypes) {
    Bench bench;
    auto service = *bench.one(std::string("SELECT * FROM ") + kService).path();
    auto code = [&](const char* method, std::vector<cim::Property> parameters) {
        auto result = bench.cim().invoke(service, method, parameters, soon());
        return result ? std::string("none") : result.error().code;
    };
    EXPECT_EQ(code("Explode", {}), "cim.invalid_method");
    EXPECT_EQ(code("ModifySystemSettings", {{"Colour", cim::Value::string("red")}}), "cim.invalid_parameter");
    EXPECT_EQ(code("ModifySystemSettings", {{"Job", cim::Value::string("out")}}), "cim.invalid_parameter");
    EXPECT_EQ(code("ModifySystemSettings", {{"SystemSettings", cim::Value::uint32(3)}}), "cim.type_mismatch");
    EXPECT_EQ(code("ModifySystemSettings", {{"SystemSettings", cim::Value::strings({"a"})}}), "cim.type_mismatch");
    auto gone = service;
    gone.class_name = "Msvm_ComputerSystem";
    gone.keys = {{"CreationClassName", "Msvm_ComputerSystem"}, {"Name", "nobody"}};
    auto missing = bench.cim().invoke(gone, "RequestStateChange", {}, soon());
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, "cim.not_found");
}

TEST(SimProvider, SaysThatMigrationIsNotImplemented) {
    Bench bench;
    auto result = bench.cim().invoke(*bench.one("SELECT * FROM Msvm_VirtualSystemMigrationService").path(),
                                     "MigrateVirtualSystemToHost", {}, soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().provider_text, "This method is not associated with any management implementation");
}

TEST(SimProvider, RefusesChangesWithoutRightsAndHidesRowsFromStrangers) {
    Bench plain("x", Answers::synchronous, R"({"host": {"elevated": false}, "vms": [{"name": "a"}]})");
    auto result = plain.cim().invoke(*plain.machine("a").path(), "RequestStateChange",
                                     {{"RequestedState", cim::Value::uint16(2)}}, soon());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "cim.access_denied");
    Bench stranger("x", Answers::synchronous, R"({"host": {"readable": false}, "vms": [{"name": "a"}]})");
    EXPECT_TRUE(stranger.query("SELECT * FROM Msvm_ComputerSystem").empty());
}

TEST(SimProvider, FailsWhileTheServiceIsStopped) {
    Bench bench("x", Answers::synchronous, R"({"host": {"service": false}})");
    EXPECT_EQ(bench.query_error("SELECT * FROM Msvm_ComputerSystem").code, "cim.provider_failure");
    EXPECT_EQ(bench.one("SELECT State FROM Win32_Service WHERE Name = 'vmms'", "root\\cimv2").text_or("State", ""),
              "Stopped");
}

TEST(SimProvider, KeepsDeadlinesAndCancellation) {
    SimOptions options;
    options.in_memory = true;
    options.latency = std::chrono::seconds(30);
    Bench bench(options);
    auto query = cim::wql::all("Msvm_ComputerSystem");
    auto late = bench.cim().query(kSpace, query, CallContext::within(std::chrono::milliseconds(20)));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "call.timeout");
    auto context = soon();
    context.cancel.cancel();
    auto cancelled = bench.cim().query(kSpace, query, context);
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, "call.cancelled");
}

/// Projections name properties as text; one that no build has would silently stay NULL.
TEST(SimProvider, ProjectsOnlyPropertiesThatSomeBuildHas) {
    std::set<std::string> misspelt;
    for (auto scenario : {"workstation", "server2025"}) {
        Bench bench(scenario);
        auto world = bench.world();
        for (auto& vm : world.vms)
            vm.state = vm_state::running;
        View view{world, bench.clock().now_ms()};
        for (const auto& family : families()) {
            const auto* info = cim::class_table::find(family->name_space(), family->class_name());
            ASSERT_NE(info, nullptr) << family->class_name();
            Row::observe_unknown([&](std::string_view property) {
                const cim::PropertyInfo* found = nullptr;
                for (std::uint32_t build : {14393u, 17763u, 19041u, 20348u, 22000u, 22621u, 26100u, 28000u, 29617u})
                    if (!found) found = cim::class_table::property(*info, property, build);
                if (!found) misspelt.insert(std::string(family->class_name()) + "." + std::string(property));
            });
            const auto* shape = ClassShape::find(family->name_space(), family->class_name(), view.build());
            if (!shape) continue;
            auto everything = Wanted::everything(*shape);
            family->each(view, [&](const Object& object) {
                Row row(everything);
                family->fill(view, object, row);
                return true;
            });
        }
        Row::observe_unknown(nullptr);
    }
    EXPECT_EQ(misspelt, std::set<std::string>{});
}

} // namespace

} // namespace exhyperv::sim::testing
