#include "chaos_host.h"
#include "hyperv/power.h"
#include "platform/process.h"
#include "snapshot.h"
#include "support/strings.h"
#include "world.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

namespace exhyperv::assign {
namespace {

constexpr std::uint32_t kDefaultSequences = 300; ///< of `make test`; EXHYPERV_PROPERTY_SEQUENCES asks for more
constexpr const char* kDevices[] = {kGpuId, kAudio, kStorage, kNic};
constexpr const char* kVms[] = {"alpha", "beta", "busy"};

/// Time passes with every look at the world: lags and jobs end without anybody waiting for them.
class TickingClock final : public sim::SimClock {
  public:
    [[nodiscard]] std::int64_t now_ms() const override { return now_.fetch_add(40) + 40; }

  private:
    mutable std::atomic<std::int64_t> now_{1'780'000'000'000};
};

/// Where everything has to be. "" is the host.
struct Model {
    std::map<std::string, std::string> place;    ///< pure id → VM
    std::map<std::string, std::string> settings; ///< VM → as it was in the beginning
};

struct Counts {
    std::uint64_t operations = 0, done = 0, undone = 0, killed = 0, recovered = 0, blocked = 0, starts = 0, nothing = 0;
    Counts& operator+=(const Counts& other) {
        operations += other.operations;
        done += other.done;
        undone += other.undone;
        killed += other.killed;
        recovered += other.recovered;
        blocked += other.blocked;
        starts += other.starts;
        nothing += other.nothing;
        return *this;
    }
};

std::string without_state(std::string line) {
    const auto at = line.find(" state ");
    return at == std::string::npos ? line : line.substr(0, at) + line.substr(line.find(' ', at + 7));
}

/// A VM that an operation turned off stays off, also when the operation is undone.
std::string comparable(World& world) {
    std::string text;
    for (const std::string& line : split(snapshot(world), '\n'))
        text += without_state(line) + "\n";
    return text;
}

class Story {
  public:
    explicit Story(std::uint64_t seed) : random_(seed), world_(spec()), chaos_(world_.host()) {
        for (const char* id : kDevices)
            model_.place[id] = "";
        for (const char* vm : kVms)
            model_.settings[vm] = without_state(settings_of(world_, vm));
        home_ = comparable(world_);
    }

    /// One sequence: a few operations, each perhaps with a fault or a kill, and starts of VMs between them.
    void sequence() {
        world_.intervene([&](sim::World& w) {
            w.tuning.answers = static_cast<std::uint8_t>(upto(3));
            w.tuning.lag_ms = upto(3) == 0 ? 100 : 0;
            w.tuning.job_ms = upto(2) == 0 ? 30 : 0;
            w.jobs.clear();
        });
        for (std::uint32_t left = 1 + upto(3); left > 0; --left) {
            if (upto(4) == 0) power();
            operation();
            if (testing::Test::HasFatalFailure()) return;
        }
    }

    /// Everything back to the host: the world must be the one of the beginning.
    void bring_all_home() {
        for (const char* vm : kVms)
            ASSERT_TRUE(hyperv::turn_off(world_.host().cim(), world_.vm(vm).id, in_time()));
        for (const char* id : kDevices) {
            const auto text = outcome_text(world_.run(world_.plan_return({id})));
            ASSERT_EQ(text, model_.place[id].empty() ? "nothing to do" : "done") << id;
            model_.place[id] = "";
        }
        ASSERT_EQ(difference(home_, comparable(world_)), "") << "a setting or a place has drifted";
        std::error_code ignored;
        std::filesystem::remove_all(world_.state_directory() + "/journal/closed", ignored);
    }

    [[nodiscard]] const Counts& counts() const { return counts_; }

  private:
    static WorldSpec spec() {
        WorldSpec spec;
        spec.clock = std::make_shared<TickingClock>();
        return spec;
    }

    std::uint32_t upto(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    Environment environment() { return {chaos_, world_.state_directory()}; }

    bool holds(const std::string& vm) {
        for (const auto& [id, place] : model_.place)
            if (place == vm) return true;
        return false;
    }

    void power() {
        const std::string vm = kVms[upto(3)];
        const Guid id = world_.vm(vm).id;
        if (upto(2) == 0) {
            ASSERT_TRUE(hyperv::turn_off(world_.host().cim(), id, in_time()));
            return;
        }
        const auto started = hyperv::start(world_.host().cim(), id, in_time());
        ASSERT_TRUE(started) << vm << ": " << describe(started.error()) << started.error().provider_text;
        ++counts_.starts;
    }

    std::vector<std::string> some_devices() {
        std::vector<std::string> ids;
        for (const char* id : kDevices)
            if (upto(3) == 0) ids.emplace_back(id);
        if (ids.empty()) ids.emplace_back(kDevices[upto(4)]);
        return ids;
    }

    void operation() {
        const auto devices = some_devices();
        const std::string target = upto(5) < 3 ? kVms[upto(3)] : "";
        const PowerPolicy power = upto(3) == 0 ? PowerPolicy::refuse : PowerPolicy::turn_off;
        Result<Plan> plan;
        if (target.empty()) {
            DeviceReturnRequest request{devices, power, false};
            plan = plan_device_return(environment(), request, in_time());
        } else {
            DeviceAssignRequest request{devices, target, power, false, false, false, {}};
            plan = plan_device_assign(environment(), request, in_time());
        }
        ASSERT_TRUE(plan) << describe(plan.error());
        ++counts_.operations;
        if (plan->blocked()) { // only ever because a VM runs and nobody allowed to turn it off
            ASSERT_TRUE(power == PowerPolicy::refuse) << all_checks(*plan);
            ++counts_.blocked;
            return;
        }
        const std::string before = comparable(world_);
        if (upto(3) != 0) chaos_.arm(static_cast<Chaos>(upto(4)), 1 + upto(120));
        bool arrived = false;
        try {
            const auto result = execute(environment(), *plan, {}, in_time());
            chaos_.disarm();
            ASSERT_TRUE(result) << describe(result.error());
            ASSERT_NE(result->outcome, Outcome::partly_undone) << outcome_text(result);
            arrived = result->outcome != Outcome::undone;
            ++(result->outcome == Outcome::done ? counts_.done : arrived ? counts_.nothing : counts_.undone);
        } catch (const Killed&) {
            ++counts_.killed;
            ASSERT_NO_FATAL_FAILURE(recover_all());
            arrived = !difference(before, comparable(world_)).empty();
        }
        if (arrived)
            for (const std::string& id : devices)
                model_.place[id] = target;
        else
            ASSERT_EQ(difference(before, comparable(world_)), "") << plan->operation << " was not undone whole";
        SCOPED_TRACE("to \"" + target + "\": " + join(step_ids(*plan), " ") + "\n" +
                     difference(before, comparable(world_)));
        ASSERT_NO_FATAL_FAILURE(check(plan->operation));
    }

    /// The next start of the program, which may fail or die too.
    void recover_all() {
        const RecoveryMode mode = upto(2) == 0 ? RecoveryMode::resume : RecoveryMode::roll_back;
        std::string last;
        for (int attempt = 0;; ++attempt) {
            ASSERT_LT(attempt, 5) << "recovery does not come to an end: " << last;
            const auto open = open_operations(world_.environment());
            ASSERT_TRUE(open) << describe(open.error());
            if (open->empty()) return;
            const std::string id = open->front().plan.id;
            if (attempt < 2 && upto(3) == 0) chaos_.arm(static_cast<Chaos>(upto(4)), 1 + upto(60));
            try {
                auto result = recover(environment(), id, attempt == 0 ? mode : RecoveryMode::roll_back, {}, in_time());
                chaos_.disarm();
                ASSERT_TRUE(result) << describe(result.error());
                last = outcome_text(result);
                ++counts_.recovered;
            } catch (const Killed&) {
                ++counts_.killed;
            }
        }
    }

    /// No device is lost, no setting has drifted.
    void check(const std::string& after) {
        const auto world = world_.host().world();
        ASSERT_TRUE(world);
        for (const auto& [id, place] : model_.place) {
            const auto* function = sim::find_function(*world, id);
            const auto* owner = sim::owner_of(*world, *function);
            ASSERT_EQ(owner ? owner->config.name : "", place) << id << " after " << after;
            ASSERT_EQ(function->dismounted(), !place.empty()) << id << " after " << after;
            if (place.empty()) {
                ASSERT_EQ(function->problem, 0u) << id << " after " << after;
            }
        }
        for (const auto& vm : world->vms) {
            const std::string& name = vm.config.name;
            if (!holds(name)) {
                ASSERT_EQ(without_state(settings_of(world_, name)), model_.settings[name]) << "after " << after;
                continue;
            }
            ASSERT_EQ(vm.config.stop_action, 2) << name;
            ASSERT_TRUE(vm.config.cache_types) << name;
            ASSERT_FALSE(vm.config.dynamic_memory) << name;
        }
        for (const auto& disk : world->disks)
            if (disk.number == 1) {
                ASSERT_EQ(disk.online, model_.place[kStorage].empty()) << "after " << after;
            }
    }

    std::mt19937_64 random_;
    World world_;
    ChaosHost chaos_;
    Model model_;
    Counts counts_;
    std::string home_;
};

std::uint32_t wanted_sequences() {
    const auto text = platform::environment("EXHYPERV_PROPERTY_SEQUENCES");
    return static_cast<std::uint32_t>((text ? parse_u64(*text) : std::nullopt).value_or(kDefaultSequences));
}

TEST(Property, NoDeviceIsLostAndNoSettingDriftsInRandomSequences) {
    constexpr std::uint32_t kStories = 2; // one a thread, each with a host of its own
    const std::uint32_t sequences = wanted_sequences();
    Counts all[kStories];
    std::vector<std::thread> threads;
    for (std::uint32_t story = 0; story < kStories; ++story)
        threads.emplace_back([&, story] {
            Story told(20261122 + story);
            for (std::uint32_t i = 0; i < sequences / kStories; ++i) {
                SCOPED_TRACE("story " + std::to_string(story) + ", sequence " + std::to_string(i));
                told.sequence();
                if (!testing::Test::HasFailure() && i % 100 == 99) told.bring_all_home();
                if (testing::Test::HasFailure()) break;
            }
            if (!testing::Test::HasFailure()) told.bring_all_home();
            all[story] = told.counts();
        });
    for (auto& thread : threads)
        thread.join();
    Counts sum = all[0];
    sum += all[1];
    std::printf("%u sequences: %llu operations, %llu done, %llu with nothing to do, %llu undone, %llu kills, "
                "%llu recoveries, %llu refused for a running VM, %llu VM starts\n",
                sequences, static_cast<unsigned long long>(sum.operations), static_cast<unsigned long long>(sum.done),
                static_cast<unsigned long long>(sum.nothing), static_cast<unsigned long long>(sum.undone),
                static_cast<unsigned long long>(sum.killed), static_cast<unsigned long long>(sum.recovered),
                static_cast<unsigned long long>(sum.blocked), static_cast<unsigned long long>(sum.starts));
    EXPECT_GT(sum.killed, 0u);
    EXPECT_GT(sum.undone, 0u);
}

} // namespace
} // namespace exhyperv::assign
