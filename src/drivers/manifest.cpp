#include "drivers/manifest.h"

#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>
#include <cstring>

namespace exhyperv::drivers {

namespace {
constexpr std::uint64_t kMaxManifestBytes = 32u << 20;

/// A small text as a new file, in place of what has its name.
Result<> write_text(guest::GuestVolume& volume, const std::string& path, const std::string& text,
                    std::uint32_t attributes) {
    TRY_ASSIGN(const auto there, volume.stat(path));
    if (there && there->directory) return fail("drivers.unsafe_guest_path", {{"path", path}});
    if (there) TRY(volume.remove(path));
    std::size_t at = 0;
    const auto source = [&](std::span<std::byte> out) -> Result<std::size_t> {
        const auto part = std::min(out.size(), text.size() - at);
        std::memcpy(out.data(), text.data() + at, part);
        at += part;
        return part;
    };
    return volume.write_new(path, {text.size(), attributes, 0}, source);
}

} // namespace

const ManifestCard* Manifest::card(std::string_view instance_path) const {
    const auto found =
        std::ranges::find_if(cards, [&](const auto& entry) { return iequals(entry.instance_path, instance_path); });
    return found == cards.end() ? nullptr : &*found;
}

const ManifestPackage* Manifest::package(std::string_view folder) const {
    const auto found = std::ranges::find_if(packages, [&](const auto& entry) { return iequals(entry.folder, folder); });
    return found == packages.end() ? nullptr : &*found;
}

bool Manifest::used_by_another(std::string_view folder, std::string_view instance_path) const {
    return std::ranges::any_of(cards, [&](const ManifestCard& entry) {
        return !iequals(entry.instance_path, instance_path) &&
               std::ranges::any_of(entry.packages, [&](const auto& name) { return iequals(name, folder); });
    });
}

Result<std::optional<Manifest>> read_manifest(guest::GuestVolume& volume) {
    const std::string path(layout_of(volume.kind()).manifest);
    TRY_ASSIGN(const auto info, volume.stat(path));
    if (!info) return std::optional<Manifest>();
    if (info->directory || info->reparse_tag != 0)
        return fail("drivers.manifest_invalid", {{"where", path}, {"reason", "not a plain file"}});
    TRY_ASSIGN(const auto bytes, volume.read_file(path, kMaxManifestBytes));
    TRY_ASSIGN(auto manifest, manifest_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    if (manifest.volume != volume.kind())
        return fail("drivers.manifest_invalid", {{"where", path}, {"reason", "of another kind of guest"}});
    return std::optional<Manifest>(std::move(manifest));
}

Result<bool> holds(guest::GuestVolume& volume, const ManifestConfig& config) {
    TRY_ASSIGN(const auto info, volume.stat(config.path));
    if (!info || info->directory || info->reparse_tag != 0 || info->size != config.content.size()) return false;
    TRY_ASSIGN(const auto bytes, volume.read_file(config.path, config.content.size()));
    return std::memcmp(bytes.data(), config.content.data(), bytes.size()) == 0;
}

Result<> write_config(guest::GuestVolume& volume, const ManifestConfig& config) {
    return write_text(volume, config.path, config.content, guest::kArchive);
}

Result<> write_manifest_file(guest::GuestVolume& volume, const Manifest& manifest) {
    return write_text(volume, std::string(layout_of(volume.kind()).manifest), to_json_text(manifest),
                      guest::kReadOnly | guest::kArchive);
}

Result<std::optional<Manifest>> read_manifest_copy(const std::string& path) {
    if (!platform::file_exists(path)) return std::optional<Manifest>();
    TRY_ASSIGN(const auto text, platform::read_text_file(path, kMaxManifestBytes));
    TRY_ASSIGN(auto manifest, manifest_from_json(text));
    return std::optional<Manifest>(std::move(manifest));
}

Result<> write_manifest_copy(const std::string& path, const Manifest& manifest) {
    if (manifest.empty()) return platform::remove_file(path);
    return platform::write_file_atomically(path, to_json_text(manifest));
}

} // namespace exhyperv::drivers
