#include "snapshot.h"
#include "world.h"

#include <gtest/gtest.h>

#include <set>

namespace exhyperv::assign {
namespace {

/// Where the card is before, and where it is to go: the whole transition table (design §3), every cell.
struct Cell {
    const char* from;
    const char* to;
};

constexpr Cell kCells[] = {
    {"host", "vm"},       {"disabled", "vm"}, {"dismounted", "vm"}, {"other_vm", "vm"},   {"same_vm", "vm"},
    {"stale", "vm"},      {"leftover", "vm"}, {"host", "host"},     {"disabled", "host"}, {"dismounted", "host"},
    {"other_vm", "host"}, {"stale", "host"},  {"leftover", "host"},
};

struct Case {
    Cell cell;
    const char* answers;
    int lag_ms;
};

std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (const Cell& cell : kCells)
        for (const char* answers : {"sync", "job"})
            for (const int lag : {0, 150})
                cases.push_back({cell, answers, lag});
    return cases;
}

sim::PciFunction& card(sim::World& world) {
    return *sim::find_function(world, kGpuId);
}

class Places : public testing::TestWithParam<Case> {
  protected:
    Places() : world(spec()) {
        fresh = snapshot(world);
        alpha = settings_of(world, "alpha");
        beta = settings_of(world, "beta");
        prepare(GetParam().cell.from);
    }

    static WorldSpec spec() {
        WorldSpec spec;
        spec.answers = GetParam().answers;
        spec.lag = std::chrono::milliseconds(GetParam().lag_ms);
        return spec;
    }

    void assign_to(const std::string& vm) {
        const auto plan = world.plan_assign({kGpu}, vm);
        ASSERT_TRUE(plan) << describe(plan.error());
        ASSERT_FALSE(plan->blocked()) << all_checks(*plan);
        ASSERT_EQ(outcome_text(world.run(plan)), "done");
    }

    void prepare(const std::string& from) {
        if (from == "disabled") world.intervene([](sim::World& w) { card(w).problem = sim::problem::disabled; });
        if (from == "dismounted")
            world.intervene([](sim::World& w) {
                card(w).node_phantom = true;
                card(w).problem = sim::problem::disabled;
                card(w).twin = sim::Twin::present;
            });
        if (from == "other_vm") assign_to("alpha");
        if (from == "same_vm") assign_to("beta");
        if (from == "stale" || from == "leftover") assign_to("alpha");
        if (from == "stale") world.intervene([](sim::World& w) { card(w).gone = true; });
        if (from == "leftover")
            world.intervene([](sim::World& w) {
                card(w).node_phantom = false;
                card(w).problem = sim::problem::none;
                card(w).twin = sim::Twin::phantom;
            });
    }

    World world;
    std::string fresh, alpha, beta;
};

TEST_P(Places, IsReachedAndReadBack) {
    const std::string from = GetParam().cell.from, to = GetParam().cell.to;
    if (to == "vm") {
        const auto plan = world.plan_assign({kGpu}, "beta");
        ASSERT_TRUE(plan) << describe(plan.error());
        if (from == "stale") {
            EXPECT_TRUE(plan->blocked()) << "there is nothing to give";
            return;
        }
        ASSERT_FALSE(plan->blocked()) << all_checks(*plan);
        if (from == "same_vm") {
            EXPECT_TRUE(plan->nothing_to_do());
            EXPECT_EQ(outcome_text(world.run(plan)), "nothing to do");
        } else {
            ASSERT_EQ(outcome_text(world.run(plan)), "done");
        }
        const auto device = world.device();
        EXPECT_EQ(device.place, (model::Place{model::PlaceKind::vm, world.vm("beta").id}));
        EXPECT_EQ(settings_of(world, "alpha"), alpha) << "the VM it left is as it was";
        EXPECT_EQ(world.start("beta"), "") << "the assignment works";
        EXPECT_EQ(world.start("alpha"), "");
        EXPECT_TRUE(world.plan_assign({kGpu}, "beta")->nothing_to_do()) << "a second time there is nothing to do";
        return;
    }
    const auto plan = world.plan_return({kGpuId});
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_FALSE(plan->blocked()) << all_checks(*plan);
    EXPECT_EQ(plan->nothing_to_do(), from == "host");
    ASSERT_EQ(outcome_text(world.run(plan)), from == "host" ? "nothing to do" : "done");
    if (from == "stale") { // the card is out of the machine; everything else is as it was
        world.intervene([](sim::World& w) {
            card(w).gone = card(w).node_phantom = false;
            card(w).problem = sim::problem::none;
            card(w).twin = sim::Twin::never;
        });
    }
    EXPECT_EQ(difference(fresh, snapshot(world)), "");
    EXPECT_EQ(world.start("alpha"), "");
    EXPECT_TRUE(world.plan_return({kGpuId})->nothing_to_do());
    EXPECT_TRUE(world.plan_recover()->nothing_to_do());
}

INSTANTIATE_TEST_SUITE_P(Table, Places, testing::ValuesIn(all_cases()), [](const auto& one) {
    return std::string(one.param.cell.from) + "_to_" + one.param.cell.to + "_" + one.param.answers +
           (one.param.lag_ms == 0 ? "" : "_lagging");
});

TEST(Table, IsCoveredWhole) {
    std::set<std::pair<std::string, std::string>> cells;
    for (const Cell& cell : kCells)
        cells.emplace(cell.from, cell.to);
    EXPECT_EQ(cells.size(), std::size(kCells));
    std::printf("places × targets: %zu cells, %zu cases with both kinds of answers, with and without lag\n",
                std::size(kCells), all_cases().size());
}

TEST(Steps, OfTheTableAreThoseOfTheDesign) {
    World world;
    using Ids = std::vector<std::string>;
    EXPECT_EQ(step_ids(*world.plan_assign({kGpu}, "alpha")),
              (Ids{"vm.settings", "device.disable", "device.dismount", "device.add", "verify"}));
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kGpu}, "alpha"))), "done");
    EXPECT_EQ(step_ids(*world.plan_assign({kGpu}, "beta")),
              (Ids{"vm.settings", "device.remove", "device.add", "vm.settings.2", "verify"}));
    EXPECT_EQ(step_ids(*world.plan_return({kGpu})),
              (Ids{"device.remove", "device.mount", "device.enable", "vm.settings", "verify"}));
    EXPECT_EQ(
        step_ids(*world.plan_assign({kStorage}, "beta")),
        (Ids{"vm.settings", "device.disks_offline", "device.disable", "device.dismount", "device.add", "verify"}));
}

TEST(Several, MoveInOnePlanWithTheirCompanions) {
    World world;
    const std::string before = snapshot(world);
    DeviceAssignRequest request;
    request.with_companions = true;
    const auto plan = world.plan_assign({kGpu, kStorage}, "alpha", request);
    ASSERT_TRUE(plan) << describe(plan.error());
    ASSERT_FALSE(plan->blocked()) << all_checks(*plan);
    ASSERT_EQ(outcome_text(world.run(plan)), "done");
    for (const char* id : {kGpuId, kAudio, kStorage})
        EXPECT_EQ(world.device(id).place.kind, model::PlaceKind::vm) << id;
    EXPECT_EQ(world.start("alpha"), "");

    ASSERT_EQ(outcome_text(world.run(world.plan_return({kGpu}))), "done");
    EXPECT_NE(difference(before, snapshot(world)), "") << "settings stay while a device is left";
    EXPECT_EQ(world.start("alpha"), "");
    ASSERT_EQ(outcome_text(world.run(world.plan_return({kAudio, kStorage}))), "done");
    EXPECT_EQ(difference(before, snapshot(world)), "") << "disks are online again, settings as they were";
}

TEST(StorageController, TakesItsDisksOfflineAndBringsBackThoseItTook) {
    WorldSpec spec;
    spec.on_disk = true;
    World world(spec);
    const std::string before = snapshot(world);
    ASSERT_EQ(outcome_text(world.run(world.plan_assign({kStorage}, "beta"))), "done");
    EXPECT_NE(snapshot(world).find("disk 1 offline"), std::string::npos);
    world.close(); // another day, another process
    ASSERT_EQ(outcome_text(world.run(world.plan_return({kStorage}))), "done");
    EXPECT_EQ(difference(before, snapshot(world)), "") << "disk 2 was offline before and stays so";
}

} // namespace
} // namespace exhyperv::assign
