#include "assign/wddm.h"
#include "cli/table.h"
#include "cli/views/inventory_view.h"
#include "cli/views/plan_view.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::cli {
namespace {

struct Line {
    std::string text;
    Tone tone;
};

Line known(const std::optional<bool>& value, std::string_view yes, std::string_view no, const Ui& ui) {
    if (!value) return {ui.text("cli.unknown"), Tone::warn};
    return *value ? Line{ui.text(yes), Tone::good} : Line{ui.text(no), Tone::bad};
}

std::string policy_text(const std::optional<std::uint32_t>& value, const Ui& ui) {
    return value ? std::to_string(*value) : ui.text("cli.status.policy_unset");
}

} // namespace

std::string status_text(const app::Session& session, const model::HostFacts& facts, const app::Inventory& inventory,
                        const std::vector<assign::ReadinessItem>& readiness, const Ui& ui) {
    std::string out = ui.paint(Tone::strong, printable(facts.computer_name)) + "  " +
                      ui.paint(Tone::faint, printable(session.uri().text)) + '\n';
    Fields fields;
    fields.add(ui.text("cli.status.windows"),
               ui.text("cli.status.windows_value", {{"name", facts.os_name}, {"build", std::to_string(facts.build)}}));
    const auto hyperv =
        known(facts.hyperv_service_running, "cli.status.hyperv_running", "cli.status.hyperv_stopped", ui);
    fields.add(ui.text("cli.status.hyperv"), hyperv.text, hyperv.tone);
    const auto needed = facts.server() ? assign::kFirstServerHostBuild : assign::kFirstClientHostBuild;
    const bool able = facts.build >= needed;
    fields.add(ui.text("cli.status.gpupv"),
               able ? ui.text("cli.status.gpupv_yes", {{"wddm", std::string(model::wddm_of_build(facts.build))}})
                    : ui.text("cli.status.gpupv_no", {{"needed", std::to_string(needed)}}),
               able ? Tone::good : Tone::bad);
    const auto iov = known(facts.iov_support, "cli.status.iommu_yes", "cli.status.iommu_no", ui);
    fields.add(ui.text("cli.status.iommu"), iov.text, iov.tone);
    for (const auto& reason : facts.iov_reasons)
        fields.add("", reason, Tone::warn);
    fields.add(ui.text("cli.status.rights"),
               ui.text(session.uri().remote() ? "cli.status.remote"
                       : session.elevated()   ? "cli.status.elevated"
                                              : "cli.status.not_elevated"),
               session.elevated() ? Tone::good : Tone::warn);
    if (facts.server()) {
        const bool remote = session.uri().remote(); // whose registry is not read
        fields.add("RequireSecureDeviceAssignment",
                   remote ? ui.text("cli.unknown") : policy_text(facts.require_secure_device_assignment, ui));
        fields.add("RequireSupportedDeviceAssignment",
                   remote ? ui.text("cli.unknown") : policy_text(facts.require_supported_device_assignment, ui));
    }

    const auto running = std::ranges::count(inventory.vms, model::VmState::running, &model::Vm::state);
    fields.add(ui.text("cli.status.vms"),
               ui.text("cli.status.vms_value",
                       {{"total", std::to_string(inventory.vms.size())}, {"running", std::to_string(running)}}));
    std::vector<std::string> cards;
    for (const auto& gpu : inventory.gpus)
        cards.push_back(gpu.name);
    fields.add(ui.text("cli.status.gpus"), cards.empty() ? ui.text("cli.gpu.none") : join(cards, ", "));
    const auto stale = std::ranges::count(inventory.partitions, true, &model::GpuPartition::stale);
    fields.add(ui.text("cli.status.partitions"), std::to_string(inventory.partitions.size()));
    if (stale > 0)
        fields.add("", ui.text("cli.status.partitions_stale", {{"count", std::to_string(stale)}}), Tone::warn);
    std::vector<assign::Check> checks;
    for (const auto& item : readiness)
        checks.push_back(item.check);
    return out + fields.render(ui, 2) + '\n' + checks_in_short(checks, ui);
}

} // namespace exhyperv::cli
