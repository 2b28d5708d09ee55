#pragma once

#include "guest/hive/hivex_handle.h"

namespace exhyperv::guest {

/// Largest value that fits one cell. Larger ones need a "db" record, which libhivex does not write: Windows and others
/// could not read them back.
inline constexpr std::size_t kLargestHiveValue = 16344;

/// Nothing in the edits is wrong in itself. Errors: hive.bad_key, hive.value_too_large {key, value, size}.
[[nodiscard]] Result<> check_edits(const std::vector<HiveEdit>& edits);

/// Does the edits in their order, those of one key together: libhivex never reuses freed cells, so each rewrite of a
/// key's value list makes the file larger, and a list that is right already is not written. Returns the number of
/// values and keys that changed. After an error the handle is to be thrown away.
[[nodiscard]] Result<std::size_t> apply_edits(HivexHandle& hive, const std::vector<HiveEdit>& edits);

} // namespace exhyperv::guest
