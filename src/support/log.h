#pragma once

#include <functional>
#include <string_view>

namespace exhyperv {

enum class LogLevel { debug, info, warn, error };

/// Receives every log line (English, one line, no terminator). Called from any thread; must not throw.
using LogSink = std::function<void(LogLevel, std::string_view)>;

/// Replaces the sink of the process; without one, lines are dropped. Not to be called while other threads log.
void set_log_sink(LogSink sink);
void log(LogLevel level, std::string_view line);

} // namespace exhyperv
