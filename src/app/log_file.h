#pragma once

#include "support/log.h"

#include <cstdint>
#include <string>

namespace exhyperv::app {

/// Sends the program's log lines to <data directory>/logs/exhyperv.log, from the first line on: a command that logs
/// nothing leaves no file. Above `rotate_at` bytes the file becomes exhyperv.1.log (older ones move up to .3). A log
/// that cannot be written never stops the work: lines are dropped. One object at a time; it takes its sink out when
/// destroyed.
class LogFile {
  public:
    LogFile(std::string data_directory, LogLevel lowest, std::uint64_t rotate_at = 1 << 20);
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;
    ~LogFile();
};

} // namespace exhyperv::app
