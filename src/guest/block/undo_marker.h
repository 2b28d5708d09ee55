#pragma once

#include "support/guid.h"
#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace exhyperv::guest {

// The file "<image>.exhyperv-undo" beside a disk image (beside_image.h): there while the image's volume has an undo
// log. The guest can write what it likes on its own volume, but not this file; so only a log that it names is acted
// upon.

struct UndoMarker {
    Guid id;                     ///< of the log
    std::uint32_t partition = 0; ///< whose volume has it
    bool operator==(const UndoMarker&) const = default;
};

[[nodiscard]] std::string undo_marker_path(const std::string& image_path);
[[nodiscard]] bool has_undo_marker(const std::string& image_path);
/// nullopt: there is none, or it says nothing.
[[nodiscard]] Result<std::optional<UndoMarker>> read_undo_marker(const std::string& image_path);
/// Durable when they return. Errors: file.*.
[[nodiscard]] Result<> write_undo_marker(const std::string& image_path, const UndoMarker& marker);
[[nodiscard]] Result<> remove_undo_marker(const std::string& image_path);

} // namespace exhyperv::guest
