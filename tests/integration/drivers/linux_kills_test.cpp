#include "judged_linux.h"
#include "kill_rounds.h"

#include "assign/image_drivers.h"
#include "transport/sim/material/driver_store.h"
#include "transport/sim/material/guest_image.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

namespace exhyperv::assign {
namespace {

namespace fs = std::filesystem;
using drivers::test::JudgedLinux;
using drivers::test::Picture;

CallContext soon() {
    return CallContext::within(std::chrono::minutes(5));
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
    Picture tree_of(const std::string& image, const std::string& what) {
        const JudgedLinux guest(scratch, image, place);
        place = guest.place();
        EXPECT_EQ(guest.check(), "") << what;
        auto tree = guest.tree();
        EXPECT_TRUE(tree.contains("/usr/lib/os-release")) << what << ": the volume cannot be read";
        for (const auto* path : {"/usr/lib/wsl/exhyperv-manifest.json", "/etc/ld.so.conf.d/exhyperv-gpu.conf"})
            if (const auto found = tree.find(path); found != tree.end()) found->second = "there";
        return tree;
    }

    sim::Scratch scratch;
    std::string clean = scratch / "clean.vhdx", imported = scratch / "imported.vhdx", synced = scratch / "synced.vhdx";
    Picture without, with_older, with_newer;
    std::optional<JudgedLinux::Place> place; ///< of the root, the same in all images
};

} // namespace

TEST_F(LinuxKills, LeaveTheGuestAsItWasOrCompleteAndTheNextRunFinishesIt) {
    NEED_PROGRAM("qemu-img");
    NEED_PROGRAM("debugfs");
    const auto does = [this](Job job) { return [this, job](const std::string& image) { return work(job, image); }; };
    drivers::test::kill_at_random_moments(
        scratch,
        {{"import", clean, does(Job::import), without, with_older},
         {"sync", imported, does(Job::sync), with_older, with_newer},
         {"purge", imported, does(Job::purge), with_older, without}},
        {[this](const auto& image, const auto& what) { return tree_of(image, what); },
         [](const auto&, const auto&) {}}); // an import reads back every file of the manifest
}

} // namespace exhyperv::assign
