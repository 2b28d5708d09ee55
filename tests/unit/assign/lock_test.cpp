#include "assign/core/operation_lock.h"

#include "platform/process.h"
#include "scratch_directory.h"

#include <atomic>
#include <chrono>
#include <thread>

namespace exhyperv::assign {
namespace {

TEST(OperationLock, IsHeldByOneAndNamesTheHolder) {
    const ScratchDirectory state;
    auto first = OperationLock::acquire(state.path(), "gpu.add");
    ASSERT_TRUE(first) << describe(first.error());
    EXPECT_TRUE(operation_running(state.path()));
    const auto second = OperationLock::acquire(state.path(), "gpu.remove");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "operation.busy");
    EXPECT_EQ(*second.error().arg("holder"), platform::user_and_machine());
    EXPECT_EQ(*second.error().arg("operation"), "gpu.add");
    EXPECT_EQ(*second.error().arg("process"), std::to_string(platform::process_id()));
}

TEST(OperationLock, IsFreeAgainWhenItsHolderIsGone) {
    const ScratchDirectory state;
    { ASSERT_TRUE(OperationLock::acquire(state.path(), "gpu.add")); }
    EXPECT_FALSE(operation_running(state.path()));
    EXPECT_TRUE(OperationLock::acquire(state.path(), "gpu.remove"));
}

TEST(OperationLock, IsNotTakenAwayByThoseWhoOnlyLook) {
    const ScratchDirectory state;
    std::atomic<bool> looking{true};
    std::thread looker([&] {
        while (looking) {
            (void)operation_running(state.path());
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(OperationLock::acquire(state.path(), "gpu.add"));
    looking = false;
    looker.join();
}

TEST(OperationLock, SurvivesAHolderFileThatIsNonsense) {
    const ScratchDirectory state;
    auto first = OperationLock::acquire(state.path(), "gpu.add");
    ASSERT_TRUE(first);
    ScratchDirectory::write(state.path() + "/operation.holder", "\x01[[[");
    EXPECT_EQ(OperationLock::acquire(state.path(), "x").error().code, "operation.busy");
}

} // namespace
} // namespace exhyperv::assign
