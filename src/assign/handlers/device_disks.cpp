#include "assign/core/json_fields.h"
#include "assign/handlers/device_handlers.h"
#include "assign/state/device_record.h"
#include "support/strings.h"

#include <algorithm>
#include <chrono>

namespace exhyperv::assign {

namespace {

using Disks = std::vector<host::HostDevices::Disk>;

/// Disks of a controller that has just come back take a moment to show up.
constexpr std::chrono::seconds kDiskTime{60};

/// The disks behind the step's controller.
Result<Disks> disks_of(const StepContext& context, const std::string& pure_id) {
    TRY_ASSIGN(auto disks, context.environment.host.devices().disks(context.call));
    std::erase_if(disks, [&](const auto& disk) { return !iequals(disk.parent_instance_path, "PCI\\" + pure_id); });
    return disks;
}

bool listed(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> names_of(const Disks& disks) {
    std::vector<std::string> names;
    for (const auto& disk : disks)
        names.push_back(disk.name);
    return names;
}

/// Waits until every named disk is there: a number may be another one after the controller came back, so names count.
Result<Disks> wait_for_disks(const StepContext& context, const std::string& pure_id,
                             const std::vector<std::string>& names) {
    const auto patience = Deadline::after(kDiskTime);
    for (std::chrono::milliseconds pause{2};; pause = std::min(pause * 2, std::chrono::milliseconds(500))) {
        TRY_ASSIGN(auto disks, disks_of(context, pure_id));
        std::erase_if(disks, [&](const auto& disk) { return !listed(names, disk.name); });
        const auto there = names_of(disks);
        const bool all = std::all_of(names.begin(), names.end(), [&](const auto& name) { return listed(there, name); });
        if (all || patience.expired()) return disks;
        TRY(context.call.sleep(pause, "disks of " + pure_id));
    }
}

/// Puts the named disks into a state and reads back. Returns the names of those that changed.
Result<std::vector<std::string>> set_online(const StepContext& context, const std::string& pure_id,
                                            const std::vector<std::string>& names, bool online) {
    TRY_ASSIGN(const auto disks, wait_for_disks(context, pure_id, names));
    std::vector<std::string> changed;
    for (const auto& disk : disks) {
        if (disk.online == online) continue;
        TRY(context.environment.host.devices().set_disk_online(disk.number, online, context.call));
        changed.push_back(disk.name);
    }
    TRY_ASSIGN(const auto after, disks_of(context, pure_id));
    for (const std::string& name : names) {
        const auto at = std::find_if(after.begin(), after.end(), [&](const auto& disk) { return disk.name == name; });
        if (at == after.end()) return fail("device.disk_missing", {{"disk", name}, {"device", pure_id}});
        if (at->online != online) return fail("device.disk_state", {{"disk", name}, {"device", pure_id}});
    }
    return changed;
}

Result<nlohmann::json> disks_before(const StepContext& context, const std::string& pure_id) {
    TRY_ASSIGN(const auto disks, disks_of(context, pure_id));
    auto online = nlohmann::json::array();
    for (const auto& disk : disks)
        if (disk.online) online.push_back(disk.name);
    TRY_ASSIGN(const auto record, read_device_record(context.environment.state_directory, pure_id));
    return nlohmann::json{{"online", online}, {"remembered", record.offline_disks}};
}

Result<> remember(const StepContext& context, const std::string& pure_id, std::vector<std::string> names) {
    TRY_ASSIGN(auto record, read_device_record(context.environment.state_directory, pure_id));
    record.offline_disks = std::move(names);
    if (record.name.empty()) record.name = text_or(context.parameters, "device_name", pure_id);
    return write_device_record(context.environment.state_directory, record);
}

/// Takes the disks behind a storage controller offline, so that nothing of theirs is left unwritten when it goes.
class OfflineHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto id, text_field(context.parameters, "device"));
        return disks_before(context, id);
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const override {
        TRY_ASSIGN(const auto id, text_field(context.parameters, "device"));
        TRY_ASSIGN(const auto names, texts_field(before, "online"));
        TRY(remember(context, id, names)); // before they change: rather a record too many than one too few
        StepRun run;
        TRY_ASSIGN(const auto changed, set_online(context, id, names, false));
        run.changed = true;
        run.facts.push_back({"step.device_disks_offline.fact", {{"disks", join(names, ", ")}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const auto id, text_field(context.parameters, "device"));
        TRY_ASSIGN(const auto names, texts_field(before, "online"));
        TRY_ASSIGN(const auto remembered, texts_field(before, "remembered"));
        TRY(set_online(context, id, names, true));
        TRY(remember(context, id, remembered));
        TRY(settle_device(context.environment.state_directory, id));
        return std::vector<Message>{};
    }
};

/// Brings the remembered disks back when their controller is with the host again.
class OnlineHandler final : public StepHandler {
  public:
    Result<nlohmann::json> prepare(const StepContext& context) const override {
        TRY_ASSIGN(const auto id, text_field(context.parameters, "device"));
        return disks_before(context, id);
    }

    Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const override {
        TRY_ASSIGN(const auto id, text_field(context.parameters, "device"));
        TRY_ASSIGN(const auto names, texts_field(before, "remembered"));
        StepRun run;
        TRY_ASSIGN(const auto disks, wait_for_disks(context, id, names));
        const auto there = names_of(disks);
        for (const std::string& name : names) // taken out while the controller was away: not a reason to undo all
            if (!listed(there, name)) run.warnings.push_back({"step.device_disks_online.missing", {{"disk", name}}});
        TRY(set_online(context, id, there, true)); // remembered until the end is verified
        run.changed = true;
        run.facts.push_back({"step.device_disks_online.fact", {{"disks", join(there, ", ")}}});
        return run;
    }

    Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                      const nlohmann::json&) const override {
        TRY_ASSIGN(const auto id, text_field(context.parameters, "device"));
        TRY_ASSIGN(const auto names, texts_field(before, "remembered"));
        TRY_ASSIGN(const auto online, texts_field(before, "online"));
        std::vector<std::string> back;
        std::copy_if(names.begin(), names.end(), std::back_inserter(back),
                     [&](const auto& name) { return !listed(online, name); });
        TRY_ASSIGN(const auto now, disks_of(context, id));
        const auto there = names_of(now);
        std::erase_if(back, [&](const auto& name) { return !listed(there, name); });
        TRY(set_online(context, id, back, false));
        TRY(remember(context, id, names));
        return std::vector<Message>{};
    }
};

} // namespace

Result<> quiet_disks(const StepContext& context, const std::string& pure_id) {
    TRY_ASSIGN(const auto record, read_device_record(context.environment.state_directory, pure_id));
    if (record.offline_disks.empty()) return {};
    TRY_ASSIGN(const auto now, disks_of(context, pure_id));
    std::vector<std::string> names;
    for (const auto& disk : now)
        if (disk.online && listed(record.offline_disks, disk.name)) names.push_back(disk.name);
    TRY(set_online(context, pure_id, names, false));
    return {};
}

const StepHandler& device_disks_offline_handler() {
    static const OfflineHandler handler;
    return handler;
}

const StepHandler& device_disks_online_handler() {
    static const OnlineHandler handler;
    return handler;
}

} // namespace exhyperv::assign
