#pragma once

#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace exhyperv::platform {

/// Environment variable as UTF-8; nullopt when unset or empty.
[[nodiscard]] std::optional<std::string> environment(const char* name);
/// Where the program keeps state: EXHYPERV_DATA_DIR, else $XDG_DATA_HOME/exhyperv (~/.local/share/exhyperv), on Windows
/// %LocalAppData%\ExHyperV. Not created here. A process that was asked for (platform/elevation.h) has
/// that of the one that asked. `platform.no_home` when none can be told, `platform.data_of_others` {path} when the one
/// handed over belongs to an account that has nothing to do with it.
[[nodiscard]] Result<std::string> data_directory();
/// The user's language as a tag, from LC_ALL, LC_MESSAGES, LANG (or the Windows UI language): "zh-Hans", "zh-Hant",
/// "de"; "en" when nothing is set.
[[nodiscard]] std::string preferred_language();
[[nodiscard]] std::uint32_t process_id();
/// "name@machine", for lock holders and the journal.
[[nodiscard]] std::string user_and_machine();
[[nodiscard]] bool process_alive(std::uint32_t process_id);
/// Is standard output (1) or standard error (2) a terminal; its width in columns (80 when unknown).
[[nodiscard]] bool is_terminal(int stream);
[[nodiscard]] int terminal_width();

} // namespace exhyperv::platform
