#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace exhyperv {

/// How far a long piece of work is. `total` 0 means unknown. `item` is what is being worked on (a file name, a step).
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::string_view item;
};

/// Called from the working thread, often: it must be cheap. An empty function is allowed everywhere one is taken.
using ProgressSink = std::function<void(const Progress&)>;

} // namespace exhyperv
