#include "assign/mmio.h"

#include <gtest/gtest.h>

namespace exhyperv::assign {
namespace {

constexpr std::uint64_t kGib = 1u << 30;

model::VmSettings settings(std::uint64_t low, std::uint64_t high, std::uint64_t base = kDefaultHighBaseMib) {
    model::VmSettings one;
    one.low_mmio_mib = low;
    one.high_mmio_mib = high;
    one.high_mmio_base_mib = base;
    return one;
}

TEST(GpuMmio, GivesADefaultVmTheDocumentedMinimum) {
    const auto plan = plan_gpu_mmio({12 * kGib}, settings(128, 512), std::nullopt);
    EXPECT_EQ(plan.low, 1024u);
    EXPECT_EQ(plan.high, 32u * 1024);
    EXPECT_FALSE(plan.base);
    EXPECT_FALSE(plan.ceiling) << "unknown stays unknown";
}

TEST(GpuMmio, RoundsTheCardsNeedUpToAPowerOfTwo) {
    EXPECT_EQ(plan_gpu_mmio({24 * kGib}, settings(128, 512), 46).high, 32u * 1024);
    EXPECT_EQ(plan_gpu_mmio({32 * kGib}, settings(128, 512), 46).high, 64u * 1024)
        << "the VRAM is not all a card needs";
    EXPECT_EQ(plan_gpu_mmio({24 * kGib, 16 * kGib}, settings(128, 512), 46).high, 64u * 1024);
    EXPECT_EQ(plan_gpu_mmio({std::nullopt}, settings(128, 512), 46).high, 32u * 1024);
}

TEST(GpuMmio, NeverShrinks) {
    const auto plan = plan_gpu_mmio({8 * kGib}, settings(3584, 200'000), 46);
    EXPECT_EQ(plan.low, 3584u);
    EXPECT_EQ(plan.high, 200'000u);
}

TEST(GpuMmio, StaysWithinWhatHyperVAllows) {
    EXPECT_EQ(plan_gpu_mmio({~std::uint64_t{0}, ~std::uint64_t{0}}, settings(128, 512), 52).high, kMostHighMib);
}

TEST(GpuMmio, MovesTheGapDownOnAProcessorOfThirtySixBits) {
    const auto plan =
        plan_gpu_mmio({8 * kGib}, settings(128, 512), 36); // 64 GiB in all, the default gap starts at 63.5
    ASSERT_TRUE(plan.base);
    EXPECT_EQ(*plan.base, 32u * 1024);
    EXPECT_LE(*plan.base + plan.high, *plan.ceiling);
    EXPECT_FALSE(plan.fits()) << "and says that it is less than wanted";
    EXPECT_GT(plan.high, 30u * 1024);
}

TEST(GpuMmio, NeverPromisesAnEndAboveTheCeiling) {
    for (std::uint32_t bits = 36; bits <= 52; ++bits)
        for (const std::uint64_t vram : {1ull, 8ull, 24ull, 48ull, 96ull, 192ull}) {
            const auto plan = plan_gpu_mmio({vram * kGib}, settings(128, 512), bits);
            EXPECT_LE(plan.base.value_or(kDefaultHighBaseMib) + plan.high, std::uint64_t{1} << (bits - 20))
                << bits << " " << vram;
        }
}

TEST(GpuMmio, LeavesAWindowTheUserMadeRatherThanShrinkIt) {
    const auto plan = plan_gpu_mmio({8 * kGib}, settings(1024, 60'000, 4096), 36);
    EXPECT_FALSE(plan.base);
    EXPECT_EQ(plan.high, 60'000u);
}

} // namespace
} // namespace exhyperv::assign
