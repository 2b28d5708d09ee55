#include "hyperv/gpu_partitions.h"

#include "cim/xml.h"
#include "hyperv/gpu_template.h"
#include "hyperv/gpus.h"
#include "hyperv/jobs.h"
#include "hyperv/provider.h"
#include "hyperv/resource_settings.h"
#include "hyperv/setting_id.h"
#include "support/strings.h"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace exhyperv::hyperv {

namespace {

using cim::wql::Compare;

constexpr std::string_view kManagement = "Msvm_VirtualSystemManagementService";

std::string card_of(const cim::Instance& row) {
    const auto resources = row.strings("HostResource");
    if (resources.empty()) return {};
    const auto path = cim::ObjectPath::parse(resources.front());
    return path ? path->text_key("Name") : std::string{};
}

std::optional<model::GpuPartition> partition_of(const cim::Instance& row) {
    model::GpuPartition partition;
    partition.id = row.text_or("InstanceID", "");
    const auto vm = is_template(partition.id) ? std::nullopt : owner_of_setting(partition.id);
    if (!vm) return std::nullopt;
    partition.vm_id = *vm;
    if (row.path()) partition.object_path = row.path()->full();
    partition.gpu_interface_path = card_of(row);
    return partition;
}

Result<std::vector<model::GpuPartition>> partitions_of_vm(host::CimSession& session, const Guid& vm,
                                                          const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_class(session, "Msvm_GpuPartitionSettingData", {},
                                           cim::wql::starts_with("InstanceID", settings_id(vm) + "\\"), context));
    std::vector<model::GpuPartition> partitions;
    for (const cim::Instance& row : rows)
        if (auto partition = partition_of(row)) partitions.push_back(std::move(*partition));
    return partitions;
}

Result<> remove_rows(host::CimSession& session, const std::string& object_path, const CallContext& context) {
    TRY_ASSIGN(const auto service, service_path(session, kManagement, context));
    TRY(invoke_and_finish(session, service, "RemoveResourceSettings",
                          {{"ResourceSettings", cim::Value::references({object_path})}}, context));
    return {};
}

} // namespace

Result<std::vector<model::GpuPartition>>
list_gpu_partitions(host::CimSession& session, const std::vector<model::Gpu>& gpus, const CallContext& context) {
    auto rows =
        read_class(session, "Msvm_GpuPartitionSettingData", {"InstanceID", "HostResource"}, std::nullopt, context);
    if (!rows && rows.error().code == "hyperv.class_missing") return std::vector<model::GpuPartition>{};
    if (!rows) return fail(std::move(rows).error());
    // Checkpoints carry copies of the partitions under their own GUID; only realized settings count.
    TRY_ASSIGN(const auto realized, read_class(session, "Msvm_VirtualSystemSettingData", {"InstanceID"},
                                               cim::wql::where("VirtualSystemType", Compare::equal,
                                                               std::string("Microsoft:Hyper-V:System:Realized")),
                                               context));
    std::unordered_set<Guid> vms;
    for (const cim::Instance& row : realized)
        if (const auto id = owner_of_setting(row.text_or("InstanceID", ""))) vms.insert(*id);

    std::vector<model::GpuPartition> partitions;
    for (const cim::Instance& row : *rows) {
        auto partition = partition_of(row);
        if (!partition || !vms.contains(partition->vm_id)) continue;
        const std::string& card = partition->gpu_interface_path;
        partition->stale = !card.empty() && std::none_of(gpus.begin(), gpus.end(), [&](const model::Gpu& gpu) {
            return gpu.partitionable() && iequals(gpu.interface_path, card);
        });
        partitions.push_back(std::move(*partition));
    }
    return partitions;
}

Result<model::GpuPartition> add_gpu_partition(host::CimSession& session, const Guid& vm,
                                              const std::string& interface_path, const CallContext& context) {
    TRY_ASSIGN(const auto gpus, list_partitionable_gpus(session, context));
    const auto gpu = std::find_if(gpus.begin(), gpus.end(),
                                  [&](const model::Gpu& one) { return iequals(one.interface_path, interface_path); });
    if (gpu == gpus.end()) return fail("gpu.not_partitionable", {{"gpu", interface_path}});

    TRY_ASSIGN(cim::Instance setting, gpu_partition_template(session, context));
    setting.set("InstanceID", cim::Value::null(cim::CimType::string));
    setting.set("HostResource", cim::Value::strings({gpu->object_path}));
    for (const char* bound : {"Min", "Max", "Optimal"}) // amounts at Add are refused with 32773
        for (const char* what : {"VRAM", "Encode", "Decode", "Compute"})
            setting.set(std::string(bound) + "Partition" + what, cim::Value::null(cim::CimType::uint64));

    TRY_ASSIGN(const auto before, partitions_of_vm(session, vm, context));
    std::set<std::string> known;
    for (const auto& partition : before)
        known.insert(ascii_lower(partition.id));

    TRY(add_resource_setting(session, vm, setting, context));

    TRY_ASSIGN(const auto after, partitions_of_vm(session, vm, context));
    std::vector<model::GpuPartition> added;
    for (const auto& partition : after)
        if (!known.contains(ascii_lower(partition.id))) added.push_back(partition);
    for (const auto& partition : added) // builds that cannot tell the card leave HostResource empty
        if (iequals(partition.gpu_interface_path, interface_path) || partition.gpu_interface_path.empty())
            return partition;
    if (added.empty()) return fail("gpu.partition_not_created", {{"gpu", interface_path}, {"vm", vm.str()}});
    TRY(remove_rows(session, added.front().object_path, context));
    return fail("gpu.partition_of_other_card", {{"gpu", interface_path}, {"other", added.front().gpu_interface_path}});
}

Result<> remove_gpu_partition(host::CimSession& session, const std::string& partition_id, const CallContext& context) {
    const auto find = [&]() -> Result<std::vector<cim::Instance>> {
        return read_class(session, "Msvm_GpuPartitionSettingData", {"InstanceID"},
                          cim::wql::where("InstanceID", Compare::equal, partition_id), context);
    };
    TRY_ASSIGN(const auto rows, find());
    if (rows.empty()) return {};
    if (!rows.front().path() || is_template(partition_id))
        return fail("gpu.partition_not_removed", {{"partition", partition_id}}, "a template, or a row without a path");
    TRY(remove_rows(session, rows.front().path()->full(), context));
    TRY_ASSIGN(const auto left, find());
    if (!left.empty()) return fail("gpu.partition_not_removed", {{"partition", partition_id}});
    return {};
}

} // namespace exhyperv::hyperv
