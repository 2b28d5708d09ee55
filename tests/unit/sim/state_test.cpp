#include "sim_fixture.h"

#include "platform/file.h"
#include "transport/sim/store/state_file.h"
#include "transport/sim/world/archive.h"

#include <atomic>
#include <fstream>
#include <thread>

namespace exhyperv::sim::testing {

namespace {

SimOptions on_disk(const TemporaryDirectory& directory) {
    SimOptions options;
    options.data_directory = directory.path();
    options.answers = Answers::synchronous;
    return options;
}

TEST(SimState, SurvivesTheProcess) {
    TemporaryDirectory directory;
    std::string card;
    {
        Bench first(on_disk(directory));
        card = first.gpu_path("DEV_2786");
        ASSERT_EQ(first.add_gpu("win11", card).code, 0u);
    }
    Bench second(on_disk(directory));
    auto row = second.one(
        "SELECT * FROM Msvm_GpuPartitionSettingData WHERE InstanceID LIKE 'Microsoft:" + second.vm_id("win11") + "%'");
    EXPECT_EQ(row.strings("HostResource"), std::vector<std::string>{card});
}

TEST(SimState, IsSharedByHostsThatAreOpenAtTheSameTime) {
    TemporaryDirectory directory;
    Bench a(on_disk(directory)), b(on_disk(directory));
    ASSERT_EQ(a.change("win11", "Notes", cim::Value::strings({"by a"})).code, 0u);
    EXPECT_EQ(b.settings("win11").strings("Notes"), std::vector<std::string>{"by a"});
    ASSERT_EQ(b.change("win10", "Notes", cim::Value::strings({"by b"})).code, 0u);
    EXPECT_EQ(a.settings("win10").strings("Notes"), std::vector<std::string>{"by b"});
    EXPECT_EQ(a.settings("win11").strings("Notes"), std::vector<std::string>{"by a"}) << "neither overwrote the other";
}

TEST(SimState, KeepsEveryChangeOfConcurrentWriters) {
    TemporaryDirectory directory;
    Bench setup(on_disk(directory));
    constexpr int kWriters = 4, kChanges = 5;
    std::atomic<int> failures = 0;
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer)
        writers.emplace_back([&, writer] {
            auto host = make_host(on_disk(directory));
            if (!host) {
                ++failures;
                return;
            }
            for (int i = 0; i < kChanges; ++i) {
                auto name = "w" + std::to_string(writer) + "-" + std::to_string(i);
                if (!(*host)->registry().write("SOFTWARE\\Test", host::RegistryValue::number(name, 1), soon()))
                    ++failures;
            }
        });
    for (auto& writer : writers)
        writer.join();
    EXPECT_EQ(failures, 0);
    auto key = setup.host().registry().read({"SOFTWARE\\Test"}, soon());
    ASSERT_TRUE(key);
    EXPECT_EQ(key->front().values.size(), std::size_t{kWriters * kChanges});
}

TEST(SimState, FinishesJobsThatAnotherProcessStarted) {
    TemporaryDirectory directory;
    auto options = on_disk(directory);
    options.answers = Answers::job;
    options.job_duration = std::chrono::milliseconds(0);
    {
        Bench first(options);
        first.invoke(*first.machine("win10").path(), "RequestStateChange", {{"RequestedState", cim::Value::uint16(2)}});
    }
    Bench second(options);
    EXPECT_EQ(second.machine("win10").uint("EnabledState"), 2u);
}

TEST(SimState, WaitsForTheLockNoLongerThanTheDeadline) {
    TemporaryDirectory directory;
    Bench bench(on_disk(directory));
    auto lock = platform::File::open(directory.path() + "/sim/workstation/state.lock", platform::OpenMode::read_write);
    ASSERT_TRUE(lock && lock->lock_exclusive());
    auto write = bench.host().registry().write("SOFTWARE\\Test", host::RegistryValue::number("a", 1),
                                               CallContext::within(std::chrono::milliseconds(50)));
    ASSERT_FALSE(write);
    EXPECT_EQ(write.error().code, "sim.in_use");
    EXPECT_FALSE(bench.query("SELECT * FROM Msvm_ComputerSystem").empty()) << "reading needs no lock";
}

TEST(SimState, RefusesDamagedAndForeignFiles) {
    TemporaryDirectory directory;
    const auto path = directory.path() + "/sim/workstation/state.bin";
    { Bench first(on_disk(directory)); }
    auto bytes = *platform::read_text_file(path, 1 << 26);
    auto open_with = [&](std::string changed) {
        std::ofstream(path, std::ios::binary) << changed;
        auto host = make_host(on_disk(directory));
        return host ? std::string("opened") : host.error().code;
    };
    auto damaged = bytes;
    damaged[damaged.size() / 2] ^= 1;
    EXPECT_EQ(open_with(damaged), "sim.bad_state");
    EXPECT_EQ(open_with(bytes.substr(0, bytes.size() - 1)), "sim.bad_state");
    EXPECT_EQ(open_with("nonsense"), "sim.bad_state");
    auto other = bytes;
    other[8] ^= 1; // the hash of the structs
    EXPECT_EQ(open_with(other), "sim.state_version");
    EXPECT_EQ(open_with(bytes), "opened");
}

TEST(SimState, RoundTripsEveryMember) {
    Bench bench("server2025");
    auto world = bench.world();
    world.jobs.push_back({.id = Guid::random(),
                          .type = 30,
                          .affected = {"a"},
                          .request = Request{"o", "m", {{"p", StoredValue{1, true, false, {"x"}}}}}});
    world.vms.front().config.extras.push_back({"owner", "name", {}});
    world.vms.front().config.gpus.push_back({.id = Guid::random(), .host_resource = "h"});
    world.vms.front().config.gpus.front().amounts[3] = ~std::uint64_t{0};
    auto bytes = encode_state(world);
    auto back = decode_state(bytes, "x");
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(encode_state(*back), bytes);
    EXPECT_EQ(back->vms.front().config.gpus.front().amounts[3], ~std::uint64_t{0});
    EXPECT_EQ(back->functions.front().interrupts, world.functions.front().interrupts) << "negative numbers too";
}

TEST(SimState, SurvivesHostileBytes) {
    Bench bench("server2025");
    auto bytes = encode_state(bench.world());
    // With a fitting checksum the reader itself has to cope; decode_state would refuse before.
    for (std::size_t at = kStateHeader; at < bytes.size(); at += 97) {
        auto bad = bytes.substr(kStateHeader);
        bad[at - kStateHeader] = static_cast<char>(0xFF);
        StateReader archive(bad);
        World world;
        world.fields(archive);
        (void)archive.ok();
    }
}

TEST(SimState, ResetStartsAfresh) {
    TemporaryDirectory directory;
    Bench bench(on_disk(directory));
    ASSERT_EQ(bench.change("win11", "Notes", cim::Value::strings({"old"})).code, 0u);
    auto stray = *bench.host().files().local_path("C:\\stray.txt");
    ASSERT_TRUE(platform::make_directories(platform::directory_of(stray)));
    std::ofstream(stray) << "x";
    ASSERT_TRUE(reset(on_disk(directory)));
    EXPECT_TRUE(bench.settings("win11").strings("Notes").empty()) << "an open host sees it";
    EXPECT_FALSE(platform::file_exists(stray));
}

TEST(SimFaults, CountAcrossProcesses) {
    TemporaryDirectory directory;
    auto options = on_disk(directory);
    options.scenario = "faulty";
    options.scenario_text =
        R"({"vms": [{"name": "a"}], "faults": [{"call": "registry.write", "nth": 2, "error": {"code": "registry.access_denied"}}]})";
    auto write = [&] {
        Bench bench(options);
        auto done = bench.host().registry().write("SOFTWARE\\Test", host::RegistryValue::number("a", 1), soon());
        return done ? std::string() : done.error().code;
    };
    EXPECT_EQ(write(), "");
    EXPECT_EQ(write(), "registry.access_denied");
    EXPECT_EQ(write(), "");
}

TEST(SimFaults, ScriptOfTheProcessAppliesToEveryPort) {
    TemporaryDirectory directory;
    const auto path = directory.path() + "/faults.json";
    std::ofstream(path)
        << R"({"faults": [{"call": "query", "lost": "before"}, {"call": "devices.disable", "lost": "after"},
        {"method": "ModifySystemSettings", "return_value": 32769}]})";
    auto options = on_disk(directory);
    options.fault_script = path;
    Bench bench(options);
    EXPECT_EQ(bench.query_error("SELECT * FROM Msvm_ComputerSystem").code, "session.lost");
    EXPECT_EQ(bench.query_error("SELECT * FROM Msvm_ComputerSystem").code, "none");
    auto card = bench.device("RTX 4070");
    EXPECT_EQ(bench.host().devices().disable(card, soon()).error().code, "session.lost");
    const auto world = bench.world();
    EXPECT_EQ(find_function(world, card)->problem, 22u) << "only the answer was lost";
    EXPECT_EQ(bench.change("win11", "Notes", cim::Value::strings({"x"})).code, 32769u);
    EXPECT_TRUE(bench.settings("win11").strings("Notes").empty());
}

} // namespace

} // namespace exhyperv::sim::testing
