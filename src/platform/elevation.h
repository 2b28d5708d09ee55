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
/// output, console or not. Ends on its own; destroying the object only lets go of it.
class ElevatedProcess {
  public:
    /// Asks the user (UAC) and starts. Errors: platform.elevation_declined, platform.elevation_failed {reason}.
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

/// To be called first of all: in a process that ElevatedProcess::start() started, takes over the streams of the process
/// that asked, and takes the word that says so out of `words` (without the program's name). Does nothing in others.
void adopt_streams(std::vector<std::string>& words);

} // namespace exhyperv::platform
