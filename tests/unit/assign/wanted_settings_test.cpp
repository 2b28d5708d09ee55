#include "assign/wanted_settings.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

model::VmSettings fresh() {
    model::VmSettings settings;
    settings.stop_action = model::StopAction::save;
    settings.guest_controlled_cache_types = false;
    settings.low_mmio_mib = 128;
    settings.high_mmio_mib = 512;
    settings.high_mmio_base_mib = kDefaultHighBaseMib;
    settings.checkpoint_type = model::CheckpointType::production;
    settings.automatic_checkpoints = true;
    return settings;
}

const MmioPlan kPlan{1024, 32768, std::nullopt, 32768, std::nullopt};

TEST(WantedSettings, ChangeEverythingThatDiffersOnAFreshVm) {
    EXPECT_EQ(settings_text(settings_for_gpu(fresh(), kPlan)),
              "GuestControlledCacheTypes = true, LowMmioGapSize = 1024, HighMmioGapSize = 32768, "
              "AutomaticShutdownAction = 4, "
              "UserSnapshotType = 2, AutomaticSnapshotsEnabled = false");
}

TEST(WantedSettings, ChangeNothingASecondTime) {
    auto settings = fresh();
    settings.guest_controlled_cache_types = true;
    settings.low_mmio_mib = 3584;
    settings.high_mmio_mib = 65536;
    settings.stop_action = model::StopAction::turn_off;
    settings.checkpoint_type = model::CheckpointType::disabled;
    settings.automatic_checkpoints = false;
    EXPECT_TRUE(settings_for_gpu(settings, kPlan).empty());
}

TEST(WantedSettings, LeaveOutWhatTheBuildDoesNotKnow) {
    model::VmSettings bare;
    bare.stop_action = model::StopAction::shut_down;
    EXPECT_TRUE(settings_for_gpu(bare, kPlan).empty());
}

TEST(SettingsBack, RestoreWhatWeSetAndLeaveWhatOthersSetSince) {
    const std::vector<ChangedSetting> remembered = {{hyperv::kCacheTypes, false, true},
                                                    {hyperv::kHighMmio, std::uint64_t{512}, std::uint64_t{32768}},
                                                    {hyperv::kStopAction, std::uint64_t{3}, std::uint64_t{4}}};
    const auto back = settings_back(remembered, {{hyperv::kCacheTypes, true},
                                                 {hyperv::kHighMmio, std::uint64_t{99999}},
                                                 {hyperv::kStopAction, std::uint64_t{3}}});
    EXPECT_EQ(settings_text(back.set), "GuestControlledCacheTypes = false");
    EXPECT_EQ(back.changed_since, std::vector<std::string>{hyperv::kHighMmio});
}

TEST(SettingsThatNeedTheVmOff, AreTheHardwareOnes) {
    EXPECT_TRUE(need_vm_off({{hyperv::kCacheTypes, true}}));
    EXPECT_TRUE(need_vm_off({{hyperv::kStopAction, std::uint64_t{4}}, {hyperv::kHighMmioBase, std::uint64_t{1}}}));
    EXPECT_FALSE(need_vm_off({{hyperv::kStopAction, std::uint64_t{4}}, {hyperv::kCheckpointType, std::uint64_t{2}}}));
}

} // namespace
} // namespace exhyperv::assign
