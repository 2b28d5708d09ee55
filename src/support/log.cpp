#include "support/log.h"

namespace exhyperv {
namespace {
LogSink& current_sink() {
    static LogSink sink;
    return sink;
}
} // namespace

void set_log_sink(LogSink sink) {
    current_sink() = std::move(sink);
}

void log(LogLevel level, std::string_view line) {
    if (const auto& sink = current_sink()) sink(level, line);
}

} // namespace exhyperv
