#include "assign/state/guest_record.h"
#include "assign/state/original_settings.h"
#include "scratch_directory.h"

namespace exhyperv::assign {
namespace {

const Guid kVm = *Guid::parse("3F2504E0-4F89-11D3-9A0C-0305E82C3301");

TEST(OriginalSettings, AreThereWeeksLater) {
    const ScratchDirectory state;
    EXPECT_TRUE(original_settings(state.path(), kVm)->empty());
    ASSERT_TRUE(remember_settings(
        state.path(), kVm,
        {{hyperv::kCacheTypes, false, true}, {hyperv::kHighMmio, std::uint64_t{512}, std::uint64_t{32768}}}));
    const auto again = original_settings(state.path(), kVm);
    ASSERT_TRUE(again) << describe(again.error());
    ASSERT_EQ(again->size(), 2u);
    EXPECT_EQ((*again)[0].original, hyperv::SettingValue(false));
    EXPECT_EQ((*again)[1].set, hyperv::SettingValue(std::uint64_t{32768}));
    ASSERT_TRUE(remember_settings(state.path(), kVm, {}));
    EXPECT_TRUE(original_settings(state.path(), kVm)->empty());
}

TEST(OriginalSettings, ADamagedFileIsAnErrorNotAnEmptyMemory) {
    const ScratchDirectory state;
    ASSERT_TRUE(remember_settings(state.path(), kVm, {{hyperv::kCacheTypes, false, true}}));
    for (const char* text : {"", "{}", "{\"settings\":[{\"name\":1}]}", "nonsense"}) {
        ScratchDirectory::write(state.path() + "/vm-settings/" + kVm.str() + ".json", text);
        const auto settings = original_settings(state.path(), kVm);
        ASSERT_FALSE(settings) << text;
        EXPECT_EQ(settings.error().code, "state.corrupt");
    }
}

TEST(GuestRecords, KeepOneRowACardAndSystem) {
    const ScratchDirectory state;
    const GuestPlace here{"C:\\a.vhdx", 4}, beside{"C:\\a.vhdx", 3};
    ASSERT_TRUE(remember_guest(state.path(), kVm, {"PCI\\A", here, "1.0"}));
    ASSERT_TRUE(remember_guest(state.path(), kVm, {"PCI\\B", here, "2.0"}));
    ASSERT_TRUE(remember_guest(state.path(), kVm, {"PCI\\A", beside, "1.0"}));
    ASSERT_TRUE(remember_guest(state.path(), kVm, {"pci\\a", {"c:\\A.vhdx", 4}, "1.1"}));
    auto records = guest_records(state.path(), kVm);
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 3u);
    EXPECT_EQ(records->back().driver_version, "1.1") << "the same system, written otherwise";
    ASSERT_TRUE(forget_guest(state.path(), kVm, "PCI\\A", here));
    ASSERT_TRUE(forget_guest(state.path(), kVm, "PCI\\B", here));
    records = guest_records(state.path(), kVm);
    ASSERT_EQ(records->size(), 1u);
    EXPECT_EQ(records->front().place.partition, 3u);
    ASSERT_TRUE(forget_guest(state.path(), kVm, "PCI\\A", beside));
    EXPECT_FALSE(std::filesystem::exists(state.path() + "/guests/" + kVm.str() + ".json"));
}

TEST(ManifestCopies, ArePerVmAndSystem) {
    const auto one = manifest_copy_path("s", kVm, {"C:\\VMs\\A.vhdx", 4});
    EXPECT_EQ(one, manifest_copy_path("s", kVm, {"c:\\vms\\a.VHDX", 4}));
    EXPECT_NE(one, manifest_copy_path("s", kVm, {"C:\\VMs\\A.vhdx", 3}));
    EXPECT_NE(one, manifest_copy_path("s", kVm, {"C:\\VMs\\B.vhdx", 4}));
    EXPECT_NE(one, manifest_copy_path("s", Guid{}, {"C:\\VMs\\A.vhdx", 4}));
}

} // namespace
} // namespace exhyperv::assign
