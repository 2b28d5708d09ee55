#include "hyperv/lookup.h"

#include <gtest/gtest.h>

namespace exhyperv::hyperv {
namespace {

model::Vm vm(const char* name, const char* id) {
    model::Vm one;
    one.name = name;
    one.id = *Guid::parse(id);
    return one;
}

const std::vector<model::Vm> kVms = {
    vm("win11", "11111111-1111-1111-1111-111111111111"), vm("Build Server", "22222222-2222-2222-2222-222222222222"),
    vm("twin", "33333333-3333-3333-3333-333333333333"),  vm("twin", "44444444-4444-4444-4444-444444444444"),
    vm("Case", "55555555-5555-5555-5555-555555555555"),  vm("case", "66666666-6666-6666-6666-666666666666")};

model::Gpu gpu(const char* name, const char* instance) {
    model::Gpu one;
    one.name = name;
    one.instance_path = instance;
    one.interface_path = std::string(R"(\\?\)") + instance + "#GPUPARAV";
    return one;
}

const std::vector<model::Gpu> kGpus = {gpu("NVIDIA GeForce RTX 4070", R"(PCI\VEN_10DE&DEV_2786\4&1)"),
                                       gpu("NVIDIA GeForce RTX 4070 Ti", R"(PCI\VEN_10DE&DEV_2782\4&2)"),
                                       gpu("Intel UHD Graphics 770", R"(PCI\VEN_8086&DEV_4680\3&1)")};

TEST(FindVm, ByNameWithoutCaseOrByGuid) {
    EXPECT_EQ(find_vm(kVms, "WIN11")->name, "win11");
    EXPECT_EQ(find_vm(kVms, " build server ")->name, "Build Server");
    EXPECT_EQ(find_vm(kVms, "{44444444-4444-4444-4444-444444444444}")->name, "twin");
}

TEST(FindVm, NamesSimilarOnesWhenThereIsNone) {
    const auto missing = find_vm(kVms, "win12");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, "vm.not_found");
    EXPECT_NE(missing.error().arg("near")->find("win11"), std::string::npos);
}

TEST(FindVm, NamesTheFirstFewWhenNoneIsSimilar) {
    const auto missing = find_vm(kVms, "zzzzzzzzzzzz");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().arg("near")->find("–"), std::string::npos);
    EXPECT_NE(missing.error().arg("near")->find(kVms.front().name), std::string::npos);
}

TEST(FindVm, ListsTheGuidsOfEqualNames) {
    const auto twins = find_vm(kVms, "twin");
    ASSERT_FALSE(twins);
    EXPECT_EQ(twins.error().code, "vm.ambiguous");
    EXPECT_NE(twins.error().arg("ids")->find("33333333"), std::string::npos);
    EXPECT_NE(twins.error().arg("ids")->find("44444444"), std::string::npos);
}

TEST(FindVm, LetsCaseDecideBetweenNamesThatDifferOnlyInIt) {
    EXPECT_EQ(find_vm(kVms, "case")->id.str()[0], '6');
    EXPECT_EQ(find_vm(kVms, "Case")->id.str()[0], '5');
    EXPECT_EQ(find_vm(kVms, "CASE").error().code, "vm.ambiguous");
}

TEST(FindVm, AnEmptyNameIsNobody) {
    EXPECT_EQ(find_vm(kVms, "").error().code, "vm.not_found");
}

TEST(FindGpu, PrefersTheWholeNameOverAPart) {
    EXPECT_EQ(find_gpu(kGpus, "nvidia geforce rtx 4070")->name, "NVIDIA GeForce RTX 4070");
    EXPECT_EQ(find_gpu(kGpus, "4070 ti")->name, "NVIDIA GeForce RTX 4070 Ti");
    EXPECT_EQ(find_gpu(kGpus, "intel")->name, "Intel UHD Graphics 770");
}

TEST(FindGpu, ByInstancePath) {
    EXPECT_EQ(find_gpu(kGpus, R"(pci\ven_10de&dev_2786\4&1)")->name, "NVIDIA GeForce RTX 4070");
}

TEST(FindGpu, RefusesAPartThatFitsSeveral) {
    const auto several = find_gpu(kGpus, "geforce");
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().code, "gpu.ambiguous");
    EXPECT_NE(several.error().arg("paths")->find("DEV_2782"), std::string::npos);
}

TEST(FindGpu, AnEmptyNameFitsNone) {
    EXPECT_EQ(find_gpu(kGpus, "").error().code, "gpu.not_found");
}

TEST(SimilarNames, AreAtMostFiveAndNeverTwice) {
    std::vector<std::string> names(20, "worker");
    for (int i = 0; i < 20; ++i)
        names.push_back("worker" + std::to_string(i));
    const auto similar = similar_names(names, "worker");
    EXPECT_EQ(similar.size(), 5u);
    EXPECT_EQ(std::count(similar.begin(), similar.end(), "worker"), 1);
}

} // namespace
} // namespace exhyperv::hyperv
