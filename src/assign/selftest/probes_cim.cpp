#include "assign/selftest/probe.h"
#include "cim/class_table.h"
#include "hyperv/default_template.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <set>

namespace exhyperv::assign::selftest {

namespace {

struct ClassQuestion {
    std::string_view name_space;
    const char* name;
};

/// Every class this product reads.
constexpr ClassQuestion kClasses[] = {
    {host::kCimv2, "Win32_OperatingSystem"},
    {host::kCimv2, "Win32_Service"},
    {host::kCimv2, "Win32_NetworkAdapter"},
    {host::kCimv2, "Win32_NetworkAdapterConfiguration"},
    {host::kDeviceGuard, "Win32_DeviceGuard"},
    {host::kVirtualization, "Msvm_ComputerSystem"},
    {host::kVirtualization, "Msvm_VirtualSystemSettingData"},
    {host::kVirtualization, "Msvm_MemorySettingData"},
    {host::kVirtualization, "Msvm_ProcessorSettingData"},
    {host::kVirtualization, "Msvm_ResourceAllocationSettingData"},
    {host::kVirtualization, "Msvm_StorageAllocationSettingData"},
    {host::kVirtualization, "Msvm_ShutdownComponent"},
    {host::kVirtualization, "Msvm_KvpExchangeComponent"},
    {host::kVirtualization, "Msvm_ResourcePool"},
    {host::kVirtualization, "Msvm_AllocationCapabilities"},
    {host::kVirtualization, "Msvm_PartitionableGpu"},
    {host::kVirtualization, "Msvm_GpuPartitionSettingData"},
    {host::kVirtualization, "Msvm_PciExpress"},
    {host::kVirtualization, "Msvm_PciExpressSettingData"},
    {host::kVirtualization, "Msvm_AssignableDeviceService"},
    {host::kVirtualization, "Msvm_VirtualSystemManagementService"},
    {host::kVirtualization, "Msvm_VirtualEthernetSwitchManagementCapabilities"},
};

struct Tally {
    std::size_t answered = 0, rows = 0;
    std::vector<std::string> failed, absent;
    std::set<std::string> mismatches;
};

/// Do the rows have the properties and types the class table gives for this build?
void compare_with_table(const std::vector<cim::Instance>& rows, const ClassQuestion& question, std::uint32_t build,
                        Tally& tally) {
    const auto* info = cim::class_table::find(question.name_space, question.name, build);
    if (!info) return;
    for (const auto& row : rows)
        for (const auto& property : row.properties()) {
            if (property.name.starts_with("__")) continue;
            const auto* known = cim::class_table::property(*info, property.name, build);
            const auto label = fmt::format("{}.{}", question.name, property.name);
            const auto shape =
                fmt::format("{}{}", cim::type_name(property.value.type()), property.value.is_array() ? "[]" : "");
            if (!known)
                tally.mismatches.insert(label + ": not in the table for this build (" + shape + ")");
            else if (known->type != property.value.type() || known->array != property.value.is_array())
                tally.mismatches.insert(fmt::format("{}: {} here, {}{} in the table", label, shape,
                                                    cim::type_name(known->type), known->array ? "[]" : ""));
        }
}

} // namespace

Result<Check> ask_classes(Probe& probe) {
    Tally tally;
    for (const auto& question : kClasses) {
        TRY(probe.context.check("self-test"));
        const bool expected =
            probe.build() == 0 || cim::class_table::find(question.name_space, question.name, probe.build()) != nullptr;
        const auto rows = probe.host.cim().query(question.name_space, cim::wql::all(question.name), probe.context);
        if (rows) {
            ++tally.answered;
            tally.rows += rows->size();
            probe.observe(fmt::format("{}: {} rows", question.name, rows->size()));
            compare_with_table(*rows, question, probe.build(), tally);
        } else if (!expected && rows.error().code == "cim.invalid_class") {
            tally.absent.emplace_back(question.name);
            probe.observe(fmt::format("{}: absent, as expected for this build", question.name));
        } else {
            tally.failed.emplace_back(question.name);
            probe.observe(fmt::format("{}: {}", question.name, describe(rows.error())));
        }
    }
    for (const auto& mismatch : tally.mismatches)
        probe.observe("class table: " + mismatch);
    const MessageArgs args{{"answered", std::to_string(tally.answered)},
                           {"rows", std::to_string(tally.rows)},
                           {"failed", tally.failed.empty() ? "–" : join(tally.failed, ", ")},
                           {"differences", std::to_string(tally.mismatches.size())}};
    if (!tally.failed.empty()) return make_check("selftest.classes", Verdict::fail, "failed", args);
    if (!tally.mismatches.empty()) return make_check("selftest.classes", Verdict::warn, "differences", args);
    return make_check("selftest.classes", Verdict::pass, "ok", args);
}

Result<Check> ask_templates(Probe& probe) {
    struct Wanted {
        std::uint64_t resource_type;
        const char* settings;
    };
    constexpr Wanted wanted[] = {{32769, "Msvm_PciExpressSettingData"}, {32770, "Msvm_GpuPartitionSettingData"}};
    std::vector<std::string> found, missing;
    for (const auto& [type, settings] : wanted) {
        const auto answer = hyperv::default_template(probe.host.cim(), type, settings, probe.context);
        if (!answer) probe.observe(fmt::format("template of {}: {}", settings, describe(answer.error())));
        if (answer && *answer) {
            probe.observe(fmt::format("template of {}: {} properties", settings, (*answer)->properties().size()));
            found.emplace_back(settings);
        } else {
            missing.emplace_back(settings);
        }
    }
    const MessageArgs args{{"found", found.empty() ? "–" : join(found, ", ")},
                           {"missing", missing.empty() ? "–" : join(missing, ", ")}};
    return missing.empty() ? make_check("selftest.templates", Verdict::pass, "ok", args)
                           : make_check("selftest.templates", Verdict::warn, "missing", args);
}

} // namespace exhyperv::assign::selftest
