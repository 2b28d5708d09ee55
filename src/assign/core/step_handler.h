#pragma once

#include "assign/operations.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::assign {

/// What a handler works with. Everything it needs to know of the step is in `parameters`.
struct StepContext {
    const Environment& environment;
    const nlohmann::json& parameters;
    const CallContext& call;
    ProgressSink progress; ///< may be empty
};

/// What a run did.
struct StepRun {
    bool changed = false;  ///< false: the wanted state was there already
    nlohmann::json record; ///< for undo: what only exists now (ids of what was made)
    std::vector<Message> facts, warnings;
};

/// One kind of step. Stateless: an object may serve any number of operations, in any process.
///
/// The executor writes what prepare() returns to the journal before run() is called. A kill may come anywhere, so
///   run() must be right when its effect is there already, wholly or in part, and reads back what it claims;
///   undo() must be right when the effect is there, half there, or not at all, and when it was undone before.
class StepHandler {
  public:
    virtual ~StepHandler() = default;
    /// Reads what undo will need. Changes nothing.
    virtual Result<nlohmann::json> prepare(const StepContext& context) const = 0;
    virtual Result<StepRun> run(const StepContext& context, const nlohmann::json& before) const = 0;
    /// `record` is null when the run was not seen to end. Returns what could not be put back exactly, as warnings.
    virtual Result<std::vector<Message>> undo(const StepContext& context, const nlohmann::json& before,
                                              const nlohmann::json& record) const = 0;
};

/// The handler of a kind of step; nullptr when there is none (a journal of a newer program).
[[nodiscard]] const StepHandler* handler_of(std::string_view kind);

} // namespace exhyperv::assign
