#include "server/lanes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace exhyperv::server {
namespace {

using namespace std::chrono_literals;

TEST(Lanes, ABlockedLaneHoldsUpNoOther) {
    std::promise<void> open;
    const auto gate = open.get_future().share();
    std::promise<void> came_through;
    Lanes lanes(2);
    for (int i = 0; i < 8; ++i)
        lanes.run("slow", [gate] { gate.wait(); });
    lanes.run("other", [&] { came_through.set_value(); });
    EXPECT_EQ(came_through.get_future().wait_for(30s), std::future_status::ready);
    open.set_value();
}

TEST(Lanes, EverythingIsDoneInTheEnd) {
    std::atomic<int> left{200};
    std::promise<void> all;
    Lanes lanes(3);
    for (int i = 0; i < 200; ++i)
        lanes.run(i % 2 ? "a" : "b", [&] {
            if (--left == 0) all.set_value();
        });
    EXPECT_EQ(all.get_future().wait_for(30s), std::future_status::ready);
}

TEST(Lanes, NamesBeyondTheBoundShareOne) {
    std::promise<void> open, both;
    const auto gate = open.get_future().share();
    std::atomic<int> waiting{0}, done{0};
    Lanes lanes(1, 1);
    lanes.run("first", [gate, &waiting] {
        ++waiting;
        gate.wait();
    });
    for (const char* name : {"second", "third"})
        lanes.run(name, [&] {
            if (++done == 2) both.set_value();
        });
    EXPECT_EQ(both.get_future().wait_for(30s), std::future_status::ready);
    open.set_value();
}

TEST(Lanes, StoppingWaitsForWhatIsAtWorkAndDropsTheRest) {
    std::atomic<bool> first_done{false}, second_ran{false};
    std::promise<void> began;
    Lanes lanes(1);
    lanes.run("a", [&] {
        began.set_value();
        std::this_thread::sleep_for(50ms);
        first_done = true;
    });
    lanes.run("a", [&] { second_ran = true; });
    began.get_future().wait();
    lanes.stop();
    EXPECT_TRUE(first_done);
    EXPECT_FALSE(second_ran);
    lanes.run("a", [&] { second_ran = true; });
    EXPECT_FALSE(second_ran);
}

} // namespace
} // namespace exhyperv::server
