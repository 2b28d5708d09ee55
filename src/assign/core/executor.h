#pragma once

#include "assign/core/journal.h"
#include "assign/core/step_handler.h"

namespace exhyperv::assign {

/// Runs the steps of an operation forwards, or undoes them backwards, from any point its journal tells of.
class Executor {
  public:
    /// `content` is what the journal holds so far; all objects outlive the executor.
    Executor(const Environment& environment, Journal& journal, JournalContent& content, const EventSink& events,
             const CallContext& context);

    /// Runs every step that has no result yet. On a failure all is undone; the error is in the result.
    /// An Error is only returned when the journal itself cannot be written any more and nothing could be undone either.
    [[nodiscard]] Result<OperationResult> run();
    /// Undoes every step that was begun and not undone yet, last first.
    [[nodiscard]] Result<OperationResult> roll_back();

  private:
    [[nodiscard]] Result<StepResult> run_step(std::size_t index);
    [[nodiscard]] Result<> undo_step(std::size_t index);
    [[nodiscard]] Result<> ready(const Step& step) const;
    void tell(StepEvent::Kind kind, std::size_t index, const Error* error = nullptr) const;

    const Environment& environment_;
    Journal& journal_;
    JournalContent& content_;
    const EventSink& events_;
    const CallContext& context_;
    OperationResult outcome_;
};

} // namespace exhyperv::assign
