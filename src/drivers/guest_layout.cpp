#include "drivers/guest_layout.h"

#include "drivers/guest_paths.h"

namespace exhyperv::drivers {

namespace {

constexpr GuestLayout kWindows{guest::VolumeKind::ntfs, kHostDriverStore, kFileRepository,
                               "Windows\\System32\\HostDriverStore\\exhyperv-manifest.json"};
constexpr GuestLayout kLinux{guest::VolumeKind::ext4, "usr\\lib\\wsl", "usr\\lib\\wsl\\drivers",
                             "usr\\lib\\wsl\\exhyperv-manifest.json"};

} // namespace

const GuestLayout& layout_of(guest::VolumeKind kind) {
    return kind == guest::VolumeKind::ext4 ? kLinux : kWindows;
}

std::string package_root(const GuestLayout& layout, std::string_view folder) {
    if (layout.volume == guest::VolumeKind::ext4 && folder == kLibraryFolder) return std::string(kLinuxLibraries);
    return join_path(layout.repository, folder);
}

bool leads_into_store(const GuestLayout& layout, std::string_view link, std::string_view target) {
    return leads_below(layout.store, link, target);
}

} // namespace exhyperv::drivers
