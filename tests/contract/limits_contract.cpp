#include "cim/xml.h"
#include "cim_session_contract.h"

#include <atomic>
#include <thread>

namespace exhyperv::contract {
using cim::Value;

void CimSessionContract::every_call_ends_with(const CallContext& context, std::string_view code) {
    const auto machine = vm(3);
    const auto settings = settings_of(machine);
    const auto service = *only("SELECT * FROM Msvm_VirtualSystemManagementService").path();
    auto changed = settings;
    changed.set("Notes", Value::strings({"must not arrive"}));
    auto gpu = rows("SELECT * FROM Msvm_PartitionableGpu").at(0);
    cim::wql::Related related;
    related.object = *machine.path();

    const auto ends = [&](const auto& result) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, code);
    };
    ends(session().query(host::kVirtualization, cim::wql::all("Msvm_ComputerSystem"), context));
    ends(session().query(host::kVirtualization, related, context));
    ends(session().get(*machine.path(), context));
    ends(session().put(gpu, context));
    ends(session().invoke(service, "ModifySystemSettings", {{"SystemSettings", Value::string(to_cim_xml(changed))}},
                          context));
    EXPECT_EQ(settings_of(machine), settings);
}

namespace {

TEST_P(CimSessionContract, NoCallStartsAfterItsDeadline) {
    if (!open()) GTEST_SKIP();
    every_call_ends_with(CallContext::within(std::chrono::seconds(-1)), "call.timeout");
}

TEST_P(CimSessionContract, NoCallStartsWhenCancelled) {
    if (!open()) GTEST_SKIP();
    const auto context = soon();
    context.cancel.cancel();
    every_call_ends_with(context, "call.cancelled");
}

TEST_P(CimSessionContract, CallsMayComeFromSeveralThreads) {
    if (!open()) GTEST_SKIP();
    const auto expected = rows("SELECT Name FROM Msvm_ComputerSystem").size();
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n) {
                const auto found = session().query(host::kVirtualization, cim::wql::all("Msvm_ComputerSystem"), soon());
                if (found && found->size() == expected) ++good;
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(good, 80);
}

} // namespace
} // namespace exhyperv::contract
