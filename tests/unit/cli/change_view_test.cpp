#include "cli/output.h"
#include "cli/views/history_view.h"
#include "cli/views/plan_view.h"
#include "cli/views/setting_text.h"
#include "cli/views/step_view.h"
#include "plan_fixture.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

namespace exhyperv::cli {
namespace {

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

/// An Output into a temporary file, and what was written there.
class Captured {
  public:
    explicit Captured(bool json = false, bool live = false)
        : file_(std::tmpfile()), output_(file_.get(), file_.get(), Ui{}, Ui{}, json, live) {}
    Output& output() { return output_; }
    [[nodiscard]] std::string text() const {
        std::rewind(file_.get());
        std::string out;
        for (int c = std::fgetc(file_.get()); c != EOF; c = std::fgetc(file_.get()))
            out += static_cast<char>(c);
        return out;
    }

  private:
    std::unique_ptr<std::FILE, Close> file_;
    Output output_;
};

using Kind = assign::StepEvent::Kind;

TEST(PlanView, InShortShowsOnlyChecksAPersonMustKnowOf) {
    const std::string text = checks_in_short(sample_plan().checks, {});
    EXPECT_NE(text.find("1 of 2 passed"), std::string::npos) << text;
    EXPECT_NE(text.find("! Checkpoints  a card this host has no more"), std::string::npos);
    EXPECT_NE(text.find("→ More about a command"), std::string::npos);
    EXPECT_EQ(text.find("✓"), std::string::npos);
}

TEST(PlanView, InFullShowsEvidenceReasonsAndUndo) {
    Ui ui;
    const std::string text = checks_in_full(sample_plan(true), ui) + steps_in_full(sample_plan(), ui);
    for (const char* part : {"✓ Windows of the host  running", "✗ vm.off               running",
                             "1. Settings that matter for GPUs (VM off)", "Why", "Guest-controlled cache types",
                             "If a later step fails", "2. Files"})
        EXPECT_NE(text.find(part), std::string::npos) << part << '\n' << text;
    EXPECT_EQ(text.find("[vm.off]"), std::string::npos);
    ui.verbose = true;
    EXPECT_NE(checks_in_full(sample_plan(true), ui).find("[vm.off]"), std::string::npos);
}

TEST(StepView, SaysEachStepOnceOnAPlainOutput) {
    Captured captured;
    const auto plan = sample_plan();
    StepView view(plan, captured.output());
    view.handle({Kind::started, 0, {}, nullptr});
    view.handle({Kind::done, 0, {}, nullptr});
    view.handle({Kind::started, 1, {}, nullptr});
    for (std::uint64_t done = 0; done <= 100; ++done)
        view.handle({Kind::progress, 1, {done << 20, 100 << 20, "f"}, nullptr});
    view.handle({Kind::done, 1, {}, nullptr});
    const std::string text = captured.text();
    EXPECT_NE(text.find("  ✓ 1/2  Settings that matter for GPUs\n"), std::string::npos) << text;
    EXPECT_EQ(text.find('%'), std::string::npos) << "quick work is not narrated";
    EXPECT_NE(text.find("  ✓ 2/2  Files  (100 MiB"), std::string::npos) << text;
    EXPECT_EQ(text.find('\r'), std::string::npos) << "nothing is redrawn without a terminal";
}

TEST(StepView, RedrawsOneLineOnATerminalAndLeavesNothingOfIt) {
    Captured captured(false, true);
    const auto plan = sample_plan();
    StepView view(plan, captured.output());
    view.handle({Kind::started, 1, {}, nullptr});
    view.handle({Kind::done, 1, {}, nullptr});
    const std::string text = captured.text();
    EXPECT_NE(text.find("\r\x1b[2K"), std::string::npos);
    EXPECT_NE(text.rfind("\x1b[2K  ✓ 2/2  Files"), std::string::npos) << text;
}

TEST(StepView, TellsOfFailureAndUndo) {
    Captured captured;
    const auto plan = sample_plan();
    const Error error{"cli.declined", {}, {}, {}, {}};
    StepView view(plan, captured.output());
    view.handle({Kind::failed, 1, {}, &error});
    view.handle({Kind::undo_started, 0, {}, nullptr});
    view.handle({Kind::undone, 0, {}, nullptr});
    view.handle({Kind::undo_failed, 0, {}, &error});
    view.handle({Kind::done, 7, {}, nullptr}); // an index out of the plan is ignored
    const std::string text = captured.text();
    for (const char* part : {"✗ 2/2  Files", "Nothing was changed", "Undoing what was done", "↩ 1/2  Undone: Settings",
                             "✗ 1/2  Could not be undone: Settings"})
        EXPECT_NE(text.find(part), std::string::npos) << part << '\n' << text;
}

TEST(StepView, IsSilentForPrograms) {
    Captured captured(true);
    const auto plan = sample_plan();
    StepView view(plan, captured.output());
    view.handle({Kind::started, 0, {}, nullptr});
    view.handle({Kind::done, 0, {}, nullptr});
    EXPECT_EQ(captured.text(), "");
}

TEST(ReadBackText, ListsFactsAndWarnings) {
    assign::OperationResult result;
    result.steps.push_back({"a", true, {{"cli.on", {}}}, {{"cli.off", {}}}});
    const std::string text = read_back_text(result, {});
    EXPECT_NE(text.find("  • on\n"), std::string::npos) << text;
    EXPECT_NE(text.find("  ! off\n"), std::string::npos) << text;
    EXPECT_EQ(read_back_text({}, {}), "");
}

TEST(SettingText, NamesSettingsAsPeopleDo) {
    using Words = SettingWords;
    EXPECT_EQ(setting_words("HighMmioGapSize", "32768", {}), (Words{"High MMIO space", "32 GiB"}));
    EXPECT_EQ(setting_words("GuestControlledCacheTypes", "true", {}), (Words{"Guest-controlled cache types", "on"}));
    EXPECT_EQ(setting_words("AutomaticShutdownAction", "2", {}), (Words{"When the host stops", "turn off"}));
    EXPECT_EQ(setting_words("UserSnapshotType", "77", {}), (Words{"Checkpoint type", "77"}))
        << "unknown stays as it is";
    EXPECT_EQ(setting_words("LowMmioGapSize", "99999999999999999999", {}).second, "99999999999999999999");
    EXPECT_EQ(setting_words("Other", "x\x1b", {}), (Words{"Other", "x"}));
}

TEST(SettingText, OfAStepIsItsNumberAndItsList) {
    assign::Step step;
    step.kind = "vm.settings";
    step.what = {"step.settings.what", {{"vm", "win11"}, {"changes", "LowMmioGapSize = 1024, Other = x"}}};
    EXPECT_EQ(step_title(step, {}), "Change 2 settings of win11");
    ASSERT_EQ(setting_changes(step, {}).size(), 2u);
    EXPECT_EQ(setting_changes(step, {})[0].second, "1 GiB");
    EXPECT_EQ(fact_text({"step.settings.fact", {{"setting", "LowMmioGapSize"}, {"value", "1024"}}}, {}),
              "Low MMIO space: 1 GiB");
    step.kind = "other";
    EXPECT_NE(step_title(step, {}).find("LowMmioGapSize"), std::string::npos);
}

TEST(HistoryView, ShowsHowFarAnOperationCame) {
    assign::HistoryEntry entry;
    entry.plan = sample_plan();
    entry.started = "2026-11-22T20:15:00Z";
    entry.who = "me@here";
    entry.state = assign::HistoryEntry::State::open;
    entry.steps_done = 1;
    Ui ui;
    ui.width = 120;
    EXPECT_NE(history_table({entry}, ui).find("3F2504E0  2026-11-22 20:15:00  VM win11  cut off    1/2"),
              std::string::npos)
        << history_table({entry}, ui);
    const std::string text = history_text(entry, ui);
    EXPECT_NE(text.find("✓ 1  Settings"), std::string::npos) << text;
    EXPECT_NE(text.find("· 2  Files"), std::string::npos) << text;
}

} // namespace
} // namespace exhyperv::cli
