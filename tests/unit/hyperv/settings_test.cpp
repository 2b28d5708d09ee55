#include "hyperv/settings.h"

#include "cim/xml.h"
#include "scripted_session.h"

#include <gtest/gtest.h>

namespace exhyperv::hyperv {
namespace {

using namespace std::chrono_literals;

const Guid kVm = *Guid::parse("3F2504E0-4F89-11D3-9A0C-0305E82C3301");

/// A provider with one VM, which takes over what ModifySystemSettings sends, or says so without doing it.
struct OneVm {
    ScriptedSession session;
    cim::Instance data{"Msvm_VirtualSystemSettingData"};
    bool deaf = false;

    OneVm() {
        data.set("InstanceID", cim::Value::string("Microsoft:" + kVm.str()));
        data.set("ElementName", cim::Value::string("R&D <1>"));
        data.set(kCacheTypes, cim::Value::boolean(false));
        data.set(kHighMmio, cim::Value::uint64(512));
        data.set(kStopAction, cim::Value::uint16(3));
        session.on_query = [this](const cim::wql::Query& query) -> Result<std::vector<cim::Instance>> {
            if (query.select()->from != "Msvm_VirtualSystemSettingData") {
                cim::Instance service("Msvm_VirtualSystemManagementService");
                service.set_path(*cim::ObjectPath::parse(
                    R"(\\HOST\root\virtualization\v2:Msvm_VirtualSystemManagementService.Name="vmms")"));
                return std::vector{service};
            }
            if (!deaf && !session.arguments.empty())
                data = *cim::parse_cim_xml(*session.arguments.back().at(0).value.as_string());
            return std::vector{data};
        };
    }
};

TEST(ChangeSettings, SendsTheWholeInstanceInTheProvidersTypesAndReadsItBack) {
    OneVm host;
    const auto changed = change_settings(
        host.session, kVm, {{kCacheTypes, true}, {kHighMmio, std::uint64_t{32768}}, {kStopAction, std::uint64_t{4}}},
        CallContext::within(5s));
    ASSERT_TRUE(changed) << describe(changed.error());
    EXPECT_TRUE(*changed);
    EXPECT_EQ(host.session.invoked, std::vector<std::string>{"ModifySystemSettings"});
    EXPECT_EQ(host.data.text("ElementName"), "R&D <1>");
    EXPECT_EQ(host.data.find(kStopAction)->type(), cim::CimType::uint16);
    EXPECT_EQ(host.data.uint(kHighMmio), 32768u);
    EXPECT_EQ(host.data.boolean(kCacheTypes), true);
}

TEST(ChangeSettings, CallsNothingWhenAllIsAsWanted) {
    OneVm host;
    const auto changed = change_settings(host.session, kVm, {{kHighMmio, std::uint64_t{512}}}, CallContext::within(5s));
    ASSERT_TRUE(changed);
    EXPECT_FALSE(*changed);
    EXPECT_TRUE(host.session.invoked.empty());
}

TEST(ChangeSettings, DoesNotBelieveAProviderThatOnlySaysDone) {
    OneVm host;
    host.deaf = true;
    const auto changed =
        change_settings(host.session, kVm, {{kHighMmio, std::uint64_t{32768}}}, CallContext::within(5s));
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().code, "hyperv.setting_not_applied");
    EXPECT_EQ(*changed.error().arg("found"), "512");
}

TEST(ChangeSettings, RefusesASettingTheBuildDoesNotHave) {
    OneVm host;
    EXPECT_EQ(
        change_settings(host.session, kVm, {{kAutomaticCheckpoints, false}}, CallContext::within(5s)).error().code,
        "hyperv.setting_unknown");
    EXPECT_TRUE(host.session.invoked.empty());
}

} // namespace
} // namespace exhyperv::hyperv
