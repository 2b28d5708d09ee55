#include "support/result.h"
#include "support/scope_guard.h"

#include <gtest/gtest.h>

#include <memory>

namespace exhyperv {
namespace {

Result<int> positive(int number) {
    if (number <= 0) return fail("test.negative", {{"number", std::to_string(number)}}, "detail");
    return number;
}

Result<std::string> doubled(int number) {
    TRY(positive(number));
    TRY_ASSIGN(const int value, positive(number));
    return std::to_string(2 * value);
}

TEST(Result, TryPassesTheFirstErrorOn) {
    EXPECT_EQ(doubled(21).value(), "42");
    const auto bad = doubled(-1);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, "test.negative");
    EXPECT_EQ(*bad.error().arg("number"), "-1");
    EXPECT_EQ(bad.error().detail, "detail");
}

TEST(Result, TryAssignMovesWhatCannotBeCopied) {
    const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(5); };
    const auto use = [&]() -> Result<int> {
        TRY_ASSIGN(auto pointer, make());
        return *pointer;
    };
    EXPECT_EQ(use().value(), 5);
}

TEST(ScopeGuard, RunsUnlessDismissed) {
    int runs = 0;
    {
        ScopeGuard guard([&] { ++runs; });
    }
    {
        ScopeGuard guard([&] { ++runs; });
        guard.dismiss();
    }
    EXPECT_EQ(runs, 1);
}

} // namespace
} // namespace exhyperv
