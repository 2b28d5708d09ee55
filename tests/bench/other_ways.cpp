#include "other_ways.h"

#include "guest/format.h"
#include "guest/image.h"

#include <filesystem>
#include <fmt/format.h>

namespace exhyperv::bench {

namespace fs = std::filesystem;

OtherWays::OtherWays(std::string package, std::string directory)
    : package_(std::move(package)), directory_(std::move(directory)), all_(directory_ + "/all.bin"),
      copy_(directory_ + "/copy"), volume_(directory_ + "/volume.raw"), mount_point_(directory_ + "/mnt") {}

Result<> OtherWays::prepare() {
    return shell(
        fmt::format("find {} -type f -exec cat {{}} + > {} && sync", shell_quoted(package_), shell_quoted(all_)));
}

Result<> OtherWays::copy() {
    TRY(shell("sync"));
    TRY(measure(copying, [&] {
        return shell(
            fmt::format("cp -r {} {} && sync -f {}", shell_quoted(package_), shell_quoted(copy_), shell_quoted(copy_)));
    }));
    fs::remove_all(copy_);
    return {};
}

Result<> OtherWays::dd() {
    TRY(shell("sync"));
    TRY(measure(writing, [&] {
        return shell(
            fmt::format("dd if={} of={} bs=1M conv=fsync status=none", shell_quoted(all_), shell_quoted(copy_)));
    }));
    fs::remove(copy_);
    return {};
}

Result<> OtherWays::make_volume() const {
    guest::CreateOptions options;
    options.format = guest::ImageFormat::raw;
    options.size = guest::ntfs_template_for_disk(20ull << 30);
    TRY_ASSIGN(auto image, guest::create_image(volume_, options));
    TRY(guest::format_ntfs(*image, 0, options.size, {}));
    TRY(image->flush());
    return shell("sync");
}

/// As a plain user would have it: the volume mounted by ntfs-3g, files copied with cp, unmounted.
Result<> OtherWays::fuse() {
    if (!fuse_problem.empty()) return {};
    TRY(make_volume());
    fs::create_directories(mount_point_);
    const auto mount = fmt::format("ntfs-3g {} {} > {} 2>&1", shell_quoted(volume_), shell_quoted(mount_point_),
                                   shell_quoted(directory_ + "/fuse.log"));
    if (!shell(mount)) {
        fuse_problem = "ntfs-3g cannot mount here (no root, no /dev/fuse or no FUSE in the kernel)";
        fs::remove(volume_);
        return {};
    }
    auto copied = measure(fusing, [&] {
        return shell(fmt::format("cp -r {} {} && umount {} && sync -f {}", shell_quoted(package_),
                                 shell_quoted(mount_point_), shell_quoted(mount_point_), shell_quoted(volume_)));
    });
    if (!copied) (void)shell("umount -l " + shell_quoted(mount_point_));
    fs::remove(volume_);
    return copied;
}

Result<> OtherWays::guestfish() {
    if (!shell("command -v guestfish > /dev/null") || !shell("ls /boot/vmlinuz-* > /dev/null 2>&1")) {
        guestfish_problem = "guestfish or a kernel for it is not installed (sh tools/setup.sh bench)";
        return {};
    }
    TRY(make_volume());
    // Its appliance wants a kernel; KVM is left aside where stock QEMU does not get along with what is offered.
    const auto fish = fmt::format("LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg timeout 1800 "
                                  "guestfish --rw --format=raw -a {} run : mount /dev/sda / : copy-in {} / : umount / "
                                  "> {} 2>&1 && sync -f {}",
                                  shell_quoted(volume_), shell_quoted(package_),
                                  shell_quoted(directory_ + "/guestfish.log"), shell_quoted(volume_));
    if (!measure(fishing, [&] { return shell(fish); })) {
        (void)shell("tail -n 5 " + shell_quoted(directory_ + "/guestfish.log"));
        guestfish_problem = "guestfish did not get through, or not in 30 minutes; its last words are above";
    }
    fs::remove(volume_);
    return {};
}

} // namespace exhyperv::bench
