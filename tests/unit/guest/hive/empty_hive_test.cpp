#include "hive_tools.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

TEST(EmptyHive, IsOneRootKeyWithoutValues) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    EXPECT_TRUE(hive.has_key(""));
    EXPECT_TRUE(hive.subkeys("")->empty());
    EXPECT_TRUE(hive.values("")->empty());
}

TEST(EmptyHive, IsTheSameBytesEachTime) {
    EXPECT_EQ(make_empty_hive("SYSTEM"), make_empty_hive("SYSTEM"));
    EXPECT_EQ(make_empty_hive("SYSTEM").size(), 8192u);
}

TEST(EmptyHive, AnyNameGivesAValidHive) {
    for (const std::string& name : {std::string(), std::string("ÄÖ"), std::string("a"), std::string(500, 'x')})
        open_hive(make_empty_hive(name));
}

TEST(EmptyHive, IsReadByRegfexport) {
    NEED("regfexport");
    HiveFile file(make_empty_hive("SOFTWARE"));
    auto out = file.run("regfexport {}");
    EXPECT_EQ(out.status, 0) << out.text;
    EXPECT_NE(out.text.find("SOFTWARE"), std::string::npos) << out.text;
    EXPECT_EQ(out.text.find("orrupt"), std::string::npos) << out.text;
}

TEST(EmptyHive, IsReadByHivexmlAndHivexregedit) {
    NEED("hivexml");
    NEED("hivexregedit");
    HiveFile file(make_empty_hive("SOFTWARE"));
    EXPECT_EQ(file.run("hivexml {}").status, 0);
    auto out = file.run("hivexregedit --export --prefix 'HKLM' {} '\\'");
    EXPECT_EQ(out.status, 0) << out.text;
}

} // namespace
} // namespace exhyperv::guest
