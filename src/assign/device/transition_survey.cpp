#include "assign/device/transition_survey.h"

#include "assign/state/device_record.h"
#include "cim/object_path.h"
#include "hyperv/gpu_partitions.h"
#include "hyperv/gpus.h"
#include "hyperv/setting_id.h"
#include "hyperv/vms.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

/// The VM in the object path of a Msvm_PciExpressSettingData.
std::optional<Guid> holder_of(const std::string& setting_path) {
    const auto path = cim::ObjectPath::parse(setting_path);
    return path ? hyperv::owner_of_setting(path->text_key("InstanceID")) : std::nullopt;
}

bool contains(const std::vector<Mover>& movers, const DeviceEntry& entry) {
    return std::any_of(movers.begin(), movers.end(),
                       [&](const Mover& one) { return iequals(one.id(), entry.device.pure_id); });
}

} // namespace

const model::Vm* TransitionSurvey::vm(const Guid& id) const {
    for (const model::Vm& one : survey.vms)
        if (one.id == id) return &one;
    return nullptr;
}

const model::Gpu* TransitionSurvey::card_of(const DeviceEntry& entry) const {
    for (const model::Gpu& gpu : survey.gpus)
        if (iequals(gpu.instance_path, entry.device.instance_path)) return &gpu;
    return nullptr;
}

Result<TransitionSurvey> read_transition_survey(const Environment& environment, const CallContext& context) {
    host::Host& host = environment.host;
    TransitionSurvey read;
    TRY_ASSIGN(read.inventory, list_device_inventory(host, context));
    read.survey.facts = read.inventory.facts;
    std::vector<model::PciDevice> devices;
    for (const DeviceEntry& entry : read.inventory.devices)
        devices.push_back(entry.device);
    TRY_ASSIGN(read.survey.vms, hyperv::list_vms(host.cim(), context));
    TRY_ASSIGN(read.survey.gpus, hyperv::list_gpus(host, devices, context));
    TRY_ASSIGN(read.survey.partitions, hyperv::list_gpu_partitions(host.cim(), read.survey.gpus, context));
    TRY_ASSIGN(read.survey.open, open_operations(environment));
    return read;
}

Mover mover_of(const Environment& environment, const TransitionSurvey& survey, const DeviceEntry& entry) {
    Mover mover;
    mover.entry = &entry;
    mover.place = entry.device.place.kind;
    const auto holder = holder_of(entry.device.setting_path);
    if (holder && survey.vm(*holder)) mover.holder = holder; // a checkpoint's copy has another owner
    if (!mover.holder && mover.place == model::PlaceKind::vm) mover.place = model::PlaceKind::dismounted;
    if (const auto record = read_device_record(environment.state_directory, entry.device.pure_id))
        mover.offline_disks = record->offline_disks;
    return mover;
}

Result<std::vector<Mover>> movers_of(const Environment& environment, const TransitionSurvey& survey,
                                     const std::vector<std::string>& wanted, bool with_companions) {
    std::vector<Mover> movers;
    for (const std::string& text : wanted) {
        TRY_ASSIGN(const DeviceEntry* const entry, find_device(survey.inventory, text));
        if (!contains(movers, *entry)) movers.push_back(mover_of(environment, survey, *entry));
        if (!with_companions) continue;
        for (const std::string& id : entry->companions)
            if (const DeviceEntry* companion = survey.inventory.find(id);
                companion && !companion->is_bridge && !contains(movers, *companion))
                movers.push_back(mover_of(environment, survey, *companion));
    }
    if (movers.empty()) return fail("device.none_given");
    return movers;
}

std::vector<Mover> devices_of_vm(const Environment& environment, const TransitionSurvey& survey, const Guid& vm) {
    std::vector<Mover> devices;
    for (const DeviceEntry& entry : survey.inventory.devices)
        if (Mover mover = mover_of(environment, survey, entry); mover.holder == vm) devices.push_back(std::move(mover));
    return devices;
}

DeviceSpace space_of(const Environment& environment, const TransitionSurvey& survey, const DeviceEntry& entry) {
    if (entry.capabilities.resources_known || !entry.device.bars.empty()) return space_of_bars(entry.device.bars);
    const auto record = read_device_record(environment.state_directory, entry.device.pure_id);
    if (record && !record->bars.empty()) return space_of_bars(record->bars);
    const model::Gpu* card = survey.card_of(entry);
    return guessed_space(entry.is_display, card ? card->vram_bytes : std::nullopt);
}

} // namespace exhyperv::assign
