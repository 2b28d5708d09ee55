#include "host/counting_session.h"
#include "scripted_session.h"

#include <gtest/gtest.h>

#include <thread>

namespace exhyperv::host {
namespace {

TEST(CountingSession, CountsByKindAndByName) {
    ScriptedSession inner;
    CountingSession session(inner);
    inner.failures.push_back(Error{"session.lost", {}, {}, {}, {}});
    EXPECT_FALSE(session.query(kCimv2, cim::wql::all("Win32_X"), soon())) << "failed calls are calls, too";
    EXPECT_TRUE(session.query(kCimv2, cim::wql::all("Win32_X"), soon()));
    cim::wql::Related related;
    related.object = path("Msvm_A.K=1");
    related.result_class = "Msvm_B";
    EXPECT_TRUE(session.query(kVirtualization, related, soon()));
    EXPECT_TRUE(session.get(path("Msvm_A.K=1"), soon()));
    EXPECT_TRUE(session.put(cim::Instance("Msvm_A"), soon()));
    EXPECT_TRUE(session.invoke(path("Msvm_A.K=1"), "Do", {}, soon()));
    const auto counts = session.counts();
    EXPECT_EQ(counts.query, 3u);
    EXPECT_EQ(counts.total(), 6u);
    EXPECT_EQ(
        counts.by_name,
        (std::map<std::string, std::size_t>{
            {"get Msvm_A", 1}, {"invoke Msvm_A.Do", 1}, {"put Msvm_A", 1}, {"query Msvm_B", 1}, {"query Win32_X", 2}}));
    EXPECT_EQ(session.host_name(), "SCRIPTED");
    session.reset();
    EXPECT_EQ(session.counts().total(), 0u);
}

} // namespace
} // namespace exhyperv::host
