#include "cli/last_page.h"
#include "cli/page_instance.h"
#include "cli/rights.h"
#include "support/guid.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace exhyperv::cli {
namespace {

using std::chrono::seconds;

class PageInstanceTest : public ::testing::Test {
  protected:
    std::string folder = (std::filesystem::temp_directory_path() / ("exhyperv-" + Guid::random().str())).string();
    void TearDown() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
};

TEST_F(PageInstanceTest, lets_one_process_serve_a_host_and_tells_others_where) {
    auto first = PageInstance::claim(folder, "local");
    ASSERT_TRUE(first && *first) << (first ? "" : describe(first.error()));
    ASSERT_TRUE((*first)->announce("http://127.0.0.1:8472/#token=x"));
    const auto second = PageInstance::claim(folder, "local");
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
    const auto page = find_running_page(folder, "local", CallContext::within(seconds(5)));
    ASSERT_TRUE(page);
    EXPECT_EQ(page->address, "http://127.0.0.1:8472/#token=x");
    const auto other = PageInstance::claim(folder, "sim");
    EXPECT_TRUE(other && *other);
}

TEST_F(PageInstanceTest, forgets_the_address_when_the_server_ends) {
    {
        auto first = PageInstance::claim(folder, "local");
        ASSERT_TRUE(first && *first);
        ASSERT_TRUE((*first)->announce("http://127.0.0.1:1/"));
    }
    const auto gone = find_running_page(folder, "local", CallContext::within(std::chrono::milliseconds(1)));
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, "serve.not_found");
    const auto again = PageInstance::claim(folder, "local");
    EXPECT_TRUE(again && *again);
}

TEST_F(PageInstanceTest, leads_a_browser_there_by_a_file_that_follows_a_new_address) {
    auto first = PageInstance::claim(folder, "local");
    ASSERT_TRUE(first && *first);
    for (const std::string address : {"http://127.0.0.1:8472/#token=old", "http://127.0.0.1:8472/#token=new"}) {
        ASSERT_TRUE((*first)->announce(address));
        const auto page = find_running_page(folder, "local", CallContext::within(seconds(5)));
        ASSERT_TRUE(page);
        EXPECT_EQ(page->address, address);
        EXPECT_EQ(page->door, (*first)->door());
        const auto door = platform::read_text_file(page->door, 4096);
        ASSERT_TRUE(door);
        EXPECT_NE(door->find("url=" + address + "\""), std::string::npos) << *door;
    }
    const std::string door = (*first)->door();
    first->reset();
    EXPECT_FALSE(platform::file_exists(door));
}

TEST_F(PageInstanceTest, drops_the_address_of_a_server_that_died) {
    std::filesystem::create_directories(folder + "/ui");
    { auto dead = platform::write_file_atomically(folder + "/ui/local.address", "http://127.0.0.1:2/"); }
    const auto claimed = PageInstance::claim(folder, "local");
    ASSERT_TRUE(claimed && *claimed);
    EXPECT_FALSE(platform::file_exists(folder + "/ui/local.address"));
}

TEST(LastPageTest, waits_long_for_the_first_page_and_short_after_the_last) {
    const LastPage::Moment start{};
    LastPage watch(start);
    EXPECT_FALSE(watch.closed(0, start + seconds(119)));
    EXPECT_FALSE(watch.closed(1, start + seconds(121)));
    EXPECT_FALSE(watch.closed(2, start + seconds(500)));
    EXPECT_FALSE(watch.closed(0, start + seconds(514)));
    EXPECT_TRUE(watch.closed(0, start + seconds(515)));
}

TEST(LastPageTest, counts_a_page_that_is_loaded_anew_as_open) {
    const LastPage::Moment start{};
    LastPage watch(start);
    EXPECT_FALSE(watch.closed(1, start));
    EXPECT_FALSE(watch.closed(0, start + seconds(10)));
    EXPECT_FALSE(watch.closed(1, start + seconds(12)));
    EXPECT_FALSE(watch.closed(0, start + seconds(20)));
}

TEST(LastPageTest, ends_when_no_page_ever_comes) {
    const LastPage::Moment start{};
    LastPage watch(start);
    EXPECT_TRUE(watch.closed(0, start + seconds(120)));
}

assign::Plan plan_with(std::vector<std::pair<std::string, assign::Verdict>> checks, bool step_needs_rights) {
    assign::Plan plan;
    for (auto& [id, verdict] : checks)
        plan.checks.push_back({id, verdict, {}, {}});
    plan.steps.emplace_back().needs_elevation = step_needs_rights;
    return plan;
}

TEST(RightsTest, are_missing_when_nothing_else_speaks_against_the_plan) {
    using assign::Verdict;
    EXPECT_TRUE(only_rights_are_missing(plan_with({{"host.elevation", Verdict::fail}}, true), false));
    EXPECT_TRUE(only_rights_are_missing(plan_with({{"guest.space", Verdict::warn}}, true), false));
    EXPECT_FALSE(only_rights_are_missing(plan_with({{"host.elevation", Verdict::fail}}, true), true));
    EXPECT_FALSE(only_rights_are_missing(plan_with({}, false), false));
    EXPECT_FALSE(only_rights_are_missing(
        plan_with({{"host.elevation", Verdict::fail}, {"guest.bitlocker", Verdict::fail}}, true), false));
}

} // namespace
} // namespace exhyperv::cli
