#include "assign/engine_choice.h"

#include "support/physical_disk.h"

#include <algorithm>

namespace exhyperv::assign {

EngineChoice choose_engine(const std::string& host_uri, std::optional<guest::Engine> wish,
                           const EngineSubject& subject) {
    using guest::Engine;
    const bool simulated = host_uri.starts_with("sim:"); // its disks are files of ours, whatever they are to the VM
    if (physical_disk_number(subject.disk) && !simulated) {
        if (subject.linux_guest) return {Engine::direct, "pass_through_linux", false};
        if (wish == Engine::direct) return {Engine::direct, "pass_through_direct", false};
        return {Engine::windows, "pass_through"};
    }
    if (subject.unlocked) {
        if (wish == Engine::direct) return {Engine::direct, "unlocked_direct", false};
        return {Engine::windows, "unlocked"};
    }
    if (subject.linux_guest && wish != Engine::direct) return {Engine::direct, "linux"};
    if (wish) return {*wish, "asked"};
    if (simulated) return {Engine::direct, "simulated"};
    return {guest::default_engine(), "default"};
}

Check engine_check(const EngineChoice& choice) {
    const MessageArgs args{{"engine", std::string(guest::engine_name(choice.engine))}};
    if (!guest::has_engine(choice.engine)) return make_check("guest.engine", Verdict::fail, "not_here", args);
    return make_check("guest.engine", choice.possible ? Verdict::pass : Verdict::fail, choice.reason, args);
}

void add_engine_check(std::vector<Check>& checks, const EngineChoice& choice) {
    auto check = engine_check(choice);
    const auto same = [&](const Check& one) { return one.id == check.id && one.evidence.key == check.evidence.key; };
    if (std::none_of(checks.begin(), checks.end(), same)) checks.push_back(std::move(check));
}

} // namespace exhyperv::assign
