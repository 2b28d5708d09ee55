#include "cli/document.h"
#include "plan_fixture.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace exhyperv::cli {
namespace {

using nlohmann::json;

TEST(Envelope, HasSchemaCommandResultAndExitCode) {
    const json document = json::parse(envelope_text(
        {"gpu add", 0, text::Language::en, change_document(sample_plan(), nullptr, true, text::Language::en), {}, {}}));
    EXPECT_EQ(document["schema"], "exhyperv/1");
    EXPECT_EQ(document["command"], "gpu add");
    EXPECT_EQ(document["exit_code"], 0);
    EXPECT_EQ(document["result"]["dry_run"], true);
    EXPECT_EQ(document["result"]["plan"]["checks"][1]["verdict"], "warn");
    EXPECT_EQ(document["result"]["plan"]["checks"][1]["evidence"]["text"], "a card this host has no more");
    EXPECT_FALSE(document["result"]["plan"]["checks"][0].contains("remedy"));
    EXPECT_EQ(document["result"]["plan"]["steps"][0]["needs_vm_off"], true);
    EXPECT_FALSE(document.contains("error"));
}

TEST(Envelope, CarriesErrorsWithTextAndNativeCode) {
    Error error{"cli.bad_value", {{"option", "--x"}, {"value", "\xFF"}, {"expected", "y"}}, {}, "provider", "detail"};
    error.with_native(NativeKind::hresult, 0x80041003);
    const json document = json::parse(envelope_text({"", 2, text::Language::zh_hans, Document(), error, {}}));
    EXPECT_EQ(document["language"], "zh-Hans");
    EXPECT_EQ(document["error"]["code"], "cli.bad_value");
    EXPECT_EQ(document["error"]["native"]["text"], "0x80041003");
    EXPECT_EQ(document["error"]["provider_text"], "provider");
    EXPECT_FALSE(document["error"]["remedy"].get<std::string>().empty());
    EXPECT_FALSE(document.contains("result"));
}

TEST(ChangeDocument, TellsWhatWasReadBack) {
    assign::OperationResult result;
    result.outcome = assign::Outcome::partly_undone;
    result.steps.push_back({"a", true, {{"cli.on", {}}}, {}});
    result.undo_errors.push_back({"cli.declined", {}, {}, {}, {}});
    const auto document = change_document(sample_plan(), &result, false, text::Language::en);
    EXPECT_EQ(document.content()["outcome"], "partly_undone");
    EXPECT_EQ(document.content()["steps"][0]["facts"][0]["text"], "on");
    EXPECT_EQ(document.content()["undo_errors"][0]["code"], "cli.declined");
}

TEST(VmDocument, LeavesTheUnknownOut) {
    app::Inventory inventory;
    inventory.vms.emplace_back();
    const auto document = vm_document(inventory, inventory.vms[0]);
    EXPECT_EQ(document.content()["vm"]["state"], "unknown");
    EXPECT_FALSE(document.content()["vm"].contains("guest_build"));
    EXPECT_FALSE(document.content()["vm"]["settings"].contains("low_mmio_mib"));
    EXPECT_TRUE(document.content()["vm"]["gpu_partitions"].empty());
}

} // namespace
} // namespace exhyperv::cli
