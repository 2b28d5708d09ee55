#pragma once

#include "guest/volume.h"
#include "support/guid.h"

#include <optional>
#include <string>
#include <string_view>

namespace exhyperv::guest {

// The undo log: a hidden directory in the root of the volume, with a small file for each change that is about to be
// made, the files that were replaced or removed ("kept"), files that are still being written ("new"), and, from the
// moment all changes are there to stay, the mark "committed".
//
// A record is flushed before its change begins, so a record that cannot be read can only be the last one, and its
// change has not begun.
//
// The log is made by who changes the disk from outside, and can be made by anybody inside: on a Windows volume any user
// may create a folder in the root. So it has a name ("id") that is told outside of the volume before the log is begun,
// and only the log of that name is acted upon.

inline constexpr std::string_view kUndoDirectory = "ExHyperV.undo";
inline constexpr std::string_view kCommittedMark = "ExHyperV.undo\\committed";
inline constexpr std::string_view kUndoIdFile = "ExHyperV.undo\\id";

/// What is about to happen to a name of the volume, and so how to take it back.
struct UndoRecord {
    enum class Kind {
        made,       ///< `path` is created (a file, a link, or a directory with all that will be in it): remove it
        moved,      ///< `path` becomes `to`: rename it back
        attributes, ///< `number` were the attributes of `path`
        modified    ///< `number` was the time of `path`
    } kind = Kind::made;
    std::string path, to;
    std::uint64_t number = 0;
    bool operator==(const UndoRecord&) const = default;
};

[[nodiscard]] std::string undo_record_path(std::uint64_t number); ///< "ExHyperV.undo\0000000012.undo"
/// The number of such a file name; nullopt for other names.
[[nodiscard]] std::optional<std::uint64_t> undo_record_number(std::string_view name);

[[nodiscard]] std::string undo_id_text(const Guid& id);
[[nodiscard]] std::string undo_record_text(const UndoRecord& record);
/// nullopt when the text is torn or says nothing of this kind.
[[nodiscard]] std::optional<UndoRecord> parse_undo_record(std::string_view text);

} // namespace exhyperv::guest
