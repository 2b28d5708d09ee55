#include "assign/engine_choice.h"

#include <algorithm>

namespace exhyperv::assign {

EngineChoice choose_engine(const std::string& host_uri, std::optional<guest::Engine> wish, bool linux_guest) {
    using guest::Engine;
    if (linux_guest && wish != Engine::direct) return {Engine::direct, "linux"};
    if (wish) return {*wish, "asked"};
    if (host_uri.starts_with("sim:")) return {Engine::direct, "simulated"};
    return {guest::default_engine(), "default"};
}

Check engine_check(const EngineChoice& choice) {
    const MessageArgs args{{"engine", std::string(guest::engine_name(choice.engine))}};
    if (!guest::has_engine(choice.engine)) return make_check("guest.engine", Verdict::fail, "not_here", args);
    return make_check("guest.engine", Verdict::pass, choice.reason, args);
}

void add_engine_check(std::vector<Check>& checks, const EngineChoice& choice) {
    auto check = engine_check(choice);
    const auto same = [&](const Check& one) { return one.id == check.id && one.evidence.key == check.evidence.key; };
    if (std::none_of(checks.begin(), checks.end(), same)) checks.push_back(std::move(check));
}

} // namespace exhyperv::assign
