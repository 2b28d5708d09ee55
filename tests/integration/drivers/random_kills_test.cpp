#include "../../bench/store_host.h"
#include "judged_guest.h"

#include "drivers/import.h"
#include "drivers/purge.h"
#include "drivers/read_back.h"
#include "guest/transaction.h"
#include "transport/sim/material/guest_image.h"

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

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

/// How many kills: EXHYPERV_KILLS, a few by default.
int kills_wanted() {
    const char* text = std::getenv("EXHYPERV_KILLS");
    return text != nullptr && std::atoi(text) > 0 ? std::atoi(text) : 6;
}

/// What independent programs see, without what tells only when something was done.
struct Picture {
    std::map<std::string, std::string> tree;
    std::string hive;
    bool operator==(const Picture&) const = default;
};

/// What stands in one picture and not in the other, for a readable failure.
std::string difference(const Picture& a, const Picture& b) {
    std::string out;
    const auto add = [&](const char* sign, const Picture& one, const Picture& other) {
        for (const auto& [path, entry] : one.tree)
            if (const auto found = other.tree.find(path); found == other.tree.end() || found->second != entry)
                out += sign + path + " " + entry + "\n";
    };
    add("- ", a, b);
    add("+ ", b, a);
    if (a.hive != b.hive) out += "the hive differs\n";
    return out.substr(0, 2000);
}

Picture picture_of(const sim::Scratch& scratch, const std::string& image, const std::string& what,
                   std::optional<JudgedGuest::Place>& place) {
    const JudgedGuest guest(scratch, image, place);
    place = guest.place();
    EXPECT_EQ(guest.check(), "") << what;
    Picture out{guest.tree(), guest.system_hive()};
    EXPECT_FALSE(out.tree.empty()) << what << ": the volume cannot be read";
    EXPECT_NE(out.hive.find("ControlSet001"), std::string::npos) << what << ": the hive cannot be read";
    out.tree.erase("/Windows/System32/config/SYSTEM");
    for (auto& [path, entry] : out.tree)
        entry = entry.substr(0, entry.find(' ')); // the size; ntfsls shows when a file was made
    if (auto manifest = out.tree.find("/Windows/System32/HostDriverStore/exhyperv-manifest.json");
        manifest != out.tree.end())
        manifest->second = "there";
    return out;
}

/// Synthetic guest and packages: one driver, and an update of it.
class RandomKills : public testing::Test {
  protected:
    enum class Job { import, sync, purge };

    void SetUp() override {
        sim::GuestSpec guest;
        guest.size_gib = 1;
        guest.files = 20;
        ASSERT_TRUE(sim::make_guest_image(clean, guest));
        newer.version = "32.0.15.9999";
        newer.seed = 9;
        for (const auto* spec : {&older, &newer})
            ASSERT_TRUE(sim::make_driver_package(scratch / "FileRepository", *spec));
        fs::copy_file(clean, imported);
        ASSERT_TRUE(work(Job::import, imported));
        fs::copy_file(imported, synced);
        ASSERT_TRUE(work(Job::sync, synced));
        without = picture_of(scratch, clean, "clean", place);
        with_older = picture_of(scratch, imported, "imported", place);
        with_newer = picture_of(scratch, synced, "synced", place);
        ASSERT_FALSE(without == with_older || with_older == with_newer);
    }

    Result<> work(Job job, const std::string& image) {
        if (job == Job::purge) {
            TRY_ASSIGN(auto disk, guest::GuestDisk::open(image, {}));
            TRY_ASSIGN(const auto plan, plan_purge(*disk, {}, soon()));
            TRY(run_purge(*disk, plan, {}, soon()));
            return disk->commit();
        }
        bench::StoreHost host(scratch / "FileRepository", job == Job::sync ? newer : older);
        TRY_ASSIGN(const auto drivers, resolve(host, host, host.card(), soon()));
        TRY_ASSIGN(auto disk, guest::GuestDisk::open(image, {}));
        ImportOptions options;
        options.now = "2026-01-01T00:00:00Z";
        TRY_ASSIGN(const auto plan, plan_import(drivers, *disk, options, soon()));
        TRY_ASSIGN(const auto report, run_import(*disk, plan, host, {}, soon()));
        return report.changed() ? disk->commit() : Result<>();
    }

    microseconds time_of(Job job, const std::string& from) {
        const auto image = scratch / "timed.vhdx";
        fs::copy_file(from, image, fs::copy_options::overwrite_existing);
        const auto began = Clock::now();
        EXPECT_TRUE(work(job, image));
        const auto took = std::chrono::duration_cast<microseconds>(Clock::now() - began);
        fs::remove(image);
        return took;
    }

    /// Returns whether the child was still at work.
    bool kill_after(microseconds delay, Job job, const std::string& image) {
        const pid_t child = fork();
        if (child == 0) {
            const auto done = work(job, image);
            _exit(done ? 0 : 1);
        }
        std::this_thread::sleep_for(delay);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        return WIFSIGNALED(status);
    }

    /// The manifest's word on each file is checked against the file's hash.
    void expect_whole(const std::string& image, const std::string& what) {
        auto disk = guest::GuestDisk::open(image, {.writable = false});
        ASSERT_TRUE(disk) << what << ": " << describe(disk.error());
        const auto manifest = read_manifest((*disk)->volume());
        ASSERT_TRUE(manifest) << what << ": " << describe(manifest.error());
        if (!*manifest) return;
        const auto back = read_back(**disk, **manifest, {}, soon());
        ASSERT_TRUE(back) << what << ": " << describe(back.error());
        EXPECT_TRUE(back->sound()) << what << ": " << back->wrong.front();
    }

    sim::Scratch scratch;
    sim::PackageSpec older, newer;
    std::string clean = scratch / "clean.vhdx", imported = scratch / "imported.vhdx", synced = scratch / "synced.vhdx";
    Picture without, with_older, with_newer;
    std::optional<JudgedGuest::Place> place; ///< of the Windows partition, the same in all images
};

} // namespace

TEST_F(RandomKills, LeaveTheGuestAsItWasOrCompleteAndTheNextRunFinishesIt) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("ntfsls");
    NEED_PROGRAM("hivexregedit");
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    struct Case {
        Job job;
        const char* name;
        const std::string& from;
        const Picture& before;
        const Picture& after;
        microseconds time{};
    };
    Case cases[] = {{Job::import, "import", clean, without, with_older},
                    {Job::sync, "sync", imported, with_older, with_newer},
                    {Job::purge, "purge", imported, with_older, without}};
    for (auto& one : cases)
        one.time = time_of(one.job, one.from);

    const auto image = scratch / "killed.vhdx";
    int journals = 0, redone = 0, as_before = 0, complete = 0, killed = 0;
    for (int i = 0; i < kills_wanted() && !HasFailure(); ++i) {
        const auto& one = cases[i % 3];
        fs::copy_file(one.from, image, fs::copy_options::overwrite_existing);
        // Half of them late, where the commit is.
        const auto low = i % 2 == 0 ? 0 : one.time.count() * 6 / 10;
        const microseconds delay(std::uniform_int_distribution<long long>(low, one.time.count() * 11 / 10)(random));
        const auto what =
            fmt::format("seed {} kill {}: {} after {} of {} us", seed, i, one.name, delay.count(), one.time.count());
        killed += kill_after(delay, one.job, image) ? 1 : 0;

        const bool journal = guest::has_leftover_journal(image);
        journals += journal ? 1 : 0;
        {
            auto disk = guest::GuestDisk::open(image, {}); // what the next start does: redo or drop
            ASSERT_TRUE(disk) << what << ": " << describe(disk.error());
        }
        ASSERT_FALSE(guest::has_leftover_journal(image)) << what;
        const auto found = picture_of(scratch, image, what, place);
        const bool was = found == one.before, is = found == one.after;
        EXPECT_TRUE(was || is) << what << ": neither as before nor complete\n"
                               << difference(found, one.before) << "\n"
                               << difference(found, one.after);
        as_before += was ? 1 : 0;
        complete += is ? 1 : 0;
        redone += journal && is ? 1 : 0;
        expect_whole(image, what);

        const auto again = work(one.job, image);
        ASSERT_TRUE(again) << what << ": " << describe(again.error());
        expect_whole(image, what);
        if (i % 10 == 0) { // the independent programs take longer than all the rest
            EXPECT_EQ(difference(picture_of(scratch, image, what, place), one.after), "") << what << ": not completed";
        }
        fs::remove(image);
        if (i % 50 == 49) {
            fmt::print("{} kills so far: {} as before, {} complete, {} journals\n", i + 1, as_before, complete,
                       journals);
            std::fflush(stdout);
        }
    }
    fmt::print(
        "{} kills of import, sync and purge at random moments ({} while at work): {} left the guest as it was, {} "
        "complete; {} left a journal, {} of them redone\n",
        as_before + complete, killed, as_before, complete, journals, redone);
}

} // namespace exhyperv::drivers::test
