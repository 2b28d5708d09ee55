#include "cim/wql.h"
#include "cim/xml.h"
#include "random_content.h"

#include <gtest/gtest.h>

namespace exhyperv::cim {
namespace {

/// Feeds damaged variants of good texts: cut, with flipped bytes, with pieces doubled. The parsers may refuse or
/// accept; they must come back, and what they accept must be writable.
template <class Make, class Parse>
void damage(std::uint32_t seed, int rounds, Make&& make, Parse&& parse) {
    RandomContent random(seed);
    for (int i = 0; i < rounds; ++i) {
        std::string text = make(random);
        switch (random.below(4)) {
        case 0:
            text.resize(random.below(static_cast<std::uint32_t>(text.size()) + 1));
            break;
        case 1:
            for (std::uint32_t n = 1 + random.below(4); n > 0 && !text.empty(); --n)
                text[random.below(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random.below(256));
            break;
        case 2: {
            const auto at = random.below(static_cast<std::uint32_t>(text.size()) + 1);
            text.insert(at, text.substr(random.below(static_cast<std::uint32_t>(text.size()) + 1), random.below(40)));
            break;
        }
        default:
            text = random.bytes(random.below(200));
        }
        parse(text);
    }
}

TEST(HostileInput, ObjectPathsNeverCrash) {
    damage(
        10, 20000, [](RandomContent& random) { return random.path(random.coin()).full(); },
        [](const std::string& text) {
            if (const auto path = ObjectPath::parse(text)) {
                const auto again = ObjectPath::parse(path->full());
                ASSERT_TRUE(again) << text;
                EXPECT_EQ(*again, *path);
            }
        });
}

TEST(HostileInput, QueriesNeverCrash) {
    damage(
        11, 20000, [](RandomContent& random) { return random.query().text(); },
        [](const std::string& text) {
            if (const auto query = wql::Query::parse(text)) {
                EXPECT_TRUE(wql::Query::parse(query->text())) << text;
            }
        });
}

TEST(HostileInput, XmlTextsNeverCrash) {
    damage(
        12, 5000, [](RandomContent& random) { return to_cim_xml(random.instance(2)); },
        [](const std::string& text) {
            if (const auto instance = parse_cim_xml(text)) {
                EXPECT_TRUE(parse_cim_xml(to_cim_xml(*instance))) << text;
            }
        });
}

} // namespace
} // namespace exhyperv::cim
