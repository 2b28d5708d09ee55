#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::assign {

inline constexpr std::uint64_t kMostJournalBytes = 16u << 20;
inline constexpr std::uint64_t kMostJournalLines = 10'000;

[[nodiscard]] std::string open_directory(const std::string& state_directory);
[[nodiscard]] std::string closed_directory(const std::string& state_directory);

/// Names ending in .jsonl in a directory, sorted, with the directory in front; at most `limit`, the last ones. A
/// missing directory is an empty one.
[[nodiscard]] Result<std::vector<std::string>> journal_files(const std::string& directory, std::size_t limit);

/// From journal/open/ to journal/closed/, durably.
[[nodiscard]] Result<> move_to_closed(const std::string& open_path);

} // namespace exhyperv::assign
