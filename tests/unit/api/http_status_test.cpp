#include "api/request.h"

#include <gtest/gtest.h>

namespace exhyperv::api {
namespace {

TEST(HttpStatus, OfWhatAHostSeenFromAnotherComputerRefusesIsNoFaultOfTheServer) {
    for (const char* code : {"host.devices_not_local", "host.registry_not_local", "host.files_not_local",
                             "app.remote_looks_only", "vm.ambiguous", "plan.blocked"})
        EXPECT_EQ(http_status(Error{code, {}, {}, {}, {}}), 409) << code;
}

TEST(HttpStatus, OfAHostThatIsOutOfReachIsThatOfAGateway) {
    for (const char* code : {"host.not_reached", "host.sign_in_refused", "session.lost"})
        EXPECT_EQ(http_status(Error{code, {}, {}, {}, {}}), 502) << code;
}

TEST(HttpStatus, OfWhatNobodyExpectedIsAFault) {
    EXPECT_EQ(http_status(Error{"something.new", {}, {}, {}, {}}), 500);
}

} // namespace
} // namespace exhyperv::api
