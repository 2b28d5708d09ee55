#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace exhyperv::sim {

/// A hive as Windows leaves it behind when the power goes: the file as it was before its last changes, which are in its
/// logs.
struct LoggedHive {
    std::vector<std::byte> hive, log1, log2;
};

/// `states`: the whole hive (clean files), first as it is on the disk, then after each change. The first change becomes
/// an entry of LOG1, the others of LOG2. At least two states.
[[nodiscard]] LoggedHive log_changes(std::span<const std::vector<std::byte>> states);

} // namespace exhyperv::sim
