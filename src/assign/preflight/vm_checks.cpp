#include "assign/preflight/groups.h"
#include "support/strings.h"

#include <fmt/format.h>

namespace exhyperv::assign {

namespace {

constexpr std::uint64_t kLeastVersion = 9; // configuration version of Windows 10 1809 and Server 2019

std::string mib_text(std::uint64_t mib) {
    return mib % 1024 == 0 ? fmt::format("{} GiB", mib / 1024) : fmt::format("{} MiB", mib);
}

Check check_version(const model::Vm& vm) {
    const auto major = parse_u64(std::string_view(vm.version).substr(0, vm.version.find('.')));
    const MessageArgs args{{"version", vm.version.empty() ? "–" : vm.version}, {"vm", vm.name}};
    if (!major) return make_check("vm.version", Verdict::unknown, "unknown", args);
    return *major >= kLeastVersion ? make_check("vm.version", Verdict::pass, "ok", args)
                                   : make_check("vm.version", Verdict::warn, "old", args);
}

Check check_memory(const model::Vm& vm) {
    const MessageArgs args{
        {"vm", vm.name}, {"startup", mib_text(vm.memory.startup_mib)}, {"minimum", mib_text(vm.memory.minimum_mib)}};
    if (!vm.memory.dynamic) return make_check("vm.memory", Verdict::pass, "static", args);
    if (vm.memory.startup_mib == vm.memory.minimum_mib)
        return make_check("vm.memory", Verdict::pass, "dynamic_equal", args);
    return make_check("vm.memory", Verdict::warn, "dynamic", args);
}

Check check_mmio(const model::Vm& vm, const MmioPlan& mmio) {
    const auto& settings = vm.settings;
    if (!settings.high_mmio_mib || !settings.low_mmio_mib) return make_check("vm.mmio", Verdict::unknown, "unknown");
    MessageArgs args{
        {"low", mib_text(*settings.low_mmio_mib)}, {"high", mib_text(*settings.high_mmio_mib)},
        {"new_low", mib_text(mmio.low)},           {"new_high", mib_text(mmio.high)},
        {"needed", mib_text(mmio.high_needed)},    {"ceiling", mmio.ceiling ? mib_text(*mmio.ceiling) : "?"}};
    if (!mmio.fits()) return make_check("vm.mmio", Verdict::warn, "too_small_host", args);
    const bool grows = mmio.low > *settings.low_mmio_mib || mmio.high > *settings.high_mmio_mib || mmio.base;
    return make_check("vm.mmio", Verdict::pass, grows ? "grows" : "enough", args);
}

Check check_checkpoints(const model::Vm& vm) {
    const MessageArgs args{{"vm", vm.name}, {"count", std::to_string(vm.checkpoints)}};
    return vm.checkpoints == 0 ? make_check("vm.checkpoints", Verdict::pass, "none", args)
                               : make_check("vm.checkpoints", Verdict::warn, "some", args);
}

} // namespace

Checks check_vm(const model::Vm& vm, const MmioPlan& mmio) {
    Checks checks;
    checks.push_back(check_version(vm));
    checks.push_back(vm.generation == 2 ? make_check("vm.generation", Verdict::pass, "two")
                                        : make_check("vm.generation", Verdict::warn, "one", {{"vm", vm.name}}));
    checks.push_back(check_memory(vm));
    checks.push_back(check_checkpoints(vm));
    checks.push_back(check_mmio(vm, mmio));
    return checks;
}

Check check_power(const model::Vm& vm, bool needs_off, bool anything_to_do, PowerPolicy how) {
    using enum model::VmState;
    const MessageArgs args{{"vm", vm.name}, {"state", std::string(vm_state_name(vm.state))}};
    if (vm.state == off) return make_check("vm.power", Verdict::pass, "off", args);
    if (!anything_to_do) return make_check("vm.power", Verdict::pass, "does_not_matter", args);
    switch (vm.state) {
    case running:
        if (!needs_off) return make_check("vm.power", Verdict::pass, "may_run", args);
        if (how == PowerPolicy::shut_down) return make_check("vm.power", Verdict::pass, "will_shut_down", args);
        if (how == PowerPolicy::turn_off) return make_check("vm.power", Verdict::warn, "will_turn_off", args);
        return make_check("vm.power", Verdict::fail, "running", args);
    case paused:
        if (needs_off && how == PowerPolicy::turn_off)
            return make_check("vm.power", Verdict::warn, "will_turn_off", args);
        return make_check("vm.power", Verdict::fail, "paused", args);
    case saved: // its disks belong to the saved memory: whoever writes to them destroys the file system
        return make_check("vm.power", Verdict::fail, "saved", args);
    case changing:
        return make_check("vm.power", Verdict::fail, "changing", args);
    default:
        return make_check("vm.power", Verdict::fail, "not_clear", args);
    }
}

} // namespace exhyperv::assign
