#include "host/wbem_error.h"

#include <gtest/gtest.h>

namespace exhyperv::host {
namespace {

TEST(WbemError, NamesKnownNumbersAndKeepsUnknownOnes) {
    const Error denied = wbem_error(0x80041003, "Msvm_X");
    EXPECT_EQ(denied.code, "cim.access_denied");
    EXPECT_EQ(denied.native, (NativeCode{NativeKind::hresult, 0x80041003}));
    EXPECT_EQ(*denied.arg("what"), "Msvm_X");
    EXPECT_EQ(denied.provider_text, "Access denied");

    const Error strange = wbem_error(0x80049999, "Msvm_X", "text of the provider");
    EXPECT_EQ(strange.code, "cim.provider_failure");
    EXPECT_EQ(strange.native.value, 0x80049999);
    EXPECT_EQ(strange.provider_text, "text of the provider");
}

TEST(WbemError, EachCodeOfTheContractHasItsNumber) {
    const std::pair<const char*, std::uint32_t> pairs[] = {
        {"cim.invalid_namespace", 0x8004100E}, {"cim.invalid_class", 0x80041010},
        {"cim.bad_query", 0x80041017},         {"cim.not_found", 0x80041002},
        {"cim.access_denied", 0x80041003},     {"cim.invalid_parameter", 0x80041008},
        {"cim.type_mismatch", 0x80041005},     {"cim.invalid_method", 0x80041055},
        {"cim.provider_failure", 0x80041004},  {"session.lost", 0x800706BA}};
    for (const auto& [code, number] : pairs) {
        EXPECT_EQ(wbem_error(code, "x").code, code);
        EXPECT_EQ(wbem_error(code, "x").native.value, number) << code;
    }
}

TEST(WbemError, TellsABrokenConnectionFromARefusal) {
    EXPECT_TRUE(connection_lost(wbem_error("session.lost", "x")));
    EXPECT_TRUE(connection_lost(wbem_error(0x800706BE, "x")));
    EXPECT_TRUE(connection_lost(Error{"hyperv.other", {}, {NativeKind::hresult, 0x80010108}, {}, {}}));
    EXPECT_FALSE(connection_lost(wbem_error("cim.access_denied", "x")));
    EXPECT_FALSE(connection_lost(Error{"call.timeout", {}, {}, {}, {}}));
    EXPECT_FALSE(connection_lost(Error{"x.y", {}, {NativeKind::win32, 0x800706BA}, {}, {}}));
}

} // namespace
} // namespace exhyperv::host
