#pragma once

#include "guest/volume.h"

#include <string>
#include <string_view>

namespace exhyperv::drivers {

/// Where a guest has what is put into it. Paths as in guest_paths.h, below the volume's root.
struct GuestLayout {
    guest::VolumeKind volume = guest::VolumeKind::ntfs;
    std::string_view store;      ///< everything of ours lies below it and is read-only; links lead into it
    std::string_view repository; ///< the packages' directories
    std::string_view manifest;
};

/// NTFS: a Windows guest, HostDriverStore. ext4: a Linux guest, /usr/lib/wsl as WSL has it.
[[nodiscard]] const GuestLayout& layout_of(guest::VolumeKind kind);

/// Not a package's folder: the host's own libraries for Linux guests, shown as a package of that name.
inline constexpr std::string_view kLibraryFolder = "lxss";
inline constexpr std::string_view kLinuxLibraries = "usr\\lib\\wsl\\lib";
/// Tells the loader of a Linux guest where the libraries are.
inline constexpr std::string_view kLoaderConfig = "etc\\ld.so.conf.d\\exhyperv-gpu.conf";

/// Where a package lies in the guest.
[[nodiscard]] std::string package_root(const GuestLayout& layout, std::string_view folder);
/// Does a link text, as a link at `link` holds it, lead below the store? Absolute and drive paths count too.
[[nodiscard]] bool leads_into_store(const GuestLayout& layout, std::string_view link, std::string_view target);

} // namespace exhyperv::drivers
