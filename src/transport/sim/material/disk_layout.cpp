#include "transport/sim/material/disk_layout.h"

#include "guest/format.h"
#include "guest/partition_table.h"
#include "transport/sim/material/ntfs_records.h"
#include "transport/sim/material/random_stream.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

// EFI, reserved and recovery partitions together stay below the 128 MiB that a template leaves free. Real ones are
// bigger.
constexpr std::uint64_t kMiB = 1u << 20, kEfi = 64 * kMiB, kReserved = 16 * kMiB, kRecovery = 32 * kMiB,
                        kOther = 128 * kMiB;
constexpr std::size_t kSector = 512;

tl::unexpected<Error> too_small(const GuestSpec& spec) {
    return fail("material.bad_value", {{"field", "size_gib"},
                                       {"value", std::to_string(spec.size_gib)},
                                       {"expected", "a bigger disk for this content"}});
}

Guid type_of(VolumeRole role) {
    switch (role) {
    case VolumeRole::efi:
        return guest::partition_type::efi_system();
    case VolumeRole::reserved:
        return guest::partition_type::microsoft_reserved();
    case VolumeRole::recovery:
        return guest::partition_type::windows_recovery();
    case VolumeRole::linux_root:
        return guest::partition_type::linux_filesystem();
    default:
        return guest::partition_type::basic_data();
    }
}

const char* name_of(VolumeRole role) {
    switch (role) {
    case VolumeRole::efi:
        return "EFI system partition";
    case VolumeRole::reserved:
        return "Microsoft reserved partition";
    case VolumeRole::linux_root:
        return "Linux filesystem";
    case VolumeRole::recovery:
        return "Recovery";
    default:
        return "Basic data partition";
    }
}

Result<> write_mbr(guest::Block& disk, const GuestSpec& spec, const std::vector<PlannedVolume>& volumes) {
    std::vector<std::byte> sector(kSector);
    put_le_number(sector, 0x1B8, derive_seed(spec.seed, "disk signature"), 4);
    for (std::size_t i = 0; i < volumes.size() && i < 4; ++i) {
        const PlannedVolume& volume = volumes[i];
        std::size_t at = 0x1BE + 16 * i;
        std::uint64_t type = volume.role == VolumeRole::linux_root ? 0x83
                             : volume.role == VolumeRole::recovery ? 0x27
                                                                   : 0x07;
        put_le_number(sector, at, i == 0 ? 0x80 : 0, 1);
        put_le_number(sector, at + 1, 0xFFFFFE, 3); // beyond what cylinders and heads can say
        put_le_number(sector, at + 4, type, 1);
        put_le_number(sector, at + 5, 0xFFFFFE, 3);
        put_le_number(sector, at + 8, volume.offset / kSector, 4);
        put_le_number(sector, at + 12, volume.size / kSector, 4);
    }
    put_le_number(sector, 510, 0xAA55, 2);
    return disk.write(0, sector);
}

} // namespace

std::uint64_t disk_bytes(const GuestSpec& spec) {
    return std::uint64_t(spec.size_gib) << 30;
}

Result<std::vector<PlannedVolume>> plan_volumes(const GuestSpec& spec) {
    std::vector<PlannedVolume> volumes;
    if (spec.content == GuestContent::empty) return volumes;
    std::uint64_t at = kMiB, total = disk_bytes(spec);
    auto add = [&](VolumeRole role, std::uint64_t size) {
        volumes.push_back({role, at, size});
        at += size;
    };
    bool system = spec.content == GuestContent::windows || spec.content == GuestContent::two_windows;
    if (!spec.mbr && spec.content != GuestContent::data) add(VolumeRole::efi, kEfi);
    if (!spec.mbr && spec.content != GuestContent::linux_root) add(VolumeRole::reserved, kReserved);
    if (spec.content == GuestContent::linux_root) {
        std::uint64_t size = std::min<std::uint64_t>(total - at - kMiB, 1ull << 40);
        add(VolumeRole::linux_root, size / kMiB * kMiB);
    } else {
        int count = spec.content == GuestContent::two_windows ? 2 : 1;
        // The answer of ntfs_template_for_disk is for one volume: each gets its share of the disk, the other partitions
        // counted once.
        std::uint64_t share = count == 1 ? total : (total - kOther) / 2 + kOther;
        std::uint64_t size = guest::ntfs_template_for_disk(share);
        if (size == 0) return too_small(spec);
        for (int i = 0; i < count; ++i)
            add(system ? VolumeRole::windows : VolumeRole::data, size);
    }
    if (spec.recovery) add(VolumeRole::recovery, kRecovery);
    if (at + kMiB > total) return too_small(spec);
    return volumes;
}

Result<> write_partition_table(guest::Block& disk, const GuestSpec& spec, const std::vector<PlannedVolume>& volumes) {
    if (spec.mbr) return write_mbr(disk, spec, volumes);
    auto id = [&](const std::string& what) {
        return Guid::from_name(fmt::format("exhyperv guest disk {} {}", spec.seed, what));
    };
    std::vector<guest::NewPartition> partitions;
    for (const PlannedVolume& volume : volumes) {
        partitions.push_back({type_of(volume.role), id(fmt::format("partition {}", partitions.size())),
                              name_of(volume.role), volume.offset, volume.size});
    }
    return guest::write_gpt(disk, id("disk"), partitions);
}

} // namespace exhyperv::sim
