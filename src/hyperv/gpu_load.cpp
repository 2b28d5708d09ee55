#include "hyperv/gpu_load.h"

#include "hyperv/device_keys.h"
#include "hyperv/provider.h"
#include "support/strings.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

namespace exhyperv::hyperv {

namespace {

constexpr std::string_view kEngines = "Win32_PerfFormattedData_GPUPerformanceCounters_GPUEngine",
                           kMemory = "Win32_PerfFormattedData_GPUPerformanceCounters_GPUProcessMemory";

/// Takes `prefix` and a number in `base` off the front of `text`; false when they are not there.
template <class Number>
bool take(std::string_view& text, std::string_view prefix, int base, Number& out) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

/// A class of counters that this host may not have.
Result<std::vector<cim::Instance>> read_counters(host::CimSession& session, std::string_view class_name,
                                                 std::vector<std::string> columns, const CallContext& context) {
    auto rows = session.query(host::kCimv2, cim::wql::Select{std::move(columns), std::string(class_name), {}}, context);
    if (!rows && (rows.error().code == "cim.invalid_class" || rows.error().code == "cim.not_found"))
        return std::vector<cim::Instance>{};
    return rows;
}

Result<std::unordered_map<std::uint64_t, std::string>> cards_by_luid(host::Host& host, const CallContext& context) {
    host::DeviceQuery query;
    query.phantoms = false;
    query.properties = {device_key::kGpuLuid};
    TRY_ASSIGN(const auto records, host.devices().list(query, context));
    std::unordered_map<std::uint64_t, std::string> cards;
    for (const auto& record : records)
        if (const auto luid = device_key::number(record.node, device_key::kGpuLuid))
            cards.emplace(*luid, record.node.instance_path);
    return cards;
}

Result<std::unordered_map<std::uint32_t, Guid>> vms_by_process(host::CimSession& session, const CallContext& context) {
    TRY_ASSIGN(const auto rows, read_class(session, "Msvm_ComputerSystem", {"Name", "ProcessID"}, {}, context));
    std::unordered_map<std::uint32_t, Guid> vms;
    for (const cim::Instance& row : rows) {
        const auto id = Guid::parse(row.text_or("Name", ""));
        const auto process = static_cast<std::uint32_t>(row.uint("ProcessID").value_or(0));
        if (id && process != 0) vms.emplace(process, *id);
    }
    return vms;
}

} // namespace

std::optional<CounterName> parse_counter_name(std::string_view name) {
    CounterName out;
    std::uint32_t high = 0, low = 0;
    if (!take(name, "pid_", 10, out.process_id) || !take(name, "_luid_0x", 16, high) || !take(name, "_0x", 16, low))
        return std::nullopt;
    if (!name.starts_with('_')) return std::nullopt;
    out.luid = std::uint64_t{high} << 32 | low;
    out.engine = std::string(name.substr(1));
    return out;
}

Result<std::vector<GpuLoad>> read_gpu_load(host::Host& host, const CallContext& context) {
    TRY_ASSIGN(const auto engines, read_counters(host.cim(), kEngines, {"Name", "UtilizationPercentage"}, context));
    if (engines.empty()) return std::vector<GpuLoad>{};
    TRY_ASSIGN(const auto memory, read_counters(host.cim(), kMemory, {"Name", "DedicatedUsage"}, context));
    TRY_ASSIGN(const auto cards, cards_by_luid(host, context));
    TRY_ASSIGN(const auto vms, vms_by_process(host.cim(), context));

    struct Sum {
        std::map<std::string, std::uint64_t> by_engine;
        std::optional<std::uint64_t> memory;
    };
    std::map<std::pair<std::string, std::optional<Guid>>, Sum> sums; // sorted: an answer is the same for the same load
    const auto sum_of = [&](const cim::Instance& row, std::string& engine) -> Sum* {
        const auto name = parse_counter_name(row.text_or("Name", ""));
        const auto card = name ? cards.find(name->luid) : cards.end();
        if (card == cards.end()) return nullptr; // a software adapter
        const auto vm = vms.find(name->process_id);
        engine = name->engine;
        return &sums[{card->second, vm == vms.end() ? std::nullopt : std::optional(vm->second)}];
    };
    std::string engine;
    for (const cim::Instance& row : engines)
        if (Sum* sum = sum_of(row, engine)) sum->by_engine[engine] += row.uint("UtilizationPercentage").value_or(0);
    for (const cim::Instance& row : memory)
        if (Sum* sum = sum_of(row, engine))
            sum->memory = sum->memory.value_or(0) + row.uint("DedicatedUsage").value_or(0);

    std::vector<GpuLoad> loads;
    for (const auto& [key, sum] : sums) {
        std::uint64_t busiest = 0;
        for (const auto& [name, percent] : sum.by_engine)
            busiest = std::max(busiest, percent);
        loads.push_back(
            {key.first, key.second, static_cast<double>(std::min<std::uint64_t>(busiest, 100)), sum.memory});
    }
    return loads;
}

} // namespace exhyperv::hyperv
