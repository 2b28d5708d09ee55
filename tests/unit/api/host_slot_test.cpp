#include "api/host_slot.h"

#include <gtest/gtest.h>

#include <future>

namespace exhyperv::api {
namespace {

class HostSlotWork : public testing::Test {
  protected:
    EventHub events_;
    HostSlot host_{app::parse_host_uri("sim:workstation").value(), "", "never opened", events_,
                   std::chrono::seconds(1)};
};

TEST_F(HostSlotWork, IsBusyAtOnceWhileAnOperationRuns) {
    ASSERT_TRUE(host_.begin_operation());
    host_.operation_decided();
    EXPECT_FALSE(host_.begin_operation());
    host_.end_operation();
    EXPECT_TRUE(host_.begin_operation());
}

TEST_F(HostSlotWork, WaitsForOneThatOnlyLooksWhetherThereIsSomethingToDo) {
    ASSERT_TRUE(host_.begin_operation());
    auto second = std::async(std::launch::async, [this] { return host_.begin_operation(); });
    EXPECT_EQ(second.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    host_.end_operation();
    EXPECT_TRUE(second.get());
}

TEST_F(HostSlotWork, IsBusyWhenTheOtherDecidesToRun) {
    ASSERT_TRUE(host_.begin_operation());
    auto second = std::async(std::launch::async, [this] { return host_.begin_operation(); });
    host_.operation_decided();
    EXPECT_FALSE(second.get());
}

} // namespace
} // namespace exhyperv::api
