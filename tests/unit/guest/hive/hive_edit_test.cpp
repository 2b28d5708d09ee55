#include "hive_tools.h"

#include "guest/hive/hivex_handle.h"

namespace exhyperv::guest {
namespace {

using namespace testing;

std::vector<HiveEdit> many_values(int keys, int values_per_key, const std::string& suffix) {
    std::vector<HiveEdit> edits;
    for (int v = 0; v < values_per_key; ++v)
        for (int k = 0; k < keys; ++k) // not key by key: the batches have to be found
            edits.push_back(set_string("ControlSet001\\Services\\nvlddmkm\\Key" + std::to_string(k),
                                       "Value" + std::to_string(v),
                                       "C:\\Windows\\System32\\HostDriverStore\\" + std::to_string(v) + suffix, 2));
    return edits;
}

TEST(HiveEdit, ValuesKeysAndDeletionsAreDoneAndCounted) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    EXPECT_EQ(merge(hive, {set_string("A\\B", "Name", "text"),
                           set_dword("a\\b", "Number", 5),
                           {HiveEdit::Kind::create_key, "C\\D", {}}}),
              6u)
        << "A, B, C, D and two values";
    EXPECT_TRUE(hive.has_key("A\\b"));
    EXPECT_TRUE(hive.has_key("\\c\\d\\"));
    EXPECT_EQ(hive.values("A\\B")->size(), 2u);
    EXPECT_EQ((*hive.value("a\\B", "nUMBER"))->data[0], std::byte{5});
    EXPECT_EQ(merge(hive, {delete_value("A\\B", "name"), delete_value("A\\B", "none"), delete_value("none", "none")}),
              1u);
    EXPECT_EQ(hive.values("A\\B")->size(), 1u);
    EXPECT_EQ(merge(hive, {{HiveEdit::Kind::delete_key_tree, "C", {}}, {HiveEdit::Kind::delete_key_tree, "C", {}}}),
              1u);
    EXPECT_FALSE(hive.has_key("C\\D"));
    EXPECT_EQ(*hive.subkeys(""), std::vector<std::string>{"A"});
    EXPECT_EQ(hive.values("none").error().code, "hive.no_key");
    EXPECT_FALSE(*hive.value("none", "x"));
}

TEST(HiveEdit, EditsOfOneKeyKeepTheirOrder) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    merge(hive, {set_dword("A", "x", 1), set_dword("B", "y", 1), set_dword("A", "X", 2), delete_value("B", "Y"),
                 set_dword("B", "y", 3)});
    EXPECT_EQ((*hive.value("A", "x"))->data[0], std::byte{2});
    EXPECT_EQ((*hive.value("B", "y"))->data[0], std::byte{3});
    merge(hive, {set_dword("A", "z", 1), {HiveEdit::Kind::delete_key_tree, "A", {}}, set_dword("A", "w", 1)});
    EXPECT_EQ(hive.values("A")->size(), 1u);
}

TEST(HiveEdit, EqualValuesAreNotWritten) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    EXPECT_EQ(merge(hive, many_values(10, 20, "a")), 10u * 20u + 13u);
    auto before = *hive.content();
    EXPECT_EQ(merge(hive, many_values(10, 20, "a")), 0u);
    EXPECT_EQ(*hive.content(), before);
    EXPECT_EQ(merge(hive, {set_string("ControlSet001\\Services\\nvlddmkm\\Key0", "Value0", "other")}), 1u);
}

TEST(HiveEdit, FiveThousandValuesGrowTheHiveByTheirSizeOnly) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    merge(hive, many_values(100, 50, "a"));
    EXPECT_LT(hive.content()->size(), 2u << 20) << "one list a key; written value by value it would be 20 MB";
    std::size_t data = 0;
    for (const auto& edit : many_values(100, 50, "a"))
        data += edit.value.data.size();
    EXPECT_GT(hive.content()->size(), data);
}

TEST(HiveEdit, OversizedValuesAreRefusedBeforeAnythingIsDone) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    auto before = *hive.content();
    HiveEdit fits{HiveEdit::Kind::set_value, "A", {"fits", 3, std::vector<std::byte>(16344)}};
    HiveEdit large{HiveEdit::Kind::set_value, "A", {"large", 3, std::vector<std::byte>(16345)}};
    auto error = hive.apply({fits, large}).error();
    EXPECT_EQ(error.code, "hive.value_too_large");
    EXPECT_EQ(*error.arg("value"), "large");
    EXPECT_EQ(*hive.content(), before);
    EXPECT_FALSE(hive.has_key("A"));
    EXPECT_EQ(merge(hive, {fits}), 2u);
}

TEST(HiveEdit, AKeyThatHoldsAnOversizedValueIsNotRewritten) {
    auto content = make_empty_hive("SYSTEM");
    auto raw = HivexHandle::open(content);
    ASSERT_TRUE(raw);
    std::string key = "large", data(20'000, 'x');
    auto node = hivex_node_add_child(raw->get(), raw->root(), "Crowded");
    hive_set_value value{key.data(), hive_t_REG_BINARY, data.size(), data.data()};
    ASSERT_EQ(hivex_node_set_value(raw->get(), node, &value, 0), 0);
    auto hive = open_hive(*raw->content());
    auto before = *hive.content();
    auto error = hive.apply({set_dword("Fine", "a", 1), set_dword("Crowded", "b", 1)}).error();
    EXPECT_EQ(error.code, "hive.value_too_large");
    EXPECT_EQ(*error.arg("value"), "large");
    EXPECT_EQ(*hive.content(), before) << "all edits or none";
    EXPECT_FALSE(hive.has_key("Fine"));
    EXPECT_EQ(merge(hive, {set_dword("Fine", "a", 1)}), 2u) << "the hive is usable on";
}

TEST(HiveEdit, BadNamesAreRefused) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    EXPECT_EQ(hive.apply({set_dword(std::string(300, 'k'), "v", 1)}).error().code, "hive.bad_key");
    EXPECT_EQ(hive.apply({set_dword("k", std::string("a\0b", 3), 1)}).error().code, "hive.bad_key");
    EXPECT_EQ(hive.apply({set_dword("k", "\xff", 1)}).error().code, "hive.bad_key");
    EXPECT_EQ(hive.apply({{HiveEdit::Kind::delete_key_tree, "", {}}}).error().code, "hive.bad_key");
    std::string deep;
    for (int i = 0; i < 600; ++i)
        deep += "a\\";
    EXPECT_EQ(hive.values(deep).error().code, "hive.bad_key");
}

TEST(HiveEdit, FourOtherReadersSeeWhatWasWritten) {
    NEED("hivexget");
    NEED("hivexregedit");
    NEED("hivexml");
    NEED("regfexport");
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    merge(hive, {set_string("ControlSet001\\Services\\nvlddmkm", "ImagePath",
                            "\\SystemRoot\\System32\\HostDriverStore\\nvlddmkm.sys", 2),
                 set_dword("ControlSet001\\Services\\nvlddmkm", "Start", 3), set_string("Größe 显卡", "naïve", "값"),
                 set_string("ControlSet001", "", "default value")});
    merge(hive, many_values(20, 50, "b"));
    HiveFile file(*hive.content());
    EXPECT_EQ(file.run("hivexget {} 'ControlSet001\\Services\\nvlddmkm' ImagePath").text,
              "\\SystemRoot\\System32\\HostDriverStore\\nvlddmkm.sys\n");
    EXPECT_EQ(file.run("hivexget {} 'Größe 显卡' naïve").text, "값\n");
    auto exported = file.run("hivexregedit --export {} 'ControlSet001\\Services\\nvlddmkm'").text;
    EXPECT_NE(exported.find("\"Start\"=dword:00000003"), std::string::npos) << exported.substr(0, 500);
    auto xml = file.run("hivexml {}");
    EXPECT_EQ(xml.status, 0);
    std::size_t values = 0;
    for (auto at = xml.text.find("<value "); at != std::string::npos; at = xml.text.find("<value ", at + 1))
        ++values;
    EXPECT_EQ(values, 4u + 20u * 50u);
    auto exporter = file.run("regfexport {}");
    EXPECT_EQ(exporter.status, 0) << exporter.text.substr(0, 500);
    EXPECT_NE(exporter.text.find("Value49"), std::string::npos);
    EXPECT_EQ(exporter.text.find("orrupt"), std::string::npos);
}

TEST(HiveEdit, ADeepAndWideTreeSurvives) {
    auto hive = open_hive(make_empty_hive("SOFTWARE"));
    std::vector<HiveEdit> edits;
    for (int i = 0; i < 1500; ++i)
        edits.push_back(set_dword("Classes\\CLSID\\{" + std::to_string(100000 + i) + "}\\InprocServer32", "x", i));
    EXPECT_EQ(merge(hive, edits), 1500u * 3u + 2u);
    EXPECT_EQ(hive.subkeys("Classes\\CLSID")->size(), 1500u);
    auto again = open_hive(*hive.content());
    EXPECT_EQ((*again.value("Classes\\CLSID\\{100777}\\InprocServer32", "x"))->data[0], std::byte{777 & 0xff});
}

} // namespace
} // namespace exhyperv::guest
