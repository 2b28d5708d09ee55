#include "assign/device/compatibility.h"
#include "sample.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace exhyperv::assign {
namespace {

using Answer = CompatibilityRow::Answer;

TEST(Compatibility, HoldsTheCardsThatWereReported) {
    const auto& table = builtin_compatibility();
    struct {
        std::uint16_t vendor, device;
        Answer identified, reset, output;
    } const cards[] = {{0x10DE, 0x2786, Answer::yes, Answer::yes, Answer::yes},
                       {0x10DE, 0x1C81, Answer::yes, Answer::yes, Answer::yes},
                       {0x10DE, 0x1D01, Answer::yes, Answer::yes, Answer::yes},
                       {0x10DE, 0x0A65, Answer::yes, Answer::yes, Answer::no},
                       {0x8086, 0x4905, Answer::yes, Answer::no, Answer::conditional}};
    for (const auto& card : cards) {
        const auto* row = find_compatibility(table, card.vendor, card.device);
        ASSERT_NE(row, nullptr) << card.device;
        EXPECT_EQ(row->identified, card.identified);
        EXPECT_EQ(row->function_level_reset, card.reset);
        EXPECT_EQ(row->display_output, card.output);
        EXPECT_FALSE(row->source.empty());
    }
    EXPECT_EQ(find_compatibility(table, 0x10DE, 0xFFFF), nullptr);
}

constexpr const char* kRow = R"({"card": "A card", "ids": ["1234:ABCD"], "identified": "yes",
    "function_level_reset": "no", "display_output": "unknown", "source": "me"})";

Result<std::vector<CompatibilityRow>> parse(const std::string& rows) {
    return parse_compatibility("{\"format\": 1, \"cards\": [" + rows + "]}");
}

TEST(Compatibility, ReadsAGoodRow) {
    const auto table = parse(kRow);
    ASSERT_TRUE(table) << describe(table.error());
    EXPECT_EQ(table->front().card, "A card");
    EXPECT_EQ(table->front().function_level_reset, Answer::no);
    EXPECT_EQ(find_compatibility(*table, 0x1234, 0xABCD), &table->front());
}

TEST(Compatibility, RefusesWhatDoesNotFit) {
    auto row = nlohmann::json::parse(kRow);
    const auto with = [&](const char* key, nlohmann::json value) {
        auto changed = row;
        if (value.is_null())
            changed.erase(key);
        else
            changed[key] = std::move(value);
        return parse(changed.dump());
    };
    const nlohmann::json none;
    for (const char* key : {"card", "ids", "identified", "function_level_reset", "display_output", "source"}) {
        EXPECT_EQ(with(key, none).error().code, "device.table_invalid") << key;
        EXPECT_EQ(with(key, 7).error().code, "device.table_invalid") << key;
    }
    EXPECT_FALSE(with("colour", "red"));
    EXPECT_FALSE(with("identified", "perhaps"));
    EXPECT_FALSE(with("card", ""));
    EXPECT_FALSE(with("card", std::string(2000, 'x')));
    EXPECT_FALSE(with("ids", nlohmann::json::array()));
    EXPECT_FALSE(with("ids", {"1234:abcd"})) << "upper case";
    EXPECT_FALSE(with("ids", {"12345ABCD"}));
    EXPECT_FALSE(with("note", {{"en", "only English"}}));
    EXPECT_FALSE(with("display_output", "conditional")) << "without the condition";
    EXPECT_FALSE(parse(std::string(kRow) + "," + kRow)) << "an id twice";
    EXPECT_FALSE(parse_compatibility("{\"format\": 2, \"cards\": []}"));
    EXPECT_FALSE(parse_compatibility("[1"));
    EXPECT_FALSE(parse_compatibility(""));
}

TEST(Compatibility, ReportIsARowOfTheTable) {
    DeviceInventory inventory;
    inventory.facts.os_name = "Microsoft Windows Server 2025 Datacenter";
    inventory.facts.build = 26100;
    auto entry = sample_entry();
    entry.device.vendor_id = 0x1002;
    entry.device.device_id = 0x744C;
    entry.device.name = "AMD \"Radeon\" RX 7900";
    entry.driver_version = "32.0.1";
    const auto text = compatibility_report(inventory, entry);
    const auto table = parse(text);
    ASSERT_TRUE(table) << describe(table.error()) << text;
    EXPECT_EQ(table->front().ids, std::vector<std::string>{"1002:744C"});
    EXPECT_EQ(table->front().card, "AMD \"Radeon\" RX 7900");
    EXPECT_EQ(table->front().identified, Answer::unknown) << "only a person can know";
    EXPECT_NE(table->front().source.find("26100"), std::string::npos);
}

TEST(Compatibility, ReportOfAKnownCardStartsFromItsRow) {
    auto entry = sample_entry();
    entry.device.vendor_id = 0x8086;
    entry.device.device_id = 0x4908;
    entry.compatibility = *find_compatibility(builtin_compatibility(), 0x8086, 0x4908);
    const auto table = parse(compatibility_report({}, entry));
    ASSERT_TRUE(table) << describe(table.error());
    EXPECT_EQ(table->front().card, "Intel DG1");
    EXPECT_EQ(table->front().display_output, Answer::conditional);
    EXPECT_FALSE(table->front().note_zh.empty());
}

} // namespace
} // namespace exhyperv::assign
