#include "guest/format.h"

#include "guest/ntfs/ntfs_template.h"
#include "guest/ntfs/volume_device.h"
#include "support/utf.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <zlib.h>

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kOtherPartitions = 128ull << 20;
constexpr std::size_t kMaxLabel = 32;
constexpr std::uint64_t kSmallestLog = 2ull << 20;
constexpr std::size_t kHiddenSectors = 0x1c, kSerial = 0x48; ///< fields of the boot sector

void put_le(std::byte* at, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        at[i] = static_cast<std::byte>(value >> (8 * i));
}

/// The template's pages, one after the other. It is our own data, but it is checked like any other.
class PageReader {
  public:
    explicit PageReader(const NtfsTemplate& source) {
        stream_.next_in = const_cast<Bytef*>(source.packed);
        stream_.avail_in = static_cast<uInt>(source.packed_size);
        ok_ = inflateInit(&stream_) == Z_OK;
    }
    ~PageReader() { inflateEnd(&stream_); }
    PageReader(const PageReader&) = delete;
    PageReader& operator=(const PageReader&) = delete;

    bool next(std::uint64_t& number, std::span<std::byte> page) {
        std::byte head[8];
        if (!fill(head) || !fill(page)) return false;
        number = 0;
        for (int i = 7; i >= 0; --i)
            number = number << 8 | std::to_integer<std::uint64_t>(head[i]);
        return true;
    }

  private:
    bool fill(std::span<std::byte> out) {
        if (!ok_) return false;
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        while (stream_.avail_out > 0) {
            auto in_before = stream_.avail_in;
            auto out_before = stream_.avail_out;
            int result = inflate(&stream_, Z_NO_FLUSH);
            if (result != Z_OK && result != Z_STREAM_END) return false;
            if (stream_.avail_in == in_before && stream_.avail_out == out_before) return false;
        }
        for (std::size_t i = 0; i + 1 < out.size(); i += 2) { // undo the differences
            last_ = static_cast<std::uint16_t>(last_ + std::to_integer<unsigned>(out[i]) +
                                               (std::to_integer<unsigned>(out[i + 1]) << 8));
            put_le(&out[i], last_, 2);
        }
        return true;
    }
    z_stream stream_{};
    bool ok_ = false;
    std::uint16_t last_ = 0;
};

std::uint64_t derived_serial(std::uint64_t offset, std::uint64_t size, const std::string& label) {
    std::uint64_t hash = 0xcbf29ce484222325ull; // FNV-1a
    auto mix = [&hash](std::uint64_t byte) { hash = (hash ^ (byte & 0xff)) * 0x100000001b3ull; };
    for (char letter : label)
        mix(static_cast<unsigned char>(letter));
    for (int i = 0; i < 64; i += 8)
        mix(offset >> i), mix(size >> i);
    return hash;
}

} // namespace

std::vector<std::uint64_t> ntfs_template_sizes() {
    std::vector<std::uint64_t> sizes;
    for (const auto& each : ntfs_templates())
        sizes.push_back(each.volume_size);
    return sizes;
}

std::uint64_t ntfs_template_for_disk(std::uint64_t disk_size) {
    std::uint64_t best = 0;
    for (auto size : ntfs_template_sizes())
        if (size + kOtherPartitions <= disk_size) best = std::max(best, size);
    return best;
}

Result<> format_ntfs(Block& disk, std::uint64_t offset, std::uint64_t size, const NtfsFormat& format) {
    auto templates = ntfs_templates();
    auto found =
        std::find_if(templates.begin(), templates.end(), [size](const auto& each) { return each.volume_size == size; });
    if (found == templates.end()) return fail("guest.no_template", {{"size", std::to_string(size)}});
    if (offset > disk.size() || size > disk.size() - offset || offset % 512 != 0)
        return fail("disk.out_of_range",
                    {{"path", "-"}, {"offset", std::to_string(offset)}, {"length", std::to_string(size)}});
    auto label = to_utf16(format.label);
    if (label.size() > kMaxLabel || !is_valid_utf8(format.label))
        return fail("guest.bad_label", {{"label", format.label}});

    auto serial = format.serial != 0 ? format.serial : derived_serial(offset, size, format.label);
    PageReader reader(*found);
    std::vector<std::byte> page(kTemplatePage);
    for (std::uint32_t i = 0; i < found->pages; ++i) {
        std::uint64_t number = 0;
        if (!reader.next(number, page) || number >= size / kTemplatePage)
            return fail("guest.no_template", {{"size", std::to_string(size)}}, "damaged template");
        // The boot sector and its copy, the last sector of the volume, say where the partition starts.
        bool last = number == size / kTemplatePage - 1;
        if (number == 0 || last) {
            auto* sector = page.data() + (last ? kTemplatePage - 512 : 0);
            if (std::memcmp(sector + 3, "NTFS    ", 8) == 0) {
                put_le(sector + kHiddenSectors, offset / 512, 4);
                put_le(sector + kSerial, serial, 8);
            }
        }
        TRY(disk.write(offset + number * kTemplatePage, page));
    }

    VolumeDevice device(disk, offset, size, true);
    TRY_ASSIGN(auto mounted, MountedNtfs::mount(device));
    static_assert(sizeof(char16_t) == sizeof(std::uint16_t));
    if (int number = exh_finish_format(mounted.get(), reinterpret_cast<const std::uint16_t*>(label.data()),
                                       label.size(), std::max(format.log_bytes, kSmallestLog)))
        return fail(device.error(number, "$LogFile"));
    if (int number = mounted.unmount()) return fail(device.error(number, ""));
    return {};
}

} // namespace exhyperv::guest
