#include "guest/block/children.h"

#include "guest/block/vhd_image.h"
#include "guest/block/vhdx_image.h"
#include "guest/block/vhdx_metadata.h"
#include "guest/image.h"
#include "platform/file.h"
#include "support/log.h"
#include "support/physical_disk.h"
#include "support/strings.h"

#include <algorithm>
#include <filesystem>

namespace exhyperv::guest {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostImages = 10'000;

std::string to_text(const fs::path& path) {
    const auto text = path.u8string();
    return {text.begin(), text.end()};
}

bool is_image_name(const std::string& name) {
    const auto lower = ascii_lower(name);
    return lower.ends_with("vhdx") || lower.ends_with("vhd"); // .avhdx and .avhd, too
}

/// Where an image says its parent is, and what tells that parent from another state of it. Nothing but the headers is
/// read: the image may be in use, or its log unclean.
struct NotedParent {
    std::vector<std::string> places;
    std::vector<Guid> marks; ///< VHDX: data write GUIDs; VHD: disk id
};

Result<std::optional<NotedParent>> noted_parent(const std::string& path) {
    TRY_ASSIGN(const auto file, ImageFile::peek(path));
    TRY_ASSIGN(const auto size, file.size());
    Bytes beginning(std::min<std::uint64_t>(size, 8));
    TRY(file.read(0, beginning));
    if (!vhdx::is_vhdx(beginning)) {
        TRY_ASSIGN(auto vhd, vhd::noted_parent(file));
        if (!vhd) return std::nullopt;
        return NotedParent{std::move(vhd->places), {vhd->id}};
    }
    TRY_ASSIGN(const auto regions, vhdx::load_regions(file));
    TRY_ASSIGN(const auto metadata, vhdx::load_metadata(file, regions.metadata));
    if (!metadata.parent) return std::nullopt;
    return NotedParent{vhdx::parent_candidates(*metadata.parent, path), metadata.parent->linkage};
}

Result<std::string> identity_of(const std::string& path) {
    TRY_ASSIGN(const auto file, platform::File::open(path, platform::OpenMode::read));
    return file.identity();
}

/// What children note of this image; nullopt when it cannot be told (its log is unclean, say).
std::optional<Guid> mark_of(const std::string& image_path) {
    const auto image = open_image(image_path, {.writable = false, .replay_log = false});
    if (!image) return std::nullopt;
    if (const auto* vhdx = dynamic_cast<const vhdx::VhdxImage*>(image->get())) return vhdx->data_write_guid();
    return (*image)->disk_id();
}

} // namespace

Result<std::optional<std::string>> child_of(const std::string& image_path) {
    if (physical_disk_number(image_path)) return std::nullopt;
    TRY_ASSIGN(const auto real, platform::real_path(image_path));
    TRY_ASSIGN(const auto wanted, identity_of(real));
    const std::string folder = platform::directory_of(real);
    std::optional<std::optional<Guid>> mark; // asked for once, when a child names this image
    std::error_code code;
    std::size_t seen = 0;
    fs::directory_iterator at(fs::path(std::u8string(folder.begin(), folder.end())), code);
    for (const fs::directory_iterator end; !code && at != end; at.increment(code)) {
        const std::string path = to_text(at->path());
        if (!is_image_name(path)) continue;
        if (++seen > kMostImages) {
            log(LogLevel::warn, "only the first images of " + folder + " were looked at for children");
            break;
        }
        const auto parent = noted_parent(path);
        if (!parent || !*parent) continue; // not an image, in use, or one that stands alone
        const bool here = std::ranges::any_of((*parent)->places, [&](const std::string& place) {
            const auto identity = identity_of(place);
            return identity && *identity == wanted;
        });
        if (!here) continue;
        if (!mark) mark = mark_of(image_path);
        // A child of another state of the image is lost already.
        if (!*mark || std::ranges::find((*parent)->marks, **mark) != (*parent)->marks.end()) return path;
    }
    return std::nullopt;
}

} // namespace exhyperv::guest
