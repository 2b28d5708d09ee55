#pragma once

#include "guest/volume.h"
#include "support/guid.h"

#include <optional>

namespace exhyperv::guest {

enum class LeftoverUndo { none, rolled_back, completed };

/// Deals with what a killed process left on a volume: changes that were not committed are taken back, the last first;
/// of committed ones only the log is removed. Can itself be killed and run again. `id` is what was told outside of the
/// volume (undo_volume.h): a log of another name, or none, is anybody's and not touched. The log is hostile input all
/// the same: it can name nothing but files of its own volume, and `files` follows no links. Errors: guest.undo_foreign,
/// guest.undo_unreadable {record}, guest.undo_failed {path, reason}, and the volume's; the log then stays.
[[nodiscard]] Result<LeftoverUndo> recover_undo(GuestVolume& files, const std::optional<Guid>& id);

/// Has somebody left an undo log on this volume?
[[nodiscard]] Result<bool> has_leftover_undo(GuestVolume& files);

/// Removes the log so that a kill in between cannot make committed changes look uncommitted.
[[nodiscard]] Result<> remove_undo_log(GuestVolume& files);

} // namespace exhyperv::guest
