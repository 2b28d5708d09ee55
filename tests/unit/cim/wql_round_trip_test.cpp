#include "cim/wql.h"
#include "random_content.h"

#include <gtest/gtest.h>

namespace exhyperv::cim::wql {
namespace {

TEST(WqlRoundTrip, AnyQueryReadsBackAsItself) {
    RandomContent random(2);
    for (int i = 0; i < 5000; ++i) {
        const Query query = random.query();
        const std::string text = query.text();
        const auto again = Query::parse(text);
        ASSERT_TRUE(again) << text << "\n" << describe(again.error());
        ASSERT_EQ(*again, query) << text << "\n" << again->text();
    }
}

TEST(WqlRoundTrip, AnyPrefixMatchesWhatStartsWithItAndNothingElse) {
    RandomContent random(3);
    for (int i = 0; i < 2000; ++i) {
        const std::string prefix = random.text() + "x", rest = random.text();
        Instance row("X");
        row.set("Id", Value::string(prefix + rest));
        EXPECT_TRUE(*matches(starts_with("Id", prefix), row)) << prefix << " | " << rest;
        row.set("Id", Value::string("y" + prefix + rest));
        EXPECT_EQ(*matches(starts_with("Id", prefix), row), ("y" + prefix + rest).starts_with(prefix));
    }
}

} // namespace
} // namespace exhyperv::cim::wql
