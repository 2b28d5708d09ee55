#include "assign/device/safety.h"

#include "assign/preflight/check.h"
#include "support/strings.h"

#include <algorithm>
#include <array>

namespace exhyperv::assign {

namespace {

struct Danger {
    std::string_view check, option;
};

constexpr std::array<Danger, 10> kDangers = {{
    {"device.last_display", "last-display"},
    {"device.connection", "connection"},
    {"device.input", "input"},
    {"device.reset", "no-reset"},
    {"device.host.edition", "client-edition"},
    {"device.host.iommu", "no-iommu"},
    {"device.reserved_memory", "not-assignable"},
    {"device.acs", "not-assignable"},
    {"device.type", "not-assignable"},
    {"device.interrupts", "not-assignable"},
}};

/// Warnings of the inventory that need a person's word before the device may leave.
bool asks_for_word(const Check& check, const DeviceEntry* entry) {
    if (check.verdict == Verdict::fail) return true;
    if (check.verdict != Verdict::warn || !entry) return false;
    if (check.id == "device.connection") return entry->carries_connection_in_use.value_or(false);
    if (check.id == "device.reset") return entry->capabilities.function_level_reset == false;
    if (check.id == "device.input")
        return std::any_of(entry->children.begin(), entry->children.end(),
                           [](const DeviceChild& child) { return child.kind == ChildKind::keyboard; });
    return check.id == "device.last_display";
}

void add_once(std::vector<std::string>& list, std::string_view name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.emplace_back(name);
}

} // namespace

std::vector<std::string_view> accepted_dangers() {
    std::vector<std::string_view> names;
    for (const Danger& danger : kDangers)
        if (std::find(names.begin(), names.end(), danger.option) == names.end()) names.push_back(danger.option);
    return names;
}

Result<Safety> Safety::of(const std::vector<std::string>& accepted) {
    const auto known = accepted_dangers();
    for (const std::string& name : accepted)
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const std::vector<std::string> names(known.begin(), known.end());
            return fail("device.unknown_danger", {{"danger", name}, {"known", join(names, ", ")}});
        }
    Safety safety;
    safety.accepted_ = accepted;
    return safety;
}

void Safety::add(Check check, const DeviceEntry* entry) {
    const auto danger =
        std::find_if(kDangers.begin(), kDangers.end(), [&](const Danger& one) { return one.check == check.id; });
    if (danger != kDangers.end() && asks_for_word(check, entry)) {
        const bool taken = std::find(accepted_.begin(), accepted_.end(), danger->option) != accepted_.end();
        check.verdict = taken ? Verdict::warn : Verdict::fail;
        add_once(taken ? used_ : missing_, danger->option);
    }
    checks_.push_back(std::move(check));
}

Checks Safety::checks() && {
    if (!missing_.empty())
        checks_.push_back(make_check("device.accept", Verdict::fail, "needed", {{"options", join(missing_, ",")}}));
    else if (!used_.empty())
        checks_.push_back(make_check("device.accept", Verdict::pass, "given", {{"options", join(used_, ", ")}}));
    return std::move(checks_);
}

} // namespace exhyperv::assign
