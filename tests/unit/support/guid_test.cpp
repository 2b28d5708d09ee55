#include "support/guid.h"

#include <gtest/gtest.h>

#include <set>

namespace exhyperv {
namespace {

constexpr const char* kText = "3F2504E0-4F89-11D3-9A0C-0305E82C3301";

TEST(Guid, ReadsBothSpellingsAndWritesUpperCase) {
    EXPECT_EQ(Guid::parse(kText)->str(), kText);
    EXPECT_EQ(Guid::parse("{3f2504e0-4f89-11d3-9a0c-0305e82c3301}")->str(), kText);
}

TEST(Guid, RefusesEverythingElse) {
    for (const char* text : {"", "{}", "3F2504E04F8911D39A0C0305E82C3301", "3F2504E0-4F89-11D3-9A0C-0305E82C330",
                             "3F2504E0-4F89-11D3-9A0C-0305E82C33011", "3F2504E0-4F89-11D3-9A0C-0305E82C330G",
                             "{3F2504E0-4F89-11D3-9A0C-0305E82C3301", "3F2504E0-4F89-11D3-9A0C_0305E82C3301",
                             "3F2504E-04F89-11D3-9A0C-0305E82C3301", "HOST-NAME-OF-36-CHARACTERS-123456789"})
        EXPECT_FALSE(Guid::parse(text)) << text;
}

TEST(Guid, KeepsTheWindowsLayoutApartFromTheText) {
    std::uint8_t raw[16];
    Guid::parse("00112233-4455-6677-8899-AABBCCDDEEFF")->to_windows(raw);
    const std::uint8_t expected[16] = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66,
                                       0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF};
    EXPECT_TRUE(std::equal(raw, raw + 16, expected));
    EXPECT_EQ(Guid::from_windows(raw).str(), "00112233-4455-6677-8899-AABBCCDDEEFF");
}

TEST(Guid, RandomOnesDifferAndCarryTheirVersion) {
    std::set<Guid> seen;
    for (int i = 0; i < 1000; ++i) {
        const Guid guid = Guid::random();
        EXPECT_EQ(guid.bytes[6] >> 4, 4);
        EXPECT_EQ(guid.bytes[8] >> 6, 2);
        EXPECT_TRUE(seen.insert(guid).second);
    }
}

TEST(Guid, NamesGiveStableDistinctGuids) {
    EXPECT_EQ(Guid::from_name("vm win11"), Guid::from_name("vm win11"));
    EXPECT_NE(Guid::from_name("vm win11"), Guid::from_name("vm win10"));
    EXPECT_EQ(Guid::from_name("x").bytes[6] >> 4, 8);
    EXPECT_TRUE(Guid{}.is_null());
    EXPECT_FALSE(Guid::from_name("").is_null());
}

} // namespace
} // namespace exhyperv
