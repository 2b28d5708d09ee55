#include "sim_fixture.h"

namespace exhyperv::sim::testing {

namespace {

class VmSettings : public ::testing::TestWithParam<Answers> {
  protected:
    Bench bench{"workstation", GetParam()};
};

TEST_P(VmSettings, AreWrittenAndReadBack) {
    EXPECT_EQ(bench.change("win11", "GuestControlledCacheTypes", cim::Value::boolean(true)).code, 0u);
    EXPECT_EQ(bench.change("win11", "HighMmioGapSize", cim::Value::uint64(32768)).code, 0u);
    EXPECT_EQ(bench.change("win11", "LowMmioGapSize", cim::Value::uint64(1024)).code, 0u);
    EXPECT_EQ(bench.change("win11", "UserSnapshotType", cim::Value::uint16(2)).code, 0u);
    EXPECT_EQ(bench.change("win11", "Notes", cim::Value::strings({"one", "two"})).code, 0u);
    auto now = bench.settings("win11");
    EXPECT_EQ(now.boolean("GuestControlledCacheTypes"), true);
    EXPECT_EQ(now.uint("HighMmioGapSize"), 32768u);
    EXPECT_EQ(now.uint("LowMmioGapSize"), 1024u);
    EXPECT_EQ(now.uint("UserSnapshotType"), 2u);
    EXPECT_EQ(now.strings("Notes"), (std::vector<std::string>{"one", "two"}));
}

TEST_P(VmSettings, KeepPropertiesTheSimulatorDoesNotUse) {
    EXPECT_EQ(bench.change("win11", "BIOSSerialNumber", cim::Value::string("1234 & 5678")).code, 0u);
    EXPECT_EQ(bench.settings("win11").text("BIOSSerialNumber"), "1234 & 5678");
}

TEST_P(VmSettings, RefuseImpossibleValues) {
    EXPECT_EQ(bench.change("win11", "AutomaticShutdownAction", cim::Value::uint16(7)).code, 32773u);
    EXPECT_EQ(bench.change("win11", "HighMmioGapSize", cim::Value::uint64(1 << 20)).code, 32773u);
    EXPECT_EQ(bench.change("win11", "ElementName", cim::Value::string("")).code, 32773u);
    EXPECT_EQ(bench.change("win11", "Version", cim::Value::string("99.0")).code, 32773u) << "read only";
    EXPECT_EQ(bench.settings("win11").uint("AutomaticShutdownAction"), 3u);
}

TEST_P(VmSettings, NeedingTheVmOffAreRefusedWhileItRuns) {
    const auto expected = GetParam() == Answers::job ? 32775u : 32768u;
    EXPECT_EQ(bench.change("running", "GuestControlledCacheTypes", cim::Value::boolean(true)).code, expected);
    EXPECT_EQ(bench.change("running", "HighMmioGapSize", cim::Value::uint64(32768)).code, expected);
    EXPECT_EQ(bench.change("running", "BootPciExpress", cim::Value::boolean(true)).code, expected);
    EXPECT_EQ(bench.change("running", "AutomaticShutdownAction", cim::Value::uint16(2)).code, 0u)
        << "this one may change";
}

TEST_P(VmSettings, OfMemoryAreChangedByModifyResourceSettings) {
    auto row = bench.one(
        "SELECT * FROM Msvm_MemorySettingData WHERE InstanceID LIKE 'Microsoft:" + bench.vm_id("win11") + "%'");
    row.set("DynamicMemoryEnabled", cim::Value::boolean(true));
    EXPECT_EQ(bench
                  .ending(bench.manage("ModifyResourceSettings",
                                       {{"ResourceSettings", cim::Value::strings({cim::to_cim_xml(row)})}}))
                  .code,
              0u);
    EXPECT_EQ(bench.cim().get(*row.path(), soon())->boolean("DynamicMemoryEnabled"), true);
    row.set("VirtualQuantity", cim::Value::uint64(1 << 24));
    EXPECT_EQ(bench
                  .ending(bench.manage("ModifyResourceSettings",
                                       {{"ResourceSettings", cim::Value::strings({cim::to_cim_xml(row)})}}))
                  .code,
              32773u)
        << "more than the host has";
}

INSTANTIATE_TEST_SUITE_P(Sim, VmSettings, ::testing::Values(Answers::synchronous, Answers::job), answers_name);

TEST(VmSettingsByBuild, AppearWithTheirBuild) {
    Bench old("workstation?build=17763"), older("workstation?build=14393");
    EXPECT_NE(old.settings("win11").find("HighMmioGapBase"), nullptr);
    EXPECT_EQ(older.settings("win11").find("HighMmioGapBase"), nullptr);
    EXPECT_NE(older.settings("win11").find("GuestControlledCacheTypes"), nullptr);
    EXPECT_EQ(older.query_error("SELECT AutomaticSnapshotsEnabled FROM Msvm_VirtualSystemSettingData").code,
              "cim.bad_query");
    EXPECT_EQ(old.settings("win11").text("Version"), "9.0");
}

TEST(Summary, AnswersQueriesAndTheMethod) {
    Bench bench;
    auto row =
        bench.one("SELECT Name, EnabledState, UpTime FROM Msvm_SummaryInformation WHERE ElementName = 'running'");
    EXPECT_EQ(row.uint("EnabledState"), 2u);
    EXPECT_GT(row.uint("UpTime").value_or(0), 0u);
    auto result = bench.manage("GetSummaryInformation",
                               {{"SettingData", cim::Value::references({bench.settings("running").path()->full()})},
                                {"RequestedInformation", cim::Value::uint32s({1, 100, 106})}});
    ASSERT_EQ(result.return_value, 0u);
    auto objects = result.out.find("SummaryInformation")->as_objects();
    ASSERT_EQ(objects.size(), 1u);
    EXPECT_EQ(objects[0]->text("ElementName"), "running");
    EXPECT_EQ(objects[0]->text("GuestOperatingSystem"), "Windows 11 Pro");
    EXPECT_EQ(objects[0]->find("UpTime"), nullptr) << "not asked for";
    auto all = bench.manage("GetSummaryInformation", {{"RequestedInformation", cim::Value::uint32s({0})}});
    EXPECT_EQ(all.out.find("SummaryInformation")->as_objects().size(), bench.world().vms.size());
}

TEST(Kvp, SpeaksOnlyWhileTheGuestRuns) {
    Bench bench;
    auto items = [&](const std::string& vm) {
        auto kvp = bench.one("ASSOCIATORS OF {" + bench.machine(vm).path()->relative() +
                             "} WHERE AssocClass = Msvm_SystemDevice ResultClass = Msvm_KvpExchangeComponent");
        std::string build;
        for (const auto& text : kvp.strings("GuestIntrinsicExchangeItems")) {
            auto item = cim::parse_cim_xml(text);
            if (item && item->text("Name") == "OSBuildNumber") build = item->text_or("Data", "");
        }
        return build;
    };
    EXPECT_EQ(items("running"), "26100");
    EXPECT_EQ(items("win11"), "");
    ASSERT_EQ(bench.request_state("win11", 2).code, 0u);
    EXPECT_EQ(items("win11"), "26100");
}

TEST(ShuttingDown, AsksTheGuest) {
    Bench bench("server2025");
    auto ask = [&](const std::string& vm, bool force) {
        auto row = bench.one("SELECT * FROM Msvm_ShutdownComponent WHERE SystemName = '" + bench.vm_id(vm) + "'");
        return bench
            .invoke(*row.path(), "InitiateShutdown",
                    {{"Force", cim::Value::boolean(force)}, {"Reason", cim::Value::string("test")}})
            .return_value;
    };
    EXPECT_EQ(ask("busy", false), 0u);
    EXPECT_EQ(bench.machine("busy").uint("EnabledState"), 2u) << "it takes the guest a moment";
    bench.pass(2000);
    EXPECT_EQ(bench.machine("busy").uint("EnabledState"), 3u);
    EXPECT_TRUE(
        bench.query("SELECT * FROM Msvm_ShutdownComponent WHERE SystemName = '" + bench.vm_id("busy") + "'").empty());
    EXPECT_EQ(ask("refuses", false), 32768u);
    bench.pass(60'000);
    EXPECT_EQ(bench.machine("refuses").uint("EnabledState"), 2u);
    EXPECT_EQ(ask("refuses", true), 0u);
}

TEST(StateChange, RefusesWhatIsImpossibleWithoutAJob) {
    Bench bench("workstation", Answers::job);
    auto ask = [&](const std::string& vm, std::uint16_t state) {
        return bench
            .invoke(*bench.machine(vm).path(), "RequestStateChange", {{"RequestedState", cim::Value::uint16(state)}})
            .return_value;
    };
    EXPECT_EQ(ask("win11", 32773), 32775u);
    EXPECT_EQ(ask("win11", 32769), 32775u);
    EXPECT_EQ(ask("win11", 3), 32775u);
    EXPECT_EQ(ask("running", 2), 32775u);
    EXPECT_EQ(ask("running", 6), 4096u);
    bench.pass(100);
    EXPECT_EQ(bench.machine("running").uint("EnabledState"), 6u);
}

TEST(ChineseHost, SpeaksChinese) {
    Bench bench("chinese", Answers::job);
    EXPECT_EQ(bench.machine("渲染").text_or("Caption", ""), "虚拟机");
    auto rows = bench.query(
        "SELECT * FROM Msvm_ComputerSystem WHERE Description = '托管计算机系统' OR Caption = '托管计算机系统'");
    EXPECT_EQ(rows.size(), 1u);
    auto end = bench.add("渲染", cim::Instance("Msvm_GpuPartitionSettingData"));
    EXPECT_EQ(end.code, 32773u);
    EXPECT_NE(end.text.find("“渲染”无法添加设备"), std::string::npos) << end.text;
    auto usb = bench.location("PCI\\VEN_1106&DEV_3483&SUBSYS_34831106&REV_01\\4&1FF8E16C&0&00E0");
    end = bench.assign("渲染", usb);
    EXPECT_EQ(end.code, 32768u);
    EXPECT_NE(end.text.find("无法添加指定类型的设备"), std::string::npos) << end.text;
}

} // namespace

} // namespace exhyperv::sim::testing
