#include "assign/gpu_steps.h"
#include "assign/operations.h"
#include "assign/preflight/groups.h"
#include "assign/state/guest_record.h"
#include "assign/wanted_settings.h"
#include "drivers/manifest.h"
#include "hyperv/lookup.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

/// A card as the remove plan knows it: it may be long gone from the host.
struct HeldCard {
    std::string interface_path, instance_path, name;
    std::vector<model::GpuPartition> partitions;
};

std::vector<HeldCard> held_cards(const Survey& survey, const model::Vm& vm) {
    std::vector<HeldCard> cards;
    for (const auto& partition : survey.partitions_of(vm.id)) {
        const auto same = [&](const HeldCard& card) {
            return iequals(card.interface_path, partition.gpu_interface_path);
        };
        auto at = std::find_if(cards.begin(), cards.end(), same);
        if (at == cards.end()) {
            HeldCard card;
            card.interface_path = partition.gpu_interface_path;
            card.instance_path = model::instance_path_of_interface(card.interface_path);
            const model::Gpu* gpu = survey.card_of(partition);
            card.name = gpu ? gpu->name : !card.instance_path.empty() ? card.instance_path : partition.id;
            at = cards.insert(cards.end(), std::move(card));
        }
        at->partitions.push_back(partition);
    }
    return cards;
}

bool meant(const HeldCard& card, const std::string& wanted) {
    return wanted.empty() || iequals(card.interface_path, wanted) || iequals(card.instance_path, wanted) ||
           icontains(card.name, wanted);
}

std::string names_of(const std::vector<HeldCard>& cards) {
    std::vector<std::string> names;
    for (const HeldCard& card : cards)
        names.push_back(card.name + " (" + card.instance_path + ")");
    return join(names, ", ");
}

/// A driver in the guest that is to be taken out.
struct Purge {
    std::string card, card_name, disk;
    std::uint32_t partition = 0;
};

std::string card_name_of(const Survey& survey, const std::string& instance_path) {
    for (const auto& gpu : survey.gpus)
        if (iequals(gpu.instance_path, instance_path)) return gpu.name;
    return instance_path;
}

/// From the record of imports; without one, from the manifest in the guest itself (an image that came from elsewhere),
/// for a VM that runs the cards that are meant.
std::vector<Purge> find_purges(const Environment& environment, const Survey& survey, const model::Vm& vm,
                               const GpuRemoveRequest& request, const std::vector<HeldCard>& cards, Checks& checks) {
    const auto wanted = [&](const std::string& instance_path, const std::string& name) {
        for (const HeldCard& card : cards)
            if (iequals(card.instance_path, instance_path)) return true;
        return cards.empty() && meant({"", instance_path, name, {}}, request.gpu);
    };
    std::vector<Purge> purges;
    const auto records = guest_records(environment.state_directory, vm.id);
    if (!records) checks.push_back(refused_check("guest.record", records.error()));
    if (records)
        for (const GuestRecord& record : *records) {
            const std::string name = card_name_of(survey, record.card);
            const auto& [disk, partition] = record.place;
            const bool there = (!request.disk || iequals(*request.disk, disk)) &&
                               (request.partition == 0 || request.partition == partition);
            if (wanted(record.card, name) && there) purges.push_back({record.card, name, disk, partition});
        }
    if (!purges.empty()) return purges;
    if (vm.state != model::VmState::off) {
        // Which disk it is and whether there is a driver is found when the VM is off.
        for (const HeldCard& card : cards)
            purges.push_back({card.instance_path, card.name, request.disk.value_or(""), request.partition});
        if (cards.empty() && !request.gpu.empty())
            for (const auto& gpu : survey.gpus)
                if (meant({gpu.interface_path, gpu.instance_path, gpu.name, {}}, request.gpu))
                    purges.push_back({gpu.instance_path, gpu.name, request.disk.value_or(""), request.partition});
        if (purges.empty()) checks.push_back(make_check("guest.disk", Verdict::fail, "in_use", {{"vm", vm.name}}));
        return purges;
    }
    const auto refuse = [&](const Error& error) { checks.push_back(refused_check("guest.disk", error)); };
    const auto choice = choose_guest(environment.host, vm, request.disk, request.partition);
    if (!choice) {
        refuse(choice.error());
        return purges;
    }
    const auto open = guest::GuestDisk::open(choice->local_path, {false, choice->windows.partition});
    if (!open) {
        refuse(open.error());
        return purges;
    }
    const auto manifest = drivers::read_manifest((*open)->volume());
    if (!manifest) refuse(manifest.error());
    if (manifest && *manifest)
        for (const auto& card : (*manifest)->cards)
            if (wanted(card.instance_path, card.name))
                purges.push_back({card.instance_path, card.name, choice->disk, choice->windows.partition});
    return purges;
}

/// A name that fits neither a partition of the VM, nor a driver recorded for it, nor any card of the host is a slip of
/// the pen, not a wish that is already fulfilled.
Result<> check_name(const Environment& environment, const Survey& survey, const model::Vm& vm,
                    const std::string& wanted) {
    if (const auto records = guest_records(environment.state_directory, vm.id))
        for (const GuestRecord& record : *records)
            if (meant({"", record.card, card_name_of(survey, record.card), {}}, wanted)) return {};
    const auto known = hyperv::find_gpu(survey.gpus, wanted);
    if (!known && known.error().code == "gpu.not_found") return fail(known.error());
    return {};
}

/// The card's own name for a part of it that somebody typed: the history is read long afterwards.
std::string whole_name(const Survey& survey, const std::string& wanted) {
    if (wanted.empty()) return wanted;
    const auto known = hyperv::find_gpu(survey.gpus, wanted);
    return known ? known->name : wanted;
}

/// The VM's settings go back when nothing is left in it that needs them.
Result<std::optional<hyperv::SettingValues>> originals_of(const Environment& environment, const Survey& survey,
                                                          const model::Vm& vm, std::size_t leaving, Checks& checks,
                                                          const CallContext& context) {
    const bool holds_device =
        std::any_of(survey.devices.begin(), survey.devices.end(), [&](const model::PciDevice& device) {
            return device.place.kind == model::PlaceKind::vm && device.place.vm_id == vm.id;
        });
    if (holds_device || survey.partitions_of(vm.id).size() > leaving) return std::nullopt;
    return settings_to_restore(environment, vm, "vm.settings", checks, context);
}

} // namespace

Result<Plan> plan_gpu_remove(const Environment& environment, const GpuRemoveRequest& request,
                             const CallContext& context) {
    TRY_ASSIGN(const auto survey, read_survey(environment, context));
    TRY_ASSIGN(const auto vm, hyperv::find_vm(survey.vms, request.vm));
    auto cards = held_cards(survey, vm);
    const std::size_t held = cards.size();
    std::erase_if(cards, [&](const HeldCard& card) { return !meant(card, request.gpu); });
    if (cards.size() > 1 && request.gpu.empty())
        return fail("gpu.which", {{"vm", vm.name}, {"paths", names_of(cards)}});
    if (cards.size() > 1) return fail("gpu.ambiguous", {{"gpu", request.gpu}, {"paths", names_of(cards)}});

    if (cards.empty() && !request.gpu.empty()) TRY(check_name(environment, survey, vm, request.gpu));

    Plan plan;
    plan.id = Guid::random().str();
    plan.operation = "gpu.remove";
    plan.host_uri = environment.host.uri();
    append(plan.checks, check_host_without_partitions(survey));
    append(plan.checks, check_disk_journals(environment.host, vm));

    std::size_t leaving = 0;
    for (const HeldCard& card : cards)
        for (const auto& partition : card.partitions)
            plan.steps.push_back(partition_remove_step(vm, partition, card.name, ++leaving));
    const std::string card_name = cards.empty() ? whole_name(survey, request.gpu) : cards.front().name;
    plan.title = {request.purge ? "plan.gpu_purge.title" : "plan.gpu_remove.title",
                  {{"gpu", card_name.empty() ? "GPU" : card_name}, {"vm", vm.name}}};
    plan.checks.push_back(make_check("gpu.held", Verdict::pass, leaving == 0 ? held == 0 ? "none" : "other" : "yes",
                                     {{"gpu", card_name}, {"vm", vm.name}, {"count", std::to_string(leaving)}}));
    for (const HeldCard& card : cards)
        if (card.partitions.front().stale)
            plan.checks.push_back(
                make_check("gpu.stale", Verdict::warn, "gone", {{"gpu", card.name}, {"vm", vm.name}}));

    TRY_ASSIGN(const auto originals, originals_of(environment, survey, vm, leaving, plan.checks, context));
    if (originals) plan.steps.push_back(settings_back_step(vm, *originals));
    std::string disk;
    if (request.purge) {
        std::size_t number = 0;
        for (const Purge& purge : find_purges(environment, survey, vm, request, cards, plan.checks)) {
            const auto engine = choose_engine(environment.host.uri(), request.engine, {purge.disk});
            add_engine_check(plan.checks, engine);
            plan.steps.push_back(
                purge_step(vm, purge.disk, purge.partition, purge.card, purge.card_name, engine.engine, ++number));
            disk = purge.disk;
        }
    }

    const bool anything = !plan.steps.empty();
    const bool needs_off =
        std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) { return step.needs_vm_off; });
    plan.checks.push_back(check_power(vm, needs_off, anything, request.power));
    if (anything && needs_off && vm.state != model::VmState::off && request.power != PowerPolicy::refuse)
        plan.steps.insert(plan.steps.begin(), power_step(vm, request.power == PowerPolicy::turn_off));
    if (anything)
        plan.steps.push_back(verify_step(vm, cards.empty() ? "" : cards.front().interface_path, card_name, false,
                                         originals.value_or(hyperv::SettingValues{}), disk));
    return plan;
}

} // namespace exhyperv::assign
