#include "assign/disk_journal.h"

#include "guest/transaction.h"
#include "hyperv/lookup.h"
#include "hyperv/vms.h"

namespace exhyperv::assign {

std::vector<std::string> disks_with_journal(host::Host& host, const model::Vm& vm) {
    std::vector<std::string> out;
    for (const model::VmDisk& disk : vm.disks) {
        // A disk that cannot be looked at (a remote host's) has no journal of this program either.
        if (const auto local = host.files().local_path(disk.path); local && guest::has_leftover_journal(*local))
            out.push_back(disk.path);
    }
    return out;
}

Result<> require_no_disk_journal(host::Host& host, const Guid& vm, const CallContext& context) {
    TRY_ASSIGN(const auto vms, hyperv::list_vms(host.cim(), context));
    TRY_ASSIGN(const auto one, hyperv::find_vm(vms, vm.str()));
    const auto disks = disks_with_journal(host, one);
    if (disks.empty()) return {};
    return fail("vm.disk_journal", {{"vm", one.name}, {"disk", disks.front()}});
}

} // namespace exhyperv::assign
