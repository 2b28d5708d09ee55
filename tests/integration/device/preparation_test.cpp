#include "assign/device/preparation.h"
#include "snapshot.h"
#include "world.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

constexpr std::uint64_t kMib = 1u << 20, kGib = 1u << 30;

model::VmSettings usual() {
    model::VmSettings settings;
    settings.guest_controlled_cache_types = false;
    settings.low_mmio_mib = 128;
    settings.high_mmio_mib = 512;
    settings.high_mmio_base_mib = 65024;
    return settings;
}

TEST(Mmio, IsTheSumOfTheBarsWithBuffersRoundedUp) {
    const auto card = space_of_bars({{16 * kMib, false, false}, {8 * kGib, true, true}, {32 * kMib, true, true}});
    EXPECT_EQ(card.low, 16 * kMib);
    EXPECT_EQ(card.high, 8 * kGib + 32 * kMib);
    const auto mmio = plan_device_mmio({card}, {}, usual(), 46);
    EXPECT_EQ(mmio.low_needed, 144u);
    EXPECT_EQ(mmio.plan.low, 256u);
    EXPECT_EQ(mmio.plan.high, 16 * 1024u);
    EXPECT_FALSE(mmio.plan.base) << "it fits where it is";
    EXPECT_TRUE(mmio.fits());
}

TEST(Mmio, OfALargeBarBelowFourGigabytesGoesHigh) {
    const auto card = space_of_bars({{512 * kMib, true, false}});
    EXPECT_EQ(card.low, 0u);
    EXPECT_EQ(card.high, 512 * kMib);
}

TEST(Mmio, NeverShrinksAndChangesOnlyWhatIsTooSmall) {
    auto settings = usual();
    settings.high_mmio_mib = 65536;
    const auto mmio = plan_device_mmio({{16 * kMib, 8 * kGib, true}}, {}, settings, 46);
    EXPECT_EQ(mmio.plan.high, 65536u);
    const auto none = plan_device_mmio({{0, 8 * kGib, true}}, {}, settings, 46);
    EXPECT_EQ(none.plan.low, 128u) << "no 32-bit BAR, no change";
}

TEST(Mmio, MovesDownUnderTheCeilingOfTheProcessor) {
    const auto mmio = plan_device_mmio({{16 * kMib, 64 * kGib, true}}, {}, usual(), 37);
    ASSERT_TRUE(mmio.plan.base);
    EXPECT_LE(*mmio.plan.base + mmio.plan.high, std::uint64_t{1} << (37 - 20));
    EXPECT_FALSE(mmio.fits());
    EXPECT_TRUE(plan_device_mmio({{16 * kMib, 16 * kGib, true}}, {}, usual(), 37).fits());
}

TEST(Mmio, AddsPartitionsOfTheSameVm) {
    const auto mmio = plan_device_mmio({{16 * kMib, 8 * kGib, true}}, {8 * kGib}, usual(), 46);
    EXPECT_GE(mmio.plan.high, 32 * 1024u + 8 * 1024u);
}

TEST(Mmio, OfAnUnknownDeviceIsAGuessThatSaysSo) {
    const auto guess = guessed_space(true, 24 * kGib);
    EXPECT_FALSE(guess.known);
    EXPECT_GE(guess.high, 24 * kGib);
    EXPECT_FALSE(plan_device_mmio({guess}, {}, usual(), 46).known);
}

TEST(Mmio, OfADeviceThatIsAwayIsRememberedFromWhenItLeft) {
    World world;
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "alpha"))), "done");
    const auto plan = world.plan_assign({kGpu}, "beta");
    ASSERT_TRUE(find_check(*plan, "device.mmio"));
    EXPECT_EQ(find_check(*plan, "device.mmio")->verdict, Verdict::pass) << all_checks(*plan);
}

TEST(Settings, AreChangedOnlyWhereTheyAreWrongAndAllComeBack) {
    World world;
    const std::string before = snapshot(world);
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "alpha"))), "done");
    const auto vm = world.vm("alpha");
    EXPECT_EQ(vm.settings.stop_action, model::StopAction::turn_off);
    EXPECT_EQ(vm.settings.guest_controlled_cache_types, true);
    EXPECT_EQ(vm.settings.checkpoint_type, model::CheckpointType::disabled);
    EXPECT_FALSE(vm.memory.dynamic);
    EXPECT_EQ(vm.settings.high_mmio_mib, 16384u);
    EXPECT_EQ(vm.settings.high_mmio_base_mib, 65024u);
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({"X710"}, "alpha"))), "done") << "a second device";
    ASSERT_EQ(outcome_text(world.run(world.plan_return({kGpu}))), "done");
    EXPECT_EQ(world.vm("alpha").settings.stop_action, model::StopAction::turn_off) << "one is left";
    ASSERT_EQ(outcome_text(world.run(world.plan_return({"X710"}))), "done");
    EXPECT_EQ(difference(before, snapshot(world)), "");
}

TEST(Settings, ThatSomebodyElseChangedSinceStayTheirs) {
    World world;
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "alpha"))), "done");
    const Guid alpha = world.vm("alpha").id;
    world.intervene([&](sim::World& w) { sim::find_vm(w, alpha)->config.high_mmio_mib = 131072; });
    const auto plan = world.plan_return({kGpu});
    ASSERT_TRUE(find_check(*plan, "device.settings")) << all_checks(*plan);
    ASSERT_EQ(outcome_text(world.run(plan)), "done");
    EXPECT_EQ(world.vm("alpha").settings.high_mmio_mib, 131072u);
    EXPECT_TRUE(world.vm("alpha").memory.dynamic);
}

} // namespace
} // namespace exhyperv::assign
