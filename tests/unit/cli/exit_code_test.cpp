#include "cli/exit_code.h"

#include <gtest/gtest.h>

#include <set>

namespace exhyperv::cli {
namespace {

TEST(ExitCode, FollowsTheKindOfError) {
    const std::pair<const char*, ExitCode> kCases[] = {
        {"cli.unknown_option", ExitCode::usage},
        {"cli.confirmation_needed", ExitCode::usage},
        {"cli.declined", ExitCode::cancelled},
        {"cli.operation_not_found", ExitCode::not_found},
        {"app.host_uri", ExitCode::usage},
        {"app.config_syntax", ExitCode::usage},
        {"app.host_not_supported", ExitCode::usage},
        {"vm.not_found", ExitCode::not_found},
        {"vm.ambiguous", ExitCode::not_found},
        {"gpu.ambiguous", ExitCode::not_found},
        {"gpu.not_partitionable", ExitCode::refused},
        {"plan.blocked", ExitCode::refused},
        {"guest.bitlocker", ExitCode::refused},
        {"disk.truncated", ExitCode::refused},
        {"disk.not_found", ExitCode::not_found},
        {"operation.busy", ExitCode::busy},
        {"operation.recover_first", ExitCode::busy},
        {"call.timeout", ExitCode::cancelled},
        {"call.cancelled", ExitCode::cancelled},
        {"job.timeout", ExitCode::cancelled},
        {"job.cancelled", ExitCode::cancelled},
        {"job.terminated", ExitCode::failed},
        {"journal.damaged", ExitCode::host_unavailable},
        {"state.corrupt", ExitCode::host_unavailable},
        {"operation.cannot_resume", ExitCode::refused},
        {"sim.bad_scenario", ExitCode::host_unavailable},
        {"sim.unknown_scenario", ExitCode::not_found},
        {"sim.in_use", ExitCode::busy},
        {"session.lost", ExitCode::host_unavailable},
        {"app.host_uri_password", ExitCode::usage},
        {"app.host_password", ExitCode::host_unavailable},
        {"host.not_reached", ExitCode::host_unavailable},
        {"app.remote_looks_only", ExitCode::refused},
        {"host.devices_not_local", ExitCode::refused},
        {"cim.provider_failure", ExitCode::failed},
        {"something.new", ExitCode::failed},
    };
    for (const auto& [code, expected] : kCases)
        EXPECT_EQ(exit_code_of(Error{code, {}, {}, {}, {}}), expected) << code;
}

TEST(ExitCode, TableNamesEveryCodeOnce) {
    std::set<ExitCode> codes;
    for (const auto& entry : exit_code_texts())
        EXPECT_TRUE(codes.insert(entry.code).second);
    EXPECT_EQ(codes.size(), 10u);
}

} // namespace
} // namespace exhyperv::cli
