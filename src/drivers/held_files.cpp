#include "drivers/held_files.h"

#include "drivers/guest_layout.h"
#include "drivers/guest_paths.h"
#include "drivers/guest_state.h"

namespace exhyperv::drivers {

Result<> drop_lost_files(Manifest& manifest, guest::GuestVolume& volume, const CallContext& context) {
    GuestState guest(volume, context);
    for (auto& package : manifest.packages) {
        TRY_ASSIGN(const auto tree, guest.tree(package_root(layout_of(volume.kind()), package.folder)));
        std::erase_if(package.files, [&](const ManifestFile& file) {
            const auto found = tree.find(file.path);
            if (found == tree.end()) return true;
            const auto& info = found->second;
            return info.directory || info.reparse_tag != 0 || info.size != file.size || info.modified != file.modified;
        });
    }
    return {};
}

Result<bool> holds_any_package(const Manifest& manifest, guest::GuestVolume& volume) {
    for (const auto& package : manifest.packages) {
        TRY_ASSIGN(const auto root, volume.stat(package_root(layout_of(volume.kind()), package.folder)));
        if (root) return true;
    }
    return manifest.packages.empty();
}

} // namespace exhyperv::drivers
