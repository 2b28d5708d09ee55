#include "guest/disk/volume_probe.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <vector>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kStart = 68u << 10; ///< Btrfs' signature is the farthest, at 64 KiB

/// Identifiers that BitLocker puts into the boot sector: of a volume, of one encrypted while it is used, and of
/// BitLocker To Go, whose sector looks like that of a FAT volume.
constexpr std::array<std::array<std::uint8_t, 16>, 2> kBitLocker{{
    {0x3b, 0xd6, 0x67, 0x49, 0x29, 0x2e, 0xd8, 0x4a, 0x83, 0x99, 0xf6, 0xa3, 0x39, 0xe3, 0xd0, 0x01},
    {0x3b, 0x4d, 0xa8, 0x92, 0x80, 0xdd, 0x0e, 0x4d, 0x9e, 0x4e, 0xb1, 0xe3, 0x28, 0x4e, 0xae, 0xd8},
}};
constexpr std::array<std::size_t, 2> kBitLockerPlaces{0xa0, 0x1a8};

class Start {
  public:
    explicit Start(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
    [[nodiscard]] bool has(std::size_t at, std::string_view text) const {
        return at + text.size() <= bytes_.size() && std::memcmp(bytes_.data() + at, text.data(), text.size()) == 0;
    }
    [[nodiscard]] std::uint32_t number(std::size_t at) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4 && at + i < bytes_.size(); ++i)
            value |= std::to_integer<std::uint32_t>(bytes_[at + i]) << (8 * i);
        return value;
    }
    [[nodiscard]] bool empty() const {
        return std::all_of(bytes_.begin(), bytes_.end(), [](std::byte each) { return each == std::byte{0}; });
    }
    [[nodiscard]] bool bitlocker() const {
        if (has(3, "-FVE-FS-")) return true;
        for (auto at : kBitLockerPlaces)
            for (const auto& id : kBitLocker)
                if (has(at, {reinterpret_cast<const char*>(id.data()), id.size()})) return true;
        return false;
    }
    /// ext2, 3 and 4 have one superblock; its feature words tell them apart.
    [[nodiscard]] std::string ext_name() const {
        constexpr std::size_t kSuper = 1024;
        bool extents = (number(kSuper + 0x60) & 0x40) != 0, journal = (number(kSuper + 0x5c) & 0x4) != 0;
        return extents ? "ext4" : journal ? "ext3" : "ext2";
    }

  private:
    std::vector<std::byte> bytes_;
};

} // namespace

Result<std::string> probe_file_system(Block& disk, std::uint64_t offset, std::uint64_t size) {
    if (offset > disk.size() || size > disk.size() - offset) return std::string("unknown");
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, kStart)));
    TRY(disk.read(offset, bytes));
    Start start(std::move(bytes));
    if (start.bitlocker()) return std::string("BitLocker"); // before FAT: To Go volumes look like it
    using namespace std::string_view_literals;
    struct Signature {
        std::size_t at;
        std::string_view text;
        const char* name;
    };
    constexpr std::array kSignatures{
        Signature{3, "NTFS    "sv, "NTFS"},
        Signature{3, "ReFS\0\0\0\0"sv, "ReFS"},
        Signature{3, "EXFAT   "sv, "exFAT"},
        Signature{0x52, "FAT32   "sv, "FAT32"},
        Signature{0x36, "FAT16   "sv, "FAT16"},
        Signature{0x36, "FAT12   "sv, "FAT12"},
        Signature{0, "XFSB"sv, "XFS"},
        Signature{0, "LUKS\xba\xbe"sv, "LUKS"},
        Signature{512, "LABELONE"sv, "LVM"},
        Signature{4086, "SWAPSPACE2"sv, "swap"},
        Signature{0x10040, "_BHRfS_M"sv, "Btrfs"},
    };
    for (const auto& each : kSignatures)
        if (start.has(each.at, each.text)) return std::string(each.name);
    if (start.has(1024 + 0x38, "\x53\xef")) return start.ext_name();
    return std::string(start.empty() ? "empty" : "unknown");
}

} // namespace exhyperv::guest
