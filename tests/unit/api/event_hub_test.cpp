#include "api/event_hub.h"

#include <gtest/gtest.h>

namespace exhyperv::api {
namespace {

TEST(EventHub, GivesEveryListenerEachEventOnce) {
    EventHub hub;
    std::vector<std::string> first, second;
    const auto a = hub.join(std::nullopt, [&](const auto& event) { first.push_back(event->data); });
    const auto b = hub.join(std::nullopt, [&](const auto& event) { second.push_back(event->data); });
    hub.publish("step", "1");
    hub.publish("step", "2");
    EXPECT_EQ(first, (std::vector<std::string>{"1", "2"}));
    EXPECT_EQ(second, first);
}

TEST(EventHub, SendsWhatAReturningPageMissed) {
    EventHub hub;
    hub.publish("step", "1");
    const auto seen = hub.publish("step", "2");
    hub.publish("step", "3");
    const auto joined = hub.join(seen, [](const auto&) {});
    EXPECT_FALSE(joined.gap);
    ASSERT_EQ(joined.missed.size(), 1u);
    EXPECT_EQ(joined.missed[0]->data, "3");
}

TEST(EventHub, TellsAPageWhoseMissedEventsAreForgotten) {
    EventHub hub(2);
    const auto seen = hub.publish("step", "1");
    for (int i = 0; i < 5; ++i)
        hub.publish("step", "x");
    EXPECT_TRUE(hub.join(seen, [](const auto&) {}).gap);
}

TEST(EventHub, TellsAPageThatComesFromAnEarlierRunOfTheServer) {
    EventHub hub;
    hub.publish("step", "1");
    EXPECT_TRUE(hub.join(4711, [](const auto&) {}).gap);
}

TEST(EventHub, EndsASubscriptionWithItsObject) {
    EventHub hub;
    int heard = 0;
    {
        const auto joined = hub.join(std::nullopt, [&](const auto&) { ++heard; });
        EXPECT_EQ(hub.listeners(), 1u);
    }
    hub.publish("step", "1");
    EXPECT_EQ(heard, 0);
    EXPECT_EQ(hub.listeners(), 0u);
}

} // namespace
} // namespace exhyperv::api
