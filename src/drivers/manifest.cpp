#include "drivers/manifest.h"

#include "drivers/guest_paths.h"
#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>
#include <cstring>

namespace exhyperv::drivers {

namespace {
constexpr std::uint64_t kMaxManifestBytes = 32u << 20;
}

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
    const std::string path(kManifestPath);
    TRY_ASSIGN(const auto info, volume.stat(path));
    if (!info) return std::optional<Manifest>();
    if (info->directory || info->reparse_tag != 0)
        return fail("drivers.manifest_invalid", {{"where", path}, {"reason", "not a plain file"}});
    TRY_ASSIGN(const auto bytes, volume.read_file(path, kMaxManifestBytes));
    TRY_ASSIGN(auto manifest, manifest_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    return std::optional<Manifest>(std::move(manifest));
}

Result<> write_manifest_file(guest::GuestVolume& volume, const Manifest& manifest) {
    const auto text = to_json_text(manifest);
    const std::string path(kManifestPath);
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
    return volume.write_new(path, {text.size(), guest::kReadOnly | guest::kArchive, 0}, source);
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
