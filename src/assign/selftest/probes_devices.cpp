#include "assign/device/inventory.h"
#include "assign/selftest/probe.h"
#include "hyperv/device_keys.h"
#include "support/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace exhyperv::assign::selftest {

namespace {

namespace key = hyperv::device_key;

struct NamedKey {
    const char* name;
    host::PropertyKey key;
};

const std::vector<NamedKey>& pci_keys() {
    static const std::vector<NamedKey> keys = {
        {"LocationPaths", key::kLocationPaths},
        {"BusNumber", key::kBusNumber},
        {"Address", key::kAddress},
        {"Parent", key::kParent},
        {"Class", key::kClass},
        {"Service", key::kService},
        {"DriverInfPath", key::kDriverInf},
        {"DriverVersion", key::kDriverVersion},
        {"Pci DeviceType", key::kPciDeviceType},
        {"Pci BaseClass", key::kPciBaseClass},
        {"Pci InterruptSupport", key::kPciInterruptSupport},
        {"Pci BarTypes", key::kPciBarTypes},
        {"Pci AcsCompatibleUpHierarchy", key::kPciAcsUp},
        {"Pci RequiresReservedMemoryRegion", key::kPciReservedMemory},
    };
    return keys;
}

Result<std::vector<host::DeviceRecord>> list_all(Probe& probe, bool resources) {
    host::DeviceQuery query;
    for (const auto& named : pci_keys())
        query.properties.push_back(named.key);
    query.resources = resources;
    return probe.host.devices().list(query, probe.context);
}

bool is_function(const host::DeviceRecord& record) {
    return record.node.present && istarts_with(record.node.instance_path, "PCI\\");
}

/// "PCI\VEN_10DE&DEV_2786&…" without the instance part, which can hold a serial number.
std::string device_part(const std::string& instance_path) {
    return instance_path.substr(0, instance_path.rfind('\\'));
}

} // namespace

Result<Check> ask_devices(Probe& probe) {
    TRY_ASSIGN(const auto records, list_all(probe, true));
    std::size_t present = 0, functions = 0, with_memory = 0, with_messages = 0, working = 0;
    std::map<std::string, std::size_t> having;
    for (const auto& record : records) {
        present += record.node.present ? 1 : 0;
        if (!is_function(record)) continue;
        ++functions;
        working += record.node.problem == 0 ? 1 : 0;
        with_memory += record.resources.memory.empty() ? 0 : 1;
        with_messages += std::any_of(record.resources.interrupts.begin(), record.resources.interrupts.end(),
                                     [](std::int64_t line) { return line < 0; })
                             ? 1
                             : 0;
        for (const auto& named : pci_keys())
            if (record.node.property(named.key)) ++having[named.name];
    }
    for (const auto& named : pci_keys())
        probe.observe(fmt::format("{} of {} PCI functions have {}", having[named.name], functions, named.name));
    probe.observe(
        fmt::format("resources: {} functions with memory ranges, {} with message-signalled interrupts, {} working",
                    with_memory, with_messages, working));
    const MessageArgs args{{"present", std::to_string(present)},
                           {"phantoms", std::to_string(records.size() - present)},
                           {"functions", std::to_string(functions)}};
    if (present == 0) return make_check("selftest.devices", Verdict::fail, "none", args);
    if (functions == 0) return make_check("selftest.devices", Verdict::warn, "no_functions", args);
    if (with_memory == 0) return make_check("selftest.devices", Verdict::warn, "no_resources", args);
    return make_check("selftest.devices", Verdict::pass, "ok", args);
}

Result<Check> ask_agreement(Probe& probe) {
    cim::wql::Select select{{"DeviceID", "ConfigManagerErrorCode"}, "Win32_PnPEntity", {}};
    TRY_ASSIGN(const auto rows,
               probe.host.cim().query(host::kCimv2, cim::wql::Query(std::move(select)), probe.context));
    TRY_ASSIGN(const auto records, probe.host.devices().list({.phantoms = false}, probe.context));
    std::map<std::string, std::uint32_t> problems;
    for (const auto& record : records)
        problems.emplace(ascii_upper(record.node.instance_path), record.node.problem);
    std::size_t agree = 0, differ = 0, only_cim = 0;
    for (const auto& row : rows) {
        const auto id = row.text_or("DeviceID", "");
        const auto code = row.uint("ConfigManagerErrorCode");
        const auto at = problems.find(ascii_upper(id));
        if (at == problems.end()) {
            ++only_cim;
            probe.observe("only Win32_PnPEntity knows " + device_part(id));
            continue;
        }
        if (code && *code != at->second) {
            ++differ;
            probe.observe(fmt::format("{}: Win32_PnPEntity says {}, Configuration Manager {}", device_part(id), *code,
                                      at->second));
        } else {
            ++agree;
        }
        problems.erase(at);
    }
    const MessageArgs args{{"agree", std::to_string(agree)},
                           {"differ", std::to_string(differ)},
                           {"only_cim", std::to_string(only_cim)},
                           {"only_devices", std::to_string(problems.size())}};
    if (agree == 0) return make_check("selftest.agreement", Verdict::fail, "nothing_agrees", args);
    if (differ + only_cim + problems.size() > 0)
        return make_check("selftest.agreement", Verdict::warn, "differs", args);
    return make_check("selftest.agreement", Verdict::pass, "ok", args);
}

Result<Check> ask_disks(Probe& probe) {
    TRY_ASSIGN(const auto disks, probe.host.devices().disks(probe.context));
    const auto count = [&](auto role) { return std::count_if(disks.begin(), disks.end(), role); };
    for (const auto& disk : disks)
        probe.observe(fmt::format("disk {}: on {}{}{}{}{}", disk.number, device_part(disk.parent_instance_path),
                                  disk.system ? ", system" : "", disk.boot ? ", boot" : "",
                                  disk.paging ? ", paging" : "", disk.online ? "" : ", offline"));
    const auto system = count([](const auto&disk) { return disk.system; }),
               boot = count([](const auto&disk) { return disk.boot; });
    const MessageArgs args{{"disks", std::to_string(disks.size())}};
    if (system == 0 || boot == 0) return make_check("selftest.disks", Verdict::fail, "no_system", args);
    return make_check("selftest.disks", Verdict::pass, "ok", args);
}

Result<Check> ask_verdicts(Probe& probe) {
    TRY_ASSIGN(const auto inventory, list_device_inventory(probe.host, probe.context));
    std::map<std::string, std::size_t> verdicts;
    for (const auto& entry : inventory.devices) {
        ++verdicts[std::string(assignability_name(entry.verdict))];
        if (!entry.is_bridge)
            probe.observe(
                fmt::format("{}: {}", device_part(entry.device.instance_path), assignability_name(entry.verdict)));
    }
    return make_check("selftest.verdicts", inventory.devices.empty() ? Verdict::warn : Verdict::pass,
                      inventory.devices.empty() ? "none" : "ok",
                      {{"devices", std::to_string(inventory.devices.size())},
                       {"yes", std::to_string(verdicts["yes"] + verdicts["warning"])},
                       {"no", std::to_string(verdicts["no"])},
                       {"unknown", std::to_string(verdicts["unknown"])}});
}

} // namespace exhyperv::assign::selftest
