#pragma once

#include "assign/operations.h"
#include "cli/output.h"
#include "cli/views/progress_line.h"

#include <chrono>
#include <memory>
#include <optional>

namespace exhyperv::cli {

/// Shows a plan while it runs, one line a step: what is under way (redrawn on a terminal), then ✓ and how long it took,
/// or ✗ and the error. Undoing is shown the same way. Events come from the thread that executes.
class StepView {
  public:
    StepView(const assign::Plan& plan, Output& output);
    void handle(const assign::StepEvent& event);
    [[nodiscard]] assign::EventSink sink() {
        return [this](const assign::StepEvent& event) { handle(event); };
    }

  private:
    void begin(const assign::Step& step, std::size_t index, bool undo);
    void end(std::string_view mark, Tone tone, std::size_t index, const std::string& text);
    [[nodiscard]] std::string number(std::size_t index) const;

    const assign::Plan& plan_;
    Output& output_;
    std::unique_ptr<ProgressLine> line_;
    std::chrono::steady_clock::time_point began_{};
    std::uint64_t bytes_ = 0; ///< of the step under way, when it counts bytes
    bool undoing_ = false;
};

/// What came of it: read-back facts and warnings of each step.
[[nodiscard]] std::string read_back_text(const assign::OperationResult& result, const Ui& ui);

/// Does the step report its progress in bytes (rather than pieces)?
[[nodiscard]] bool counts_bytes(const assign::Step& step);

} // namespace exhyperv::cli
