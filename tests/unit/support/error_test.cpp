#include "support/error.h"

#include <gtest/gtest.h>

namespace exhyperv {
namespace {

TEST(Error, KeepsItsArgumentsAndNativeCode) {
    Error error{"vm.not_found", {{"vm", "win11"}}, {}, {}, {}};
    error.with("host", "here").with_native(NativeKind::hresult, 0x80041002);
    ASSERT_NE(error.arg("vm"), nullptr);
    EXPECT_EQ(*error.arg("vm"), "win11");
    EXPECT_EQ(*error.arg("host"), "here");
    EXPECT_EQ(error.arg("nothing"), nullptr);
    EXPECT_EQ(error.native, (NativeCode{NativeKind::hresult, 0x80041002}));
}

TEST(Error, WritesEachKindOfNativeCodeItsOwnWay) {
    EXPECT_EQ(format_native({}), "");
    EXPECT_EQ(format_native({NativeKind::hresult, 0x80041003}), "0x80041003");
    EXPECT_EQ(format_native({NativeKind::hresult, static_cast<std::int32_t>(0x80041003)}), "0x80041003")
        << "sign-extended, too";
    EXPECT_EQ(format_native({NativeKind::cim_return, 32773}), "return value 32773");
    EXPECT_EQ(format_native({NativeKind::job, 32768}), "job error 32768");
    EXPECT_EQ(format_native({NativeKind::win32, 5}), "Windows error 5");
    EXPECT_EQ(format_native({NativeKind::posix, 28}), "errno 28");
    EXPECT_EQ(format_native({NativeKind::http, 401}), "HTTP 401");
}

TEST(Error, DescribesItselfInOneLine) {
    Error error{"a.b", {{"x", "1"}}, {NativeKind::posix, 2}, "provider says", "detail"};
    EXPECT_EQ(describe(error), "a.b x=1 [errno 2]: detail | provider says");
}

} // namespace
} // namespace exhyperv
