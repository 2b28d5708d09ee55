#include "assign/device/safety.h"

#include "assign/preflight/check.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

bool moved(const std::vector<Mover>& movers, const DeviceEntry& entry) {
    return std::any_of(movers.begin(), movers.end(),
                       [&](const Mover& one) { return iequals(one.id(), entry.device.pure_id); });
}

bool shows_picture(const DeviceEntry& entry) {
    return entry.is_display && entry.device.place.kind == model::PlaceKind::host && entry.device.problem == 0;
}

/// One adapter each may well go while another stays; all of them together may not.
void add_last_of_all(Safety& safety, const TransitionSurvey& survey, const std::vector<Mover>& movers) {
    const auto& devices = survey.inventory.devices;
    const auto leaving = [&](const DeviceEntry& entry) { return shows_picture(entry) && moved(movers, entry); };
    const bool stays = std::any_of(devices.begin(), devices.end(), [&](const DeviceEntry& entry) {
        return shows_picture(entry) && !moved(movers, entry);
    });
    const auto going = std::count_if(devices.begin(), devices.end(), leaving);
    const bool said = std::any_of(movers.begin(), movers.end(),
                                  [](const Mover& one) { return one.with_host() && one.entry->is_last_display; });
    if (stays || said || going < 2) return;
    safety.add(make_check("device.last_display", Verdict::fail, "all", {{"count", std::to_string(going)}}), nullptr);
}

void add_left_behind(Safety& safety, const TransitionSurvey& survey, const std::vector<Mover>& movers,
                     const model::Vm& vm) {
    for (const Mover& mover : movers)
        for (const std::string& id : mover.entry->companions) {
            const DeviceEntry* companion = survey.inventory.find(id);
            if (!companion || companion->is_bridge || moved(movers, *companion)) continue;
            const auto& place = companion->device.place;
            if (place.kind == model::PlaceKind::vm && place.vm_id == vm.id) continue;
            safety.add(make_check("device.companions", Verdict::warn, "left_behind",
                                  {{"device", mover.name()}, {"companion", companion->display_name()}}),
                       mover.entry);
        }
}

/// A card given whole and a partition of the same maker in one VM: the guest's driver stops with Code 43.
void add_mixed(Safety& safety, const TransitionSurvey& survey, const std::vector<Mover>& movers, const model::Vm& vm) {
    for (const auto& partition : survey.survey.partitions_of(vm.id)) {
        const model::Gpu* card = survey.survey.card_of(partition);
        if (!card) continue;
        for (const Mover& mover : movers)
            if (mover.entry->is_display && model::gpu_vendor_of(mover.id()) == card->vendor)
                safety.add(make_check("device.mixed", Verdict::warn, "same_maker",
                                      {{"device", mover.name()}, {"card", card->name}, {"vm", vm.name}}),
                           mover.entry);
    }
}

Check check_waived(const DeviceAssignRequest& request) {
    const bool acs = request.require_acs, mitigations = request.require_mitigations;
    return make_check("device.waived", Verdict::pass,
                      acs && mitigations ? "none"
                      : acs              ? "mitigations"
                      : mitigations      ? "acs"
                                         : "both");
}

/// A device's own checks. One that is not with the host can neither take a picture nor a disk away from it: the
/// inventory then has no such evidence.
void add_device(Safety& safety, const TransitionSurvey& survey, const Mover& mover, const model::Vm& vm) {
    const MessageArgs args{{"device", mover.name()},
                           {"vm", vm.name},
                           {"from", mover.holder ? survey.survey.vm_name(*mover.holder) : std::string("–")}};
    if (mover.place == model::PlaceKind::stale_reference) {
        safety.add(make_check("device.move", Verdict::fail, "gone", args), mover.entry);
        return;
    }
    if (mover.place == model::PlaceKind::vm && mover.holder == vm.id) {
        safety.add(make_check("device.move", Verdict::pass, "there", args), mover.entry);
        return;
    }
    for (const Check& check : mover.entry->evidence)
        safety.add(check, mover.entry);
    if (mover.with_host() && mover.holder)
        safety.add(make_check("device.move", Verdict::warn, "leftover", args), mover.entry);
    if (mover.place == model::PlaceKind::vm)
        safety.add(make_check("device.move", Verdict::warn, "from_vm", args), mover.entry);
}

} // namespace

Result<Checks> check_assignment(const TransitionSurvey& survey, const std::vector<Mover>& movers, const model::Vm& vm,
                                const DeviceAssignRequest& request) {
    TRY_ASSIGN(auto safety, Safety::of(request.accept));
    for (const Check& check : survey.inventory.host_checks)
        safety.add(check, nullptr);
    for (const Mover& mover : movers)
        add_device(safety, survey, mover, vm);
    add_last_of_all(safety, survey, movers);
    add_left_behind(safety, survey, movers, vm);
    add_mixed(safety, survey, movers, vm);
    if (std::any_of(movers.begin(), movers.end(), [](const Mover& one) { return one.with_host(); }))
        safety.add(check_waived(request), nullptr);
    return std::move(safety).checks();
}

} // namespace exhyperv::assign
