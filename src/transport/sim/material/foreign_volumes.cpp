#include "transport/sim/material/foreign_volumes.h"

#include "transport/sim/material/ntfs_records.h"
#include "transport/sim/material/random_stream.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace exhyperv::sim {

namespace {

constexpr std::size_t kSector = 512;

void put_text(std::vector<std::byte>& out, std::size_t at, std::string_view text) {
    std::memcpy(&out[at], text.data(), text.size());
}

} // namespace

Result<> write_fat32(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint32_t serial) {
    constexpr std::uint64_t kReservedSectors = 32, kEntriesPerSector = kSector / 4;
    std::uint64_t sectors = size / kSector;
    std::uint64_t fat =
        (sectors - kReservedSectors + kEntriesPerSector + 1) / (kEntriesPerSector + 2); // one sector a cluster
    std::uint64_t clusters = sectors - kReservedSectors - 2 * fat;

    std::vector<std::byte> boot(kSector);
    put_le_number(boot, 0, 0x9058EB, 3);
    put_text(boot, 3, "MSDOS5.0");
    put_le_number(boot, 0x0B, kSector, 2);
    put_le_number(boot, 0x0D, 1, 1);
    put_le_number(boot, 0x0E, kReservedSectors, 2);
    put_le_number(boot, 0x10, 2, 1);
    put_le_number(boot, 0x15, 0xF8, 1);
    put_le_number(boot, 0x18, 63, 2);
    put_le_number(boot, 0x1A, 255, 2);
    put_le_number(boot, 0x1C, offset / kSector, 4);
    put_le_number(boot, 0x20, sectors, 4);
    put_le_number(boot, 0x24, fat, 4);
    put_le_number(boot, 0x2C, 2, 4); // root directory's cluster
    put_le_number(boot, 0x30, 1, 2); // FSInfo
    put_le_number(boot, 0x32, 6, 2); // copy of the boot sector
    put_le_number(boot, 0x40, 0x80, 1);
    put_le_number(boot, 0x42, 0x29, 1);
    put_le_number(boot, 0x43, serial, 4);
    put_text(boot, 0x47, "NO NAME    FAT32   ");
    put_le_number(boot, 510, 0xAA55, 2);
    std::vector<std::byte> info(kSector);
    put_le_number(info, 0, 0x41615252, 4);
    put_le_number(info, 0x1E4, 0x61417272, 4);
    put_le_number(info, 0x1E8, clusters - 1, 4); // free
    put_le_number(info, 0x1EC, 3, 4);
    put_le_number(info, 510, 0xAA55, 2);
    for (std::uint64_t copy : {0u, 6u}) {
        TRY(disk.write(offset + copy * kSector, boot));
        TRY(disk.write(offset + (copy + 1) * kSector, info));
    }
    std::vector<std::byte> first(kSector);
    put_le_number(first, 0, 0x0FFFFFF8, 4);
    put_le_number(first, 4, 0x0FFFFFFF, 4);
    put_le_number(first, 8, 0x0FFFFFFF, 4); // the root directory's only cluster
    for (std::uint64_t copy = 0; copy < 2; ++copy)
        TRY(disk.write(offset + (kReservedSectors + copy * fat) * kSector, first));
    return {};
}

Result<> write_bitlocker(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint64_t seed) {
    std::vector<std::byte> head(std::min<std::uint64_t>(4u << 20, size));
    RandomStream(seed).fill(head);
    std::fill_n(head.begin(), kSector, std::byte{0});
    put_le_number(head, 0, 0x9058EB, 3);
    put_text(head, 3, "-FVE-FS-");
    put_le_number(head, 0x0B, kSector, 2);
    put_le_number(head, 0x0D, 8, 1);
    put_le_number(head, 0x15, 0xF8, 1);
    // {4967D63B-2E29-4AD8-8399-F6A339E3D001}: the id of BitLocker's header, then three places of its metadata
    put_le_number(head, 0xA0, 0x4AD82E294967D63Bu, 8);
    put_le_number(head, 0xA8, 0x01D0E339A3F69983u, 8);
    for (std::size_t i = 0; i < 3; ++i) {
        std::uint64_t at = (size / 4) * (i + 1) / 4096 * 4096;
        put_le_number(head, 0xB0 + 8 * i, at, 8);
        std::vector<std::byte> metadata(kSector);
        put_text(metadata, 0, "-FVE-FS-");
        put_le_number(metadata, 8, 4, 2);  // length in units of 16 bytes
        put_le_number(metadata, 10, 2, 2); // version
        TRY(disk.write(offset + at, metadata));
    }
    put_le_number(head, 510, 0xAA55, 2);
    return disk.write(offset, head);
}

Result<> write_luks(guest::Block& disk, std::uint64_t offset, std::uint64_t size, std::uint64_t seed) {
    std::vector<std::byte> head(std::min<std::uint64_t>(4u << 20, size));
    RandomStream(seed).fill(head);
    std::fill_n(head.begin(), kSector, std::byte{0});
    put_text(head, 0, "LUKS\xBA\xBE");
    put_le_number(head, 6, 0x0200, 2); // version 2, big-endian
    put_text(head, 0x18, "simulated");
    return disk.write(offset, head);
}

Result<> write_lvm(guest::Block& disk, std::uint64_t offset, std::uint64_t seed) {
    std::vector<std::byte> label(kSector);
    put_text(label, 0, "LABELONE");
    put_le_number(label, 8, 1, 8); // the sector it stands in
    put_le_number(label, 20, 32, 4);
    put_text(label, 24, "LVM2 001");
    RandomStream random(seed);
    for (std::size_t i = 0; i < 32; ++i)
        label[32 + i] = static_cast<std::byte>('A' + random.below(26)); // id of the physical volume
    return disk.write(offset + kSector, label);
}

} // namespace exhyperv::sim
