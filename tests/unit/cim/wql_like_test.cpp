#include "cim/wql.h"

#include <gtest/gtest.h>

namespace exhyperv::cim::wql {
namespace {

TEST(WqlLike, FollowsTheWildcards) {
    struct Case {
        const char* text;
        const char* pattern;
        bool matches;
    };
    const Case cases[] = {
        {"", "", true},
        {"", "%", true},
        {"a", "", false},
        {"abc", "%", true},
        {"abc", "abc", true},
        {"ABC", "abc", true},
        {"abc", "ab", false},
        {"abc", "a%", true},
        {"abc", "%c", true},
        {"abc", "%b%", true},
        {"abc", "a_c", true},
        {"abc", "a__c", false},
        {"abc", "%%%", true},
        {"a%c", "a[%]c", true},
        {"axc", "a[%]c", false},
        {"a_c", "a[_]c", true},
        {"axc", "a[_]c", false},
        {"a[c", "a[[]c", true},
        {"a]c", "a]c", true},
        {"abc", "a[a-c]c", true},
        {"abc", "a[a=c]c", true},
        {"adc", "a[a-c]c", false},
        {"adc", "a[^a-c]c", true},
        {"abc", "a[^a-c]c", false},
        {"a-c", "a[x-]c", true},
        {"a[", "a[", true},
        {"a[b", "a[b", true},
        {"a]c", "a[]]c", true},
        {"aXbXc", "a%b%c", true},
        {"aaaaab", "%a%a%b", true},
        {"aaaaaa", "%a%a%b", false},
        {"显卡", "显_", true},
        {"显卡", "__", true},
        {"显卡", "_", false},
    };
    for (const Case& one : cases)
        EXPECT_EQ(like(one.text, one.pattern), one.matches) << one.text << " LIKE " << one.pattern;
}

TEST(WqlLike, StaysFastOnPatternsMadeToBlowUp) {
    std::string pattern;
    for (int i = 0; i < 200; ++i)
        pattern += "%a";
    EXPECT_FALSE(like(std::string(2000, 'a') + "b", pattern + "%c"));
}

} // namespace
} // namespace exhyperv::cim::wql
