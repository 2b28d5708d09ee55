#include "assign/wanted_settings.h"

#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

hyperv::SettingValues settings_for_gpu(const model::VmSettings& now, const MmioPlan& mmio) {
    hyperv::SettingValues wanted;
    if (now.guest_controlled_cache_types && !*now.guest_controlled_cache_types)
        wanted.emplace_back(hyperv::kCacheTypes, true);
    if (now.low_mmio_mib && *now.low_mmio_mib < mmio.low) wanted.emplace_back(hyperv::kLowMmio, mmio.low);
    if (now.high_mmio_mib && *now.high_mmio_mib < mmio.high) wanted.emplace_back(hyperv::kHighMmio, mmio.high);
    if (now.high_mmio_base_mib && mmio.base && *mmio.base != *now.high_mmio_base_mib)
        wanted.emplace_back(hyperv::kHighMmioBase, *mmio.base);
    if (now.stop_action == model::StopAction::save)
        wanted.emplace_back(hyperv::kStopAction,
                            std::uint64_t{static_cast<std::uint16_t>(model::StopAction::shut_down)});
    if (now.checkpoint_type && *now.checkpoint_type != model::CheckpointType::disabled)
        wanted.emplace_back(hyperv::kCheckpointType,
                            std::uint64_t{static_cast<std::uint16_t>(model::CheckpointType::disabled)});
    if (now.automatic_checkpoints && *now.automatic_checkpoints)
        wanted.emplace_back(hyperv::kAutomaticCheckpoints, false);
    return wanted;
}

SettingsBack settings_back(const std::vector<ChangedSetting>& remembered, const hyperv::SettingValues& now) {
    SettingsBack back;
    for (const ChangedSetting& one : remembered) {
        const auto at =
            std::find_if(now.begin(), now.end(), [&](const auto& value) { return value.first == one.name; });
        if (at == now.end() || at->second == one.original) continue;
        if (at->second == one.set)
            back.set.emplace_back(one.name, one.original);
        else
            back.changed_since.push_back(one.name);
    }
    return back;
}

Result<std::optional<hyperv::SettingValues>> settings_to_restore(const Environment& environment, const model::Vm& vm,
                                                                 std::string_view check_id, Checks& checks,
                                                                 const CallContext& context) {
    TRY_ASSIGN(const auto remembered, original_settings(environment.state_directory, vm.id));
    if (remembered.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (const ChangedSetting& one : remembered)
        names.push_back(one.name);
    TRY_ASSIGN(const auto now, hyperv::read_settings(environment.host.cim(), vm.id, names, context));
    auto back = settings_back(remembered, now);
    if (!back.changed_since.empty())
        checks.push_back(make_check(check_id, Verdict::warn, "changed_since",
                                    {{"vm", vm.name}, {"settings", join(back.changed_since, ", ")}}));
    return std::move(back.set);
}

bool need_vm_off(const hyperv::SettingValues& values) {
    return std::any_of(values.begin(), values.end(), [](const auto& one) {
        return one.first == hyperv::kCacheTypes || one.first == hyperv::kLowMmio || one.first == hyperv::kHighMmio ||
               one.first == hyperv::kHighMmioBase || one.first == hyperv::kDynamicMemory;
    });
}

std::string settings_text(const hyperv::SettingValues& values) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : values)
        parts.push_back(name + " = " + hyperv::setting_text(value));
    return parts.empty() ? "–" : join(parts, ", ");
}

} // namespace exhyperv::assign
