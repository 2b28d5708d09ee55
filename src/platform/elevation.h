#pragma once

#include "support/result.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::platform {

/// Does this process have the rights to change the machine: an administrator's full token on Windows, root elsewhere.
[[nodiscard]] bool elevated();

/// Can the user be asked for these rights now? Only on Windows, with a desktop to ask on, and never by a process that
/// was itself started by such a question: people are asked once.
[[nodiscard]] bool can_ask_for_elevation();

/// This program, started again with an administrator's rights. It reads from and writes to this process's own input and
/// output, console or not, and keeps its state in this process's data directory: whoever types in an administrator's
/// name stays in the user's journal, and an environment variable is not passed on by the system. Ends on its own;
/// destroying the object only lets go of it.
class ElevatedProcess {
  public:
    /// Asks the user (UAC) and starts. Errors: platform.elevation_declined, platform.elevation_failed {reason}, those
    /// of data_directory().
    static Result<ElevatedProcess> start(const std::vector<std::string>& words);
    ElevatedProcess(ElevatedProcess&&) noexcept;
    ElevatedProcess& operator=(ElevatedProcess&&) noexcept;
    ~ElevatedProcess();
    /// Its exit code once it has ended; nothing when it still runs after `patience`.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds patience) const;

  private:
    struct State;
    explicit ElevatedProcess(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// To be called first of all: in a process that ElevatedProcess::start() started, takes over the streams and the data
/// directory of the process that asked, and takes the words that say so out of `words` (without the program's name).
/// Does nothing in others.
void take_over(std::vector<std::string>& words);

} // namespace exhyperv::platform
