#include "assign/core/journal.h"

#include "assign/core/directory.h"
#include "sample_plan.h"
#include "scratch_directory.h"

#include <cstdlib>
#include <filesystem>

namespace exhyperv::assign {
namespace {

/// Makes one test point fail while it lives.
class FailingPoint {
  public:
    explicit FailingPoint(const char* point) { ::setenv("EXHYPERV_FAIL_AT", point, 1); }
    ~FailingPoint() { ::unsetenv("EXHYPERV_FAIL_AT"); }
    FailingPoint(const FailingPoint&) = delete;
    FailingPoint& operator=(const FailingPoint&) = delete;
};

TEST(Journal, TellsAnotherProcessEverythingThatHappened) {
    const ScratchDirectory state;
    const Plan plan = sample_plan(3);
    auto journal = Journal::begin(state.path(), plan);
    ASSERT_TRUE(journal) << describe(journal.error());
    ASSERT_TRUE(journal->intent(0, {{"old", 512}}));
    ASSERT_TRUE(journal->result(0, true, {{"id", "X"}}));
    ASSERT_TRUE(journal->intent(1, nullptr));
    Error error{"hyperv.failed", {{"operation", "Add"}}, {NativeKind::job, 32768}, "text\nof two lines", "detail"};
    ASSERT_TRUE(journal->failed(1, error));
    ASSERT_TRUE(journal->undo_intent(1));

    const auto paths = open_journals(state.path());
    ASSERT_TRUE(paths);
    ASSERT_EQ(paths->size(), 1u);
    const auto content = read_journal(paths->front());
    ASSERT_TRUE(content) << describe(content.error());
    EXPECT_EQ(to_json(content->plan), to_json(plan));
    EXPECT_TRUE(content->steps[0].finished && content->steps[0].changed);
    EXPECT_EQ(content->steps[0].before["old"], 512);
    EXPECT_EQ(content->steps[0].record["id"], "X");
    EXPECT_TRUE(content->steps[1].intended && !content->steps[1].finished && content->steps[1].undo_intended);
    EXPECT_FALSE(content->steps[2].intended);
    EXPECT_TRUE(content->undoing);
    EXPECT_FALSE(content->ended);
    ASSERT_TRUE(content->error);
    EXPECT_EQ(content->error->provider_text, error.provider_text);
    EXPECT_EQ(content->error->native, error.native);
}

TEST(Journal, IsListedAfterEarlierOnesThoughTheClockWasSetBack) {
    const ScratchDirectory state;
    std::vector<std::string> begun;
    for (int i = 0; i < 4; ++i) {
        Plan plan = sample_plan(1);
        plan.id = "ABCD"[3 - i] + plan.id.substr(1); // names that would sort the other way round
        auto journal = Journal::begin(state.path(), plan);
        ASSERT_TRUE(journal) << describe(journal.error());
        begun.push_back(plan.id);
        if (i == 0) { // as if it had begun in the year 2999
            const auto path = open_journals(state.path())->front();
            const auto directory = path.substr(0, path.rfind('/') + 1);
            std::filesystem::rename(path, directory + "29991231T235959999Z_" + plan.id + ".jsonl");
        }
    }
    const auto paths = open_journals(state.path());
    ASSERT_EQ(paths->size(), begun.size());
    for (std::size_t i = 0; i < begun.size(); ++i)
        EXPECT_NE(paths->at(i).find(begun[i]), std::string::npos) << paths->at(i);
}

TEST(Journal, TakesALineTornByACrashAsNotWrittenAndWritesOnAfterIt) {
    const ScratchDirectory state;
    auto journal = Journal::begin(state.path(), sample_plan());
    ASSERT_TRUE(journal);
    ASSERT_TRUE(journal->intent(0, nullptr));
    ASSERT_TRUE(journal->result(0, true, nullptr));
    const std::string path = open_journals(state.path())->front();
    const std::string whole = ScratchDirectory::read(path);
    const auto last = whole.rfind('\n', whole.size() - 2) + 1;
    for (std::size_t cut = last; cut < whole.size(); ++cut) {
        ScratchDirectory::write(path, whole.substr(0, cut));
        const auto content = read_journal(path);
        ASSERT_TRUE(content) << "cut at " << cut << ": " << describe(content.error());
        ASSERT_TRUE(content->steps[0].intended);
        ASSERT_FALSE(content->steps[0].finished);
        auto again = Journal::reopen(*content);
        ASSERT_TRUE(again);
        ASSERT_TRUE(again->result(0, false, nullptr));
        ASSERT_TRUE(read_journal(path)->steps[0].finished);
    }
}

TEST(Journal, LeavesNothingOfALineThatCouldNotBeFlushed) {
    const ScratchDirectory state;
    auto journal = Journal::begin(state.path(), sample_plan());
    ASSERT_TRUE(journal);
    ASSERT_TRUE(journal->intent(0, nullptr));
    const std::string path = open_journals(state.path())->front();
    const std::string before = ScratchDirectory::read(path);
    {
        const FailingPoint full_disk("journal.flush");
        ASSERT_FALSE(journal->result(0, true, {{"long", std::string(3000, 'x')}}));
    }
    EXPECT_EQ(ScratchDirectory::read(path), before);
    ASSERT_TRUE(journal->undo_intent(0)); // shorter than the line that failed
    ASSERT_TRUE(journal->undone(0));
    const auto content = read_journal(path);
    ASSERT_TRUE(content) << describe(content.error());
    EXPECT_FALSE(content->steps[0].finished);
    EXPECT_TRUE(content->steps[0].undone);
}

TEST(Journal, RefusesDamageAnywhereElse) {
    const ScratchDirectory state;
    auto journal = Journal::begin(state.path(), sample_plan());
    ASSERT_TRUE(journal);
    ASSERT_TRUE(journal->intent(0, nullptr));
    ASSERT_TRUE(journal->intent(1, nullptr));
    const std::string path = open_journals(state.path())->front();
    const std::string whole = ScratchDirectory::read(path);
    const auto second = whole.find('\n') + 1, third = whole.find('\n', second) + 1;
    const std::vector<std::string> damaged = {
        whole.substr(0, second) + "garbage\n" + whole.substr(third),
        whole.substr(0, second) + whole.substr(third), // a line is missing
        whole.substr(second),                          // the beginning is missing
        whole.substr(0, second) + R"({"n":1,"type":"intent","step":99})" + "\n",
        whole.substr(0, second) + R"({"n":1,"type":"dance","step":0})" + "\n",
        "",
        "[]\n",
        std::string("\0\0\0\n", 4),
        "{\"n\":0,\"type\":\"begin\",\"plan\":" + std::string(5000, '[') + "\n",
    };
    for (const std::string& text : damaged) {
        ScratchDirectory::write(path, text);
        const auto content = read_journal(path);
        ASSERT_FALSE(content) << text.substr(0, 80);
        EXPECT_EQ(content.error().code, "journal.damaged");
    }
}

TEST(Journal, IsPutAwayAtTheEndUnlessSomethingIsLeftToUndo) {
    const ScratchDirectory state;
    auto done = Journal::begin(state.path(), sample_plan());
    ASSERT_TRUE(done && done->end(Outcome::done));
    EXPECT_TRUE(open_journals(state.path())->empty());
    ASSERT_EQ(closed_journals(state.path(), 10)->size(), 1u);
    EXPECT_TRUE(read_journal(closed_journals(state.path(), 10)->front())->ended);

    auto partly = Journal::begin(state.path(), sample_plan());
    ASSERT_TRUE(partly && partly->end(Outcome::partly_undone));
    EXPECT_EQ(open_journals(state.path())->size(), 1u);
}

TEST(Journal, KeepsTextsThatAreNoUtf8) {
    const ScratchDirectory state;
    auto journal = Journal::begin(state.path(), sample_plan());
    ASSERT_TRUE(journal);
    EXPECT_TRUE(journal->failed(0, Error{"hyperv.failed", {}, {}, "\xff\xfe bad", {}}));
    EXPECT_TRUE(read_journal(open_journals(state.path())->front()));
}

} // namespace
} // namespace exhyperv::assign
