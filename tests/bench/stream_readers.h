#pragma once

#include "support/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace exhyperv::bench {

/// Signs in at the server on this port of this machine; the header line that later requests carry ("Cookie: …").
Result<std::string> log_in(std::uint16_t port, const std::string& token);

/// Many open pages: connections to GET /events that are read by one thread, which notes when each event came to each.
class StreamReaders {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static Result<std::unique_ptr<StreamReaders>> open(std::uint16_t port, const std::string& session, int count);
    ~StreamReaders();
    StreamReaders(const StreamReaders&) = delete;
    StreamReaders& operator=(const StreamReaders&) = delete;

    /// When the event had arrived, page by page; an error when one is still without it after `patience`.
    Result<std::vector<Time>> arrivals(std::uint64_t event, std::chrono::milliseconds patience);

  private:
    StreamReaders();
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace exhyperv::bench
