#pragma once

#include "cli/output.h"
#include "cli/views/rate.h"
#include "support/progress.h"

#include <chrono>
#include <string>

namespace exhyperv::cli {

/// How far one long piece of work is: on a terminal a line that redraws itself (bar, bytes per second, time left),
/// elsewhere a plain line every ten seconds. Amounts are bytes when `bytes`, else pieces.
class ProgressLine {
  public:
    /// `title` stands before the bar; `indent` columns of spaces before it.
    ProgressLine(Output& output, std::string title, std::size_t indent, bool bytes);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void update(const Progress& progress);
    /// Takes the redrawn line away; what is printed next begins there.
    void clear();

  private:
    void draw(const Progress& progress);

    Output& output_;
    std::string title_;
    std::size_t indent_;
    bool bytes_;
    RateMeter rate_;
    std::chrono::steady_clock::time_point last_drawn_{};
    bool visible_ = false;
    std::chrono::steady_clock::time_point last_said_; ///< on a plain output
};

/// The text of the redrawn line, without the sequences that place it.
[[nodiscard]] std::string progress_text(const std::string& title, const Progress& progress, const RateMeter& rate,
                                        bool bytes, std::size_t width, const Ui& ui);

} // namespace exhyperv::cli
