#include "kill_rounds.h"

#include "guest/guest_disk.h"
#include "guest/transaction.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace exhyperv::drivers::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

int kills_wanted() {
    const char* text = std::getenv("EXHYPERV_KILLS");
    return text != nullptr && std::atoi(text) > 0 ? std::atoi(text) : 6;
}

/// What stands in one picture and not in the other, for a readable failure.
std::string difference(const Picture& a, const Picture& b) {
    std::string out;
    const auto add = [&](const char* sign, const Picture& one, const Picture& other) {
        for (const auto& [path, entry] : one)
            if (const auto found = other.find(path); found == other.end() || found->second != entry)
                out += sign + path + " " + entry.substr(0, 80) + "\n";
    };
    add("- ", a, b);
    add("+ ", b, a);
    return out.substr(0, 2000);
}

microseconds time_of(const KillCase& one, const std::string& image) {
    fs::copy_file(one.from, image, fs::copy_options::overwrite_existing);
    const auto began = Clock::now();
    EXPECT_TRUE(one.work(image));
    return std::chrono::duration_cast<microseconds>(Clock::now() - began);
}

/// Returns whether the child was still at work.
bool kill_after(microseconds delay, const KillCase& one, const std::string& image) {
    const pid_t child = fork();
    if (child == 0) _exit(one.work(image) ? 0 : 1);
    std::this_thread::sleep_for(delay);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

struct Counts {
    int killed = 0, as_before = 0, complete = 0, journals = 0, redone = 0;
    void print() const {
        fmt::print("{} kills of import, sync and purge at random moments ({} while at work): {} left the guest as it "
                   "was, {} complete; {} left a journal, {} of them redone\n",
                   as_before + complete, killed, as_before, complete, journals, redone);
        std::fflush(stdout);
    }
};

void judge(const KillCase& one, const std::string& image, const std::string& what, const KillJudges& judges,
           Counts& counts) {
    const bool journal = guest::has_leftover_journal(image);
    {
        const auto disk = guest::GuestDisk::open(image, {}); // what the next start does: redo or drop
        ASSERT_TRUE(disk) << what << ": " << describe(disk.error());
    }
    ASSERT_FALSE(guest::has_leftover_journal(image)) << what;
    const auto found = judges.picture(image, what);
    const bool was = found == one.before, is = found == one.after;
    EXPECT_TRUE(was || is) << what << ": neither as before nor complete\n"
                           << difference(found, one.before) << "\n"
                           << difference(found, one.after);
    counts.journals += journal ? 1 : 0;
    counts.as_before += was ? 1 : 0;
    counts.complete += is ? 1 : 0;
    counts.redone += journal && is ? 1 : 0;
    judges.sound(image, what);
}

} // namespace

void kill_at_random_moments(const sim::Scratch& scratch, const std::vector<KillCase>& cases, const KillJudges& judges) {
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    const auto image = scratch / "killed.vhdx";
    std::vector<microseconds> times;
    for (const auto& one : cases)
        times.push_back(time_of(one, image));
    Counts counts;
    for (int i = 0; i < kills_wanted() && !testing::Test::HasFailure(); ++i) {
        const auto& one = cases[static_cast<std::size_t>(i) % cases.size()];
        const auto time = times[static_cast<std::size_t>(i) % cases.size()].count();
        fs::copy_file(one.from, image, fs::copy_options::overwrite_existing);
        const auto earliest = i % 2 == 0 ? 0 : time * 6 / 10;
        const microseconds delay(std::uniform_int_distribution<long long>(earliest, time * 11 / 10)(random));
        const auto what = fmt::format("seed {} kill {}: {} after {} of {} us", seed, i, one.name, delay.count(), time);
        counts.killed += kill_after(delay, one, image) ? 1 : 0;
        judge(one, image, what, judges, counts);

        const auto again = one.work(image);
        ASSERT_TRUE(again) << what << ": " << describe(again.error());
        judges.sound(image, what);
        if (i % 10 == 0) { // the independent programs take longer than all the rest
            EXPECT_EQ(difference(judges.picture(image, what), one.after), "") << what << ": not completed";
        }
        if (i % 50 == 49) counts.print();
    }
    counts.print();
}

} // namespace exhyperv::drivers::test
