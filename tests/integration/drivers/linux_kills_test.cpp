#include "judged_linux.h"

#include "assign/image_drivers.h"
#include "guest/transaction.h"
#include "transport/sim/material/driver_store.h"
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

namespace exhyperv::assign {
namespace {

namespace fs = std::filesystem;
using drivers::test::JudgedLinux;
using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using Tree = std::map<std::string, std::string>;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
}

/// How many kills: EXHYPERV_KILLS, a few by default.
int kills_wanted() {
    const char* text = std::getenv("EXHYPERV_KILLS");
    return text != nullptr && std::atoi(text) > 0 ? std::atoi(text) : 6;
}

/// A synthetic Linux guest and packages: one driver, and an update of it.
class LinuxKills : public testing::Test {
  protected:
    enum class Job { import, sync, purge };

    void SetUp() override {
        sim::GuestSpec guest;
        guest.content = sim::GuestContent::linux_root;
        guest.size_gib = 1;
        guest.files = 20;
        ASSERT_TRUE(sim::make_guest_image(clean, guest));
        sim::PackageSpec newer;
        newer.version = "32.0.15.9999";
        newer.seed = 9;
        ASSERT_TRUE(sim::make_driver_package(scratch / "older/FileRepository", {}));
        ASSERT_TRUE(sim::make_driver_package(scratch / "newer/FileRepository", newer));
        for (const auto* store : {"older", "newer"})
            ASSERT_TRUE(sim::make_linux_libraries(scratch / (std::string(store) + "/lxss/lib")));
        fs::copy_file(clean, imported);
        ASSERT_TRUE(work(Job::import, imported));
        fs::copy_file(imported, synced);
        ASSERT_TRUE(work(Job::sync, synced));
        without = tree_of(clean, "clean");
        with_older = tree_of(imported, "imported");
        with_newer = tree_of(synced, "synced");
        ASSERT_FALSE(without == with_older || with_older == with_newer);
    }

    Result<> work(Job job, const std::string& image) {
        if (job == Job::purge) {
            TRY(run_image_purge({image, 0, ""}, {}, soon()));
            return {};
        }
        const auto store = scratch / (job == Job::sync ? "newer" : "older");
        TRY(run_image_import({image, 0, {store, "PCI\\VEN_10DE&DEV_2786", ""}, false}, {}, soon()));
        return {};
    }

    /// What debugfs takes out of an image that e2fsck has nothing against; what tells when something was done left out.
    Tree tree_of(const std::string& image, const std::string& what) {
        const JudgedLinux guest(scratch, image, place);
        place = guest.place();
        EXPECT_EQ(guest.check(), "") << what;
        auto tree = guest.tree();
        EXPECT_TRUE(tree.contains("/usr/lib/os-release")) << what << ": the volume cannot be read";
        for (const auto* path : {"/usr/lib/wsl/exhyperv-manifest.json", "/etc/ld.so.conf.d/exhyperv-gpu.conf"})
            if (const auto found = tree.find(path); found != tree.end()) found->second = "there";
        return tree;
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
        if (child == 0) _exit(work(job, image) ? 0 : 1);
        std::this_thread::sleep_for(delay);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        return WIFSIGNALED(status);
    }

    sim::Scratch scratch;
    std::string clean = scratch / "clean.vhdx", imported = scratch / "imported.vhdx", synced = scratch / "synced.vhdx";
    Tree without, with_older, with_newer;
    std::optional<JudgedLinux::Place> place; ///< of the root, the same in all images
};

} // namespace

TEST_F(LinuxKills, LeaveTheGuestAsItWasOrCompleteAndTheNextRunFinishesIt) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("debugfs");
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    struct Case {
        Job job;
        const char* name;
        const std::string& from;
        const Tree& before;
        const Tree& after;
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
        const microseconds delay(std::uniform_int_distribution<long long>(0, one.time.count() * 11 / 10)(random));
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
        const auto found = tree_of(image, what);
        EXPECT_TRUE(found == one.before || found == one.after) << what << ": neither as before nor complete";
        as_before += found == one.before ? 1 : 0;
        complete += found == one.after ? 1 : 0;
        redone += journal && found == one.after ? 1 : 0;

        const auto again = work(one.job, image); // an import reads back every file of the manifest
        ASSERT_TRUE(again) << what << ": " << describe(again.error());
        if (i % 10 == 0) {
            EXPECT_EQ(tree_of(image, what), one.after) << what << ": not completed";
        }
        fs::remove(image);
    }
    fmt::print(
        "{} kills of import, sync and purge in a Linux guest at random moments ({} while at work): {} left it as "
        "it was, {} complete; {} left a journal, {} of them redone\n",
        as_before + complete, killed, as_before, complete, journals, redone);
}

} // namespace exhyperv::assign
