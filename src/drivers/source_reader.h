#pragma once

#include "support/deadline.h"
#include "support/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace exhyperv::drivers {

struct SourceItem {
    std::string path; ///< openable by this process; empty: `problem` says why there is none
    std::uint64_t size = 0;
    std::optional<Error> problem;
};

/// Reads files one after the other on a thread of its own, ahead of the consumer, hashing on the way. At most 16
/// buffers of 1 MiB are filled. The consumer is one thread; it takes the items in order and may leave one before its
/// end.
class SourceReader {
  public:
    explicit SourceReader(std::vector<SourceItem> items);
    ~SourceReader(); ///< stops and joins
    SourceReader(const SourceReader&) = delete;
    SourceReader& operator=(const SourceReader&) = delete;

    /// Goes to an item (not before the last one) and waits for its first bytes, so that a file that cannot be opened is
    /// known before anything is made of it. Errors: file.*, drivers.source_changed (another size than listed), call.*.
    [[nodiscard]] Result<> begin(std::size_t index, const CallContext& context);
    /// The item's bytes, in order; 0 at its end.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out);
    /// Did begin() or read() of the current item fail? Tells a bad source from a bad target.
    [[nodiscard]] bool failed() const;
    /// XXH3-128 of the current item, 32 hex digits, once it was read to its end.
    [[nodiscard]] std::string hash() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace exhyperv::drivers
