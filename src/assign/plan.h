#pragma once

#include "support/error.h"
#include "support/guid.h"
#include "support/result.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <vector>

namespace exhyperv::assign {

enum class Verdict : std::uint8_t { pass, warn, fail, unknown };
[[nodiscard]] std::string_view verdict_name(Verdict verdict); ///< "pass", "warn", "fail", "unknown"

/// One preflight check: what was looked at, what was read, what to do about it (design §4).
struct Check {
    std::string id; ///< stable: "host.build", "gpu.not_dda_assigned", "guest.build"
    Verdict verdict = Verdict::unknown;
    Message evidence; ///< what was read
    Message remedy;   ///< what to do; empty key when nothing is to be done
};

/// One step of a plan. Everything needed to run, undo and recognise it is in `kind` and `parameters`, so that another
/// process can take it up from the journal.
struct Step {
    std::string id;   ///< unique in the plan: "partition.add"
    std::string kind; ///< names the handler: "vm.settings", "gpu.partition.add", "guest.import", …
    Message what;     ///< "Give VM {vm} a partition of {gpu}"
    Message why;
    Message undo; ///< what is done about it when a later step fails; empty key: nothing is left behind
    bool needs_vm_off = false;
    bool needs_elevation = false;
    std::shared_ptr<const nlohmann::json> parameters;
};

/// A change, thought through before anything is touched. A value: it can be shown, stored and compared.
struct Plan {
    std::string id;        ///< GUID text, also the operation's id in the journal
    std::string operation; ///< "gpu.add", "gpu.remove", "device.assign", …
    Message title;         ///< "Give a partition of {gpu} to {vm}"
    std::string host_uri;
    std::vector<Check> checks;
    std::vector<Step> steps; ///< only what has to be done; empty: the wanted state is there already

    [[nodiscard]] bool blocked() const; ///< some check says fail
    [[nodiscard]] bool nothing_to_do() const { return steps.empty(); }
};

[[nodiscard]] nlohmann::json to_json(const Plan& plan);
/// Strict: used on journal content, which may be damaged. `journal.corrupt`.
[[nodiscard]] Result<Plan> plan_from_json(const nlohmann::json& document);

} // namespace exhyperv::assign
