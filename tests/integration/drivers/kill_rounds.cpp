#include "kill_rounds.h"

#include "guest/guest_disk.h"
#include "guest/transaction.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
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

constexpr int kTimedAgain = 20;

int kills_wanted() {
    const char* text = std::getenv("EXHYPERV_KILLS");
    return text != nullptr && std::atoi(text) > 0 ? std::atoi(text) : 8;
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

/// When a job is killed: so long after it began, or after its journal came to be, which is when the commit begins.
struct Moment {
    bool in_commit = false;
    microseconds delay{};
};

void await(const Moment& moment, const std::string& image) {
    const auto deadline = Clock::now() + std::chrono::seconds(30);
    while (moment.in_commit && !guest::has_leftover_journal(image) && Clock::now() < deadline)
        ;
    std::this_thread::sleep_for(moment.delay);
}

/// Returns whether the child was still at work.
bool kill_at(const Moment& moment, const KillCase& one, const std::string& image) {
    const pid_t child = fork();
    if (child == 0) _exit(one.work(image) ? 0 : 1);
    await(moment, image);
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

/// A quarter of the moments lies in the commit, a quarter late, the others anywhere.
Moment random_moment(int round, microseconds time, std::mt19937& random) {
    const auto between = [&](double from, double to) {
        const auto whole = static_cast<double>(time.count());
        return microseconds(std::llround(std::uniform_real_distribution<>(from * whole, to * whole)(random)));
    };
    if (round % 4 == 3) return {true, between(0, 0.03)};
    return {false, round % 4 == 1 ? between(0.6, 1.1) : between(0, 1.1)};
}

} // namespace

void kill_at_random_moments(const sim::Scratch& scratch, const std::vector<KillCase>& cases, const KillJudges& judges) {
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    const auto image = scratch / "killed.vhdx";
    std::vector<microseconds> times;
    Counts counts;
    for (int i = 0; i < kills_wanted() && !testing::Test::HasFailure(); ++i) {
        if (i % kTimedAgain == 0) { // how fast a job is depends on who else is at work
            times.clear();
            for (const auto& one : cases)
                times.push_back(time_of(one, image));
        }
        const auto& one = cases[static_cast<std::size_t>(i) % cases.size()];
        const auto time = times[static_cast<std::size_t>(i) % cases.size()];
        const auto moment = random_moment(i, time, random);
        const auto what = fmt::format("seed {} kill {}: {}{} after {} of {} us", seed, i, one.name,
                                      moment.in_commit ? ", in its commit," : "", moment.delay.count(), time.count());
        fs::copy_file(one.from, image, fs::copy_options::overwrite_existing);
        counts.killed += kill_at(moment, one, image) ? 1 : 0;
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
