#include "assign/guest_choice.h"

#include "guest/transaction.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::assign {

namespace {

/// What one image says: the systems it has, or why it cannot be told.
struct Look {
    std::vector<GuestChoice> windows; ///< those to choose from: Linux only where there is no Windows
    std::optional<Error> refusal;
    std::vector<std::string> file_systems; ///< of the partitions, for the message when there is no Windows
    bool partition_seen = false;           ///< the one that was asked for, or any
};

Error with_disk(Error error, const std::string& disk) {
    if (!error.arg("disk")) error.with("disk", disk);
    return error;
}

/// The hive's own error knows neither disk nor hive; checks show the title alone.
Error of_guest(Error error, const std::string& disk) {
    const std::string *const hive = error.arg("hive"), *const reason = error.arg("reason");
    if (error.code == "hive.dirty" && hive && reason)
        error = Error{"guest.hive_not_closed",
                      {{"disk", disk}, {"hive", *hive}, {"reason", *reason}},
                      error.native,
                      error.provider_text,
                      error.detail};
    return with_disk(std::move(error), disk);
}

void prefer_windows(std::vector<GuestChoice>& found) {
    const auto is_linux = [](const GuestChoice& one) { return one.linux_system.has_value(); };
    if (!std::ranges::all_of(found, is_linux)) std::erase_if(found, is_linux);
}

/// A pass-through disk whose number the host did not tell goes by its object path.
bool physical_without_number(const std::string& disk) {
    return disk.find(":Msvm_DiskDrive.") != std::string::npos;
}

Look look_at(host::Host& host, const std::string& disk, std::uint32_t partition) {
    Look look;
    if (physical_without_number(disk)) {
        look.refusal = Error{"guest.pass_through", {{"disk", disk}}, {}, {}, {}};
        return look;
    }
    const auto local = host.files().local_path(disk);
    if (!local) {
        look.refusal = with_disk(local.error(), disk);
        return look;
    }
    auto findings = guest::inspect_disk(*local);
    if (!findings) {
        look.refusal = with_disk(named_by_host(std::move(findings).error(), *local, disk), disk);
        return look;
    }
    for (const guest::PartitionFinding& found : findings->partitions) {
        if (partition != 0 && found.partition.number != partition) continue;
        look.partition_seen = true;
        look.file_systems.push_back(found.file_system);
        // A BitLocker or hibernated partition may be the Windows that is looked for.
        if (found.refusal && !look.refusal) look.refusal = of_guest(named_by_host(*found.refusal, *local, disk), disk);
        if ((!found.windows && !found.linux_system) || found.refusal) continue;
        GuestChoice choice;
        choice.disk = disk;
        choice.local_path = *local;
        choice.format = findings->format;
        if (found.windows) choice.windows = *found.windows;
        choice.linux_system = found.linux_system;
        if (found.linux_system) choice.windows.architecture = found.linux_system->architecture;
        choice.windows.partition = found.partition.number;
        choice.chained = findings->chain.size() > 1;
        choice.leftover_journal = findings->leftover_journal;
        choice.unlocked = found.unlocked;
        look.windows.push_back(std::move(choice));
    }
    prefer_windows(look.windows);
    return look;
}

std::string partitions_of(const std::vector<GuestChoice>& found) {
    std::vector<std::string> numbers;
    for (const GuestChoice& one : found)
        numbers.push_back(std::to_string(one.windows.partition));
    return join(numbers, ", ");
}

} // namespace

Error named_by_host(Error error, const std::string& local, const std::string& disk) {
    const auto folder = [](const std::string& path) { return path.substr(0, path.find_last_of("/\\") + 1); };
    const std::string here = folder(local), there = folder(disk);
    for (auto& [name, value] : error.args)
        if (local != disk && !here.empty()) value = replace_all(replace_all(value, local, disk), here, there);
    return error;
}

Result<GuestChoice> choose_guest(host::Host& host, const model::Vm& vm, const std::optional<std::string>& disk,
                                 std::uint32_t partition) {
    std::vector<std::string> images;
    for (const model::VmDisk& one : vm.disks)
        images.push_back(one.path);
    if (disk) {
        const auto named = [&](const std::string& path) { return iequals(path, *disk); };
        if (std::none_of(images.begin(), images.end(), named)) {
            if (std::any_of(vm.checkpoint_disks.begin(), vm.checkpoint_disks.end(), named))
                return fail("disk.parent_of_checkpoint", {{"disk", *disk}, {"vm", vm.name}});
            return fail("guest.not_a_disk_of_vm", {{"disk", *disk}, {"vm", vm.name}, {"disks", join(images, ", ")}});
        }
        images = {*disk};
    }
    if (images.empty()) return fail("guest.no_disk", {{"vm", vm.name}});

    std::vector<GuestChoice> found;
    std::optional<Error> refusal;
    std::vector<std::string> file_systems;
    bool partition_seen = false;
    for (const std::string& image : images) {
        const bool parent = std::any_of(vm.checkpoint_disks.begin(), vm.checkpoint_disks.end(),
                                        [&](const std::string& one) { return iequals(one, image); });
        if (parent) {
            // An attached image that a checkpoint also holds would change under the checkpoint.
            if (!refusal) refusal = Error{"disk.parent_of_checkpoint", {{"disk", image}, {"vm", vm.name}}, {}, {}, {}};
            continue;
        }
        Look look = look_at(host, image, partition);
        if (look.refusal && !refusal) refusal = std::move(look.refusal);
        partition_seen = partition_seen || look.partition_seen;
        file_systems.insert(file_systems.end(), look.file_systems.begin(), look.file_systems.end());
        if (look.windows.size() > 1)
            return fail(look.windows.front().linux_system ? "guest.ambiguous_linux" : "guest.ambiguous_windows",
                        {{"disk", image}, {"partitions", partitions_of(look.windows)}});
        if (!look.windows.empty()) found.push_back(std::move(look.windows.front()));
    }
    prefer_windows(found);
    if (found.size() == 1) return std::move(found.front());
    if (found.size() > 1) {
        std::vector<std::string> disks;
        for (const GuestChoice& one : found)
            disks.push_back(one.disk);
        return fail("guest.ambiguous_disk", {{"vm", vm.name}, {"disks", join(disks, ", ")}});
    }
    if (refusal) return fail(std::move(*refusal));
    if (partition != 0 && !partition_seen)
        return fail("guest.no_partition", {{"disk", join(images, ", ")}, {"partition", std::to_string(partition)}});
    return fail("guest.no_windows",
                {{"disk", join(images, ", ")}, {"found", file_systems.empty() ? "–" : join(file_systems, ", ")}});
}

} // namespace exhyperv::assign
