#include "sim_fixture.h"

namespace exhyperv::sim::testing {

namespace {

constexpr std::uint64_t kAllOnes = ~std::uint64_t{0};

class GpuPartition : public ::testing::TestWithParam<Answers> {};

TEST_P(GpuPartition, IsAddedFromTheTemplateAndReadsItsCardBack) {
    Bench bench("workstation", GetParam());
    auto card = bench.gpu_path("DEV_2786");
    ASSERT_FALSE(card.empty());
    EXPECT_EQ(bench.add_gpu("win11", card).code, 0u);
    auto row = bench.one(
        "SELECT * FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE 'Microsoft:" + bench.vm_id("win11") + "%'");
    EXPECT_EQ(row.strings("HostResource"), std::vector<std::string>{card});
    EXPECT_EQ(row.uint("ResourceType"), 32770u);
    EXPECT_FALSE(row.uint("MinPartitionVRAM")) << "amounts stay NULL";
}

TEST_P(GpuPartition, ResultsAreGivenOnlyOnTheSynchronousPath) {
    Bench bench("workstation", GetParam());
    auto setting = bench.template_of("Msvm_GpuPartitionSettingData");
    setting.set("HostResource", cim::Value::strings({bench.gpu_path("DEV_2786")}));
    auto result =
        bench.manage("AddResourceSettings",
                     {{"AffectedConfiguration", cim::Value::reference(bench.settings("win11").path()->full())},
                      {"ResourceSettings", cim::Value::strings({cim::to_cim_xml(setting)})}});
    const auto given = result.out.strings("ResultingResourceSettings");
    EXPECT_EQ(given.size(), GetParam() == Answers::job ? 0u : 1u);
    auto end = bench.ending(result);
    EXPECT_EQ(end.code, 0u);
    if (GetParam() == Answers::job) {
        ASSERT_EQ(end.results.size(), 1u);
        EXPECT_EQ(end.results[0].class_name(), "Msvm_GpuPartitionSettingData");
    }
}

TEST_P(GpuPartition, BareSettingIsRefusedWith32773) {
    Bench bench("workstation", GetParam());
    cim::Instance bare("Msvm_GpuPartitionSettingData");
    bare.set("HostResource", cim::Value::strings({bench.gpu_path("DEV_2786")}));
    EXPECT_EQ(bench.add("win11", bare).code, 32773u);
    bare.set("ResourceType", cim::Value::uint16(32770));
    bare.set("ResourceSubType", cim::Value::string("Microsoft:Hyper-V:GPU Partition"));
    EXPECT_EQ(bench.add("win11", bare).code, 32773u) << "PoolID is still NULL";
    bare.set("PoolID", cim::Value::string(""));
    EXPECT_EQ(bench.add("win11", bare).code, 0u);
}

TEST_P(GpuPartition, AmountsAtAddAreRefusedWith32773) {
    Bench bench("workstation", GetParam());
    auto setting = bench.template_of("Msvm_GpuPartitionSettingData");
    setting.set("MaxPartitionVRAM", cim::Value::uint64(500'000'000));
    EXPECT_EQ(bench.add("win11", setting).code, 32773u);
}

TEST_P(GpuPartition, NameInsteadOfPathIsRefused) {
    Bench bench("workstation", GetParam());
    auto name = bench.query("SELECT Name FROM Msvm_PartitionableGpu").front().text_or("Name", "");
    auto end = bench.add_gpu("win11", name);
    EXPECT_EQ(end.code, 32768u);
    if (GetParam() == Answers::job) {
        EXPECT_NE(end.text.find("failed to add device 'GPU Partition'"), std::string::npos) << end.text;
    }
    EXPECT_EQ(bench
                  .add_gpu("win11", "\\\\STUDIO\\root\\virtualization\\v2:Msvm_PartitionableGpu.CreationClassName="
                                    "\"Msvm_PartitionableGpu\",Name=\"gone\"")
                  .code,
              32768u);
}

TEST_P(GpuPartition, MofTextAndForeignClassesAreRefused) {
    Bench bench("workstation", GetParam());
    auto settings = cim::Value::reference(bench.settings("win11").path()->full());
    for (const std::string text :
         {"instance of Msvm_GpuPartitionSettingData { };", "<INSTANCE CLASSNAME=\"Msvm_Unheard\"></INSTANCE>",
          "<INSTANCE CLASSNAME=\"Msvm_GpuPartitionSettingData\"><PROPERTY NAME=\"Colour\" "
          "TYPE=\"string\"></PROPERTY></INSTANCE>",
          "<INSTANCE CLASSNAME=\"Msvm_GpuPartitionSettingData\"><PROPERTY NAME=\"ResourceType\" "
          "TYPE=\"string\"><VALUE>x</VALUE></PROPERTY></INSTANCE>"})
        EXPECT_EQ(bench
                      .ending(bench.manage("AddResourceSettings", {{"AffectedConfiguration", settings},
                                                                   {"ResourceSettings", cim::Value::strings({text})}}))
                      .code,
                  32773u)
            << text;
}

TEST_P(GpuPartition, PropertyNewerThanTheBuildIsRefused) {
    Bench bench("workstation?build=20348", GetParam());
    auto setting = bench.template_of("Msvm_GpuPartitionSettingData");
    setting.set("NumaAwarePlacement", cim::Value::boolean(true)); // since 22621
    EXPECT_EQ(bench.add("win11", setting).code, 32773u);
}

TEST_P(GpuPartition, AmountsAreChangedByModify) {
    Bench bench("workstation", GetParam());
    ASSERT_EQ(bench.add_gpu("win11", bench.gpu_path("DEV_2786")).code, 0u);
    const auto query =
        "SELECT * FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE 'Microsoft:" + bench.vm_id("win11") + "%'";
    auto modify = [&](std::vector<std::pair<std::string, std::uint64_t>> amounts) {
        auto row = bench.one(query);
        for (auto& [name, amount] : amounts)
            row.set(name, cim::Value::uint64(amount));
        return bench
            .ending(bench.manage("ModifyResourceSettings",
                                 {{"ResourceSettings", cim::Value::strings({cim::to_cim_xml(row)})}}))
            .code;
    };
    EXPECT_EQ(
        modify({{"MaxPartitionVRAM", 500'000'000}, {"OptimalPartitionVRAM", 500'000'000}, {"MinPartitionVRAM", 0}}),
        0u);
    EXPECT_EQ(bench.one(query).uint("MaxPartitionVRAM"), 500'000'000u);
    EXPECT_EQ(modify({{"MaxPartitionEncode", 500'000'000}}), 32773u) << "encode must stay all ones on this card";
    EXPECT_EQ(modify({{"MaxPartitionEncode", kAllOnes}, {"OptimalPartitionEncode", kAllOnes}}), 0u);
    EXPECT_EQ(modify({{"MaxPartitionVRAM", kAllOnes}}), 32773u);
    EXPECT_EQ(modify({{"OptimalPartitionVRAM", 600'000'000}}), 32773u) << "above the maximum";
    EXPECT_EQ(bench.one(query).uint("OptimalPartitionVRAM"), 500'000'000u) << "a refused change changes nothing";
}

TEST_P(GpuPartition, IsRemovedByItsPathOnce) {
    Bench bench("workstation", GetParam());
    ASSERT_EQ(bench.add_gpu("win11", bench.gpu_path("DEV_2786")).code, 0u);
    const auto query =
        "SELECT InstanceID FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE 'Microsoft:" + bench.vm_id("win11") +
        "%'";
    auto path = bench.one(query).path()->full();
    auto remove = [&] {
        return bench
            .ending(bench.manage("RemoveResourceSettings", {{"ResourceSettings", cim::Value::references({path})}}))
            .code;
    };
    EXPECT_EQ(remove(), 0u);
    EXPECT_TRUE(bench.query(query).empty());
    EXPECT_EQ(remove(), 32773u);
}

TEST_P(GpuPartition, CardCannotBeChosenOnClientsBeforeServer2022) {
    Bench bench("laptop", GetParam());
    EXPECT_EQ(bench.add_gpu("win10", bench.gpu_path("DEV_1F11")).code, 0u);
    auto row = bench.one(
        "SELECT * FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE 'Microsoft:" + bench.vm_id("win10") + "%'");
    EXPECT_TRUE(row.strings("HostResource").empty());
}

INSTANTIATE_TEST_SUITE_P(Sim, GpuPartition, ::testing::Values(Answers::synchronous, Answers::job), answers_name);

TEST(PartitionCount, TakesOnlyValidCounts) {
    Bench bench("server2025");
    auto put = [&](const std::string& part, std::uint16_t count) -> std::string {
        auto gpu = *bench.cim().get(*cim::ObjectPath::parse(bench.gpu_path(part)), soon());
        gpu.set("PartitionCount", cim::Value::uint16(count));
        auto done = bench.cim().put(gpu, soon());
        return done ? "" : done.error().code;
    };
    EXPECT_EQ(put("DEV_25B6", 8), "");
    EXPECT_EQ(bench.cim().get(*cim::ObjectPath::parse(bench.gpu_path("DEV_25B6")), soon())->uint("PartitionCount"), 8u);
    EXPECT_EQ(put("DEV_25B6", 7), "cim.invalid_parameter");
    EXPECT_EQ(put("DEV_1EB1", 16), "cim.invalid_parameter");
    auto gpu = *bench.cim().get(*cim::ObjectPath::parse(bench.gpu_path("DEV_25B6")), soon());
    gpu.set("TotalVRAM", cim::Value::uint64(1));
    EXPECT_EQ(bench.cim().put(gpu, soon()).error().code, "cim.invalid_parameter");
}

TEST(PartitionableGpu, LeavesTheListWithItsDevice) {
    Bench bench;
    ASSERT_EQ(bench.query("SELECT * FROM Msvm_PartitionableGpu").size(), 2u);
    ASSERT_TRUE(bench.host().devices().disable(bench.device("RTX 4070"), soon()));
    EXPECT_EQ(bench.query("SELECT * FROM Msvm_PartitionableGpu").size(), 1u);
    ASSERT_TRUE(bench.host().devices().enable(bench.device("RTX 4070"), soon()));
    auto row = bench.one("SELECT * FROM Msvm_PartitionableGpu WHERE Name LIKE '%DEV_2786%'");
    EXPECT_EQ(row.uint("TotalVRAM"), 1'000'000'000u) << "normalized, never bytes";
    EXPECT_EQ(row.uint("TotalEncode"), kAllOnes);
    EXPECT_TRUE(row.text_or("Name", "").ends_with("{064092b3-625e-43bf-9eb5-dc845897dd59}\\GPUPARAV"));
}

TEST(GpuPartitionRow, ExistsOnlyWhileTheVmRuns) {
    Bench bench;
    EXPECT_TRUE(bench.query("SELECT * FROM Msvm_GpuPartition").empty());
    ASSERT_EQ(bench.request_state("shared", 2).code, 0u);
    auto row = bench.one("SELECT * FROM Msvm_GpuPartition");
    EXPECT_EQ(row.text_or("SystemName", ""), bench.vm_id("shared"));
    EXPECT_TRUE(row.text_or("DeviceInstancePath", "").starts_with("PCI\\VEN_8086"));
}

} // namespace

} // namespace exhyperv::sim::testing
