#include "guest/block/undo_marker.h"

#include "guest/block/beside_image.h"
#include "platform/file.h"
#include "support/strings.h"

namespace exhyperv::guest {
namespace {
constexpr std::string_view kMarkerLine = "exhyperv-undo 1 ";
constexpr std::uint64_t kLargestMarker = 4096, kMostPartitions = 1024;
} // namespace

std::string undo_marker_path(const std::string& image_path) {
    return path_beside(image_path, ".exhyperv-undo");
}

bool has_undo_marker(const std::string& image_path) {
    return platform::file_exists(undo_marker_path(image_path));
}

Result<std::optional<UndoMarker>> read_undo_marker(const std::string& image_path) {
    if (!has_undo_marker(image_path)) return std::nullopt;
    TRY_ASSIGN(const auto text, platform::read_text_file(undo_marker_path(image_path), kLargestMarker));
    if (!text.starts_with(kMarkerLine)) return std::nullopt;
    const auto words = split(trim(std::string_view(text).substr(kMarkerLine.size())), ' ');
    if (words.size() != 2) return std::nullopt;
    const auto id = Guid::parse(words[0]);
    const auto partition = parse_u64(words[1]);
    if (!id || !partition || *partition == 0 || *partition > kMostPartitions) return std::nullopt;
    return UndoMarker{*id, static_cast<std::uint32_t>(*partition)};
}

Result<> write_undo_marker(const std::string& image_path, const UndoMarker& marker) {
    const auto path = undo_marker_path(image_path);
    TRY(platform::make_directories(platform::directory_of(path)));
    return platform::write_file_atomically(path, std::string(kMarkerLine) + marker.id.str() + " " +
                                                     std::to_string(marker.partition) + "\n");
}

Result<> remove_undo_marker(const std::string& image_path) {
    const auto path = undo_marker_path(image_path);
    TRY(platform::remove_file(path));
    return platform::flush_directory(platform::directory_of(path));
}

} // namespace exhyperv::guest
