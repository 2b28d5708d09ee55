#include "transport/sim/material/full_volume.h"

#include "guest/ntfs/cluster_allocator.h"
#include "guest/ntfs/volume_device.h"
#include "support/utf.h"

namespace exhyperv::sim {

Result<> fill_up(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint64_t free_bytes,
                 const std::string& name, std::uint64_t modified) {
    guest::VolumeDevice device(disk, offset, size, true);
    TRY_ASSIGN(auto mounted, guest::MountedNtfs::mount(device));
    exh_geometry geometry{};
    exh_get_geometry(mounted.get(), &geometry);
    TRY(device.watch_bitmap(mounted.get()));
    guest::ClusterAllocator allocator(device, geometry);
    TRY_ASSIGN(std::uint64_t available, allocator.available(mounted.get()));
    std::uint64_t keep = free_bytes / geometry.cluster_size;
    if (keep < available) {
        TRY_ASSIGN(auto runs, allocator.allocate(mounted.get(), available - keep));
        std::u16string wide = to_utf16(name);
        std::vector<std::uint16_t> units(wide.begin(), wide.end());
        exh_new_file file{};
        file.name = units.data();
        file.name_length = units.size();
        file.attributes = 0x20;
        file.created = file.modified = modified;
        file.size = (available - keep) * geometry.cluster_size;
        file.runs = runs.data();
        file.run_count = runs.size();
        exh_set_allocation_hint(mounted.get(), allocator.cursor());
        std::uint64_t reference = 0;
        if (int number = exh_create(mounted.get(), EXH_ROOT, &file, &reference))
            return fail(device.error(number, name));
    }
    if (int number = mounted.unmount()) return fail(device.error(number, name));
    return {};
}

} // namespace exhyperv::sim
