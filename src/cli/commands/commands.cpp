#include "cli/commands/commands.h"

#include <array>
#include <utility>

namespace exhyperv::cli {

std::span<const CommandSpec* const> all_commands() {
    static constexpr std::array kAll{
        &kStatus,          &kVmList,       &kVmShow,       &kVmStart,      &kVmStop,       &kVmTurnOff,
        &kGpuList,         &kGpuShow,      &kGpuAdd,       &kGpuRemove,    &kGpuDrift,     &kGpuSync,
        &kDeviceList,      &kDeviceShow,   &kDeviceReport, &kDeviceAssign, &kDeviceReturn, &kDeviceRecover,
        &kDisplayAdvise,   &kGuestInspect, &kGuestImport,  &kGuestPurge,   &kPolicyShow,   &kPolicyAllow,
        &kPolicyRestore,   &kHistory,      &kRecover,      &kSelfTest,     &kSimReset,     &kSimScenarios,
        &kSimUpdateDriver, &kHostList,     &kHostAdd,      &kHostRemove,   &kUi,           &kServe,
        &kServePasswd,     &kCompletion};
    return kAll;
}

std::string_view group_summary(std::string_view group) {
    static constexpr std::pair<std::string_view, std::string_view> kGroups[] = {
        {"vm", "cli.group.vm"},           {"gpu", "cli.group.gpu"},     {"device", "cli.group.device"},
        {"display", "cli.group.display"}, {"guest", "cli.group.guest"}, {"policy", "cli.group.policy"},
        {"host", "cli.group.host"},       {"sim", "cli.group.sim"},     {"serve", "serve.serve.summary"}};
    for (const auto& [name, key] : kGroups)
        if (name == group) return key;
    return {};
}

} // namespace exhyperv::cli
