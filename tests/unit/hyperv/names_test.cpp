#include "hyperv/pci_devices.h"
#include "hyperv/provider_error.h"
#include "hyperv/setting_id.h"
#include "hyperv/vms.h"

#include <gtest/gtest.h>

namespace exhyperv::hyperv {
namespace {

TEST(SettingId, BelongsToTheGuidAtItsFront) {
    const auto id =
        owner_of_setting(R"(Microsoft:3F2504E0-4F89-11D3-9A0C-0305E82C3301\929890BC-BB33-4687-BC1A-F72A4F1B3B3F)");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->str(), "3F2504E0-4F89-11D3-9A0C-0305E82C3301");
    EXPECT_EQ(settings_id(*id), "Microsoft:3F2504E0-4F89-11D3-9A0C-0305E82C3301");
}

TEST(SettingId, TemplatesBelongToNobody) {
    const auto* id = R"(Microsoft:Definition\0C67BCC8-92AE-46F0-9BC5-D1DDD10CB3E6\Default)";
    EXPECT_FALSE(owner_of_setting(id));
    EXPECT_TRUE(is_template(id));
    EXPECT_TRUE(is_default_template(id));
    EXPECT_FALSE(is_default_template(R"(Microsoft:Definition\0C67BCC8-92AE-46F0-9BC5-D1DDD10CB3E6\Minimum)"));
    EXPECT_FALSE(owner_of_setting(""));
    EXPECT_FALSE(owner_of_setting("Microsoft:"));
}

TEST(VmState, KnowsBothFamiliesOfNumbers) {
    using enum model::VmState;
    EXPECT_EQ(vm_state_of(2), running);
    EXPECT_EQ(vm_state_of(3), off);
    for (const int saved_number : {6, 32769, 32779})
        EXPECT_EQ(vm_state_of(saved_number), saved) << saved_number;
    for (const int paused_number : {9, 32768})
        EXPECT_EQ(vm_state_of(paused_number), paused) << paused_number;
    EXPECT_EQ(vm_state_of(10), changing);
    EXPECT_EQ(vm_state_of(32785), critical);
    EXPECT_EQ(vm_state_of(0), unknown);
}

TEST(PureId, IsEqualForBothNodesOfOneFunction) {
    EXPECT_EQ(pure_id_of(R"(PCI\VEN_10DE&DEV_2786\4&1F)"), pure_id_of(R"(pcip\ven_10de&dev_2786\4&1f)"));
    EXPECT_EQ(pure_id_of(R"(USB\VID_046D)"), "");
}

TEST(ProviderRefusal, PrefersTheNumberInTheTextToTheGeneralOne) {
    const auto error =
        provider_refusal(NativeKind::job, 32768, "RequestStateChange",
                         "failed to start.\n\n'A hypervisor feature is not available to the user.' (0xC035001E).");
    EXPECT_EQ(error.code, "hyperv.feature_unavailable");
    EXPECT_EQ(*error.arg("code"), "32768");
}

TEST(ProviderRefusal, KnowsThePolicyByItsRegistryNames) {
    EXPECT_EQ(
        provider_refusal(NativeKind::job, 32768, "x", "… See HyperV\\RequireSecureDeviceAssignment … (0x800705AA)")
            .code,
        "hyperv.policy_blocks");
}

TEST(ProviderRefusal, HasACodeForEveryNumber) {
    for (std::uint32_t code = 0; code < 40000; ++code)
        EXPECT_TRUE(provider_refusal(NativeKind::job, code, "x", "").code.starts_with("hyperv."));
}

TEST(SessionError, TellsAMissingRoleFromAMissingClass) {
    EXPECT_EQ(session_error(Error{"cim.invalid_namespace", {}, {}, {}, {}}, "Msvm_X").code, "hyperv.not_installed");
    EXPECT_EQ(*session_error(Error{"cim.invalid_class", {}, {}, {}, {}}, "Msvm_X").arg("class"), "Msvm_X");
    EXPECT_EQ(session_error(Error{"call.timeout", {}, {}, {}, {}}, "Msvm_X").code, "call.timeout");
}

} // namespace
} // namespace exhyperv::hyperv
