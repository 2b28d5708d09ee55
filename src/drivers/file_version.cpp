#include "drivers/file_version.h"

#include <array>
#include <vector>

namespace exhyperv::drivers {

namespace {

constexpr std::uint32_t kVersionType = 16; // RT_VERSION
constexpr std::uint32_t kFixedSignature = 0xFEEF04BD;
constexpr std::uint32_t kSubdirectory = 0x80000000;
constexpr std::size_t kMaxSections = 96;
constexpr std::size_t kMaxEntries = 4096;
constexpr std::size_t kMaxVersionBytes = 64u << 10;

std::uint32_t little(std::span<const std::byte> bytes, std::size_t offset, std::size_t width) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < width && offset + i < bytes.size(); ++i)
        out |= std::to_integer<std::uint32_t>(bytes[offset + i]) << (8 * i);
    return out;
}

struct Section {
    std::uint32_t address, raw_size, raw_offset;
};

/// Bounded access: whatever lies outside the file reads as "not there".
class Executable {
  public:
    Executable(std::uint64_t size, const ExecutableReader& read) : size_(size), read_(read) {}

    Result<bool> load(std::uint64_t offset, std::size_t length, std::vector<std::byte>& out) const {
        if (length > size_ || offset > size_ - length) return false;
        out.resize(length);
        TRY(read_(offset, out));
        return true;
    }

    /// Finds the sections and the resource directory's place; false when this is no PE file with resources.
    Result<bool> open() {
        std::vector<std::byte> bytes;
        TRY_ASSIGN(bool there, load(0, 64, bytes));
        if (!there || little(bytes, 0, 2) != 0x5A4D) return false;
        const std::uint64_t header = little(bytes, 60, 4);
        TRY_ASSIGN(there, load(header, 24, bytes));
        if (!there || little(bytes, 0, 4) != 0x00004550) return false;
        const auto sections = little(bytes, 6, 2), optional_size = little(bytes, 20, 2);
        if (sections > kMaxSections || optional_size < 96) return false;
        TRY_ASSIGN(there, load(header + 24, optional_size, bytes));
        if (!there) return false;
        const auto magic = little(bytes, 0, 2);
        const std::size_t directories = magic == 0x20B ? 112 : 96; // PE32+ has wider fields before the table
        if ((magic != 0x20B && magic != 0x10B) || bytes.size() < directories + 24) return false;
        resources_ = little(bytes, directories + 16, 4); // entry 2
        TRY_ASSIGN(there, load(header + 24 + optional_size, std::size_t{40} * sections, bytes));
        if (!there || resources_ == 0) return false;
        for (std::size_t i = 0; i < sections; ++i)
            sections_.push_back(
                {little(bytes, 40 * i + 12, 4), little(bytes, 40 * i + 16, 4), little(bytes, 40 * i + 20, 4)});
        return true;
    }

    [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint32_t address) const {
        for (const auto& section : sections_)
            if (address >= section.address && address - section.address < section.raw_size)
                return std::uint64_t{section.raw_offset} + (address - section.address);
        return std::nullopt;
    }

    /// The entry of a resource directory with this id, or the first one (`id` 0). Relative to the resource section; 0:
    /// none.
    Result<std::uint32_t> entry(std::uint32_t directory, std::uint32_t id) const {
        const auto base = offset_of(resources_);
        std::vector<std::byte> bytes;
        if (!base) return 0;
        TRY_ASSIGN(bool there, load(*base + directory, 16, bytes));
        if (!there) return 0;
        const std::size_t count = little(bytes, 12, 2) + little(bytes, 14, 2);
        if (count > kMaxEntries) return 0;
        TRY_ASSIGN(there, load(*base + directory + 16, 8 * count, bytes));
        if (!there) return 0;
        for (std::size_t i = 0; i < count; ++i)
            if (id == 0 || little(bytes, 8 * i, 4) == id) return little(bytes, 8 * i + 4, 4);
        return 0;
    }

    /// The first version resource's bytes; empty when there is none.
    Result<std::vector<std::byte>> version_resource() const {
        std::vector<std::byte> bytes;
        TRY_ASSIGN(const auto type, entry(0, kVersionType));
        if ((type & kSubdirectory) == 0) return bytes;
        TRY_ASSIGN(const auto name, entry(type & ~kSubdirectory, 0));
        if ((name & kSubdirectory) == 0) return bytes;
        TRY_ASSIGN(const auto data, entry(name & ~kSubdirectory, 0));
        if (data == 0 || (data & kSubdirectory) != 0) return bytes;
        const auto base = offset_of(resources_);
        TRY_ASSIGN(bool there, load(base.value_or(size_) + data, 16, bytes));
        if (!there) return std::vector<std::byte>();
        const auto place = offset_of(little(bytes, 0, 4));
        const auto length = little(bytes, 4, 4);
        if (!place || length > kMaxVersionBytes) return std::vector<std::byte>();
        TRY_ASSIGN(there, load(*place, length, bytes));
        return there ? bytes : std::vector<std::byte>();
    }

  private:
    std::uint64_t size_;
    const ExecutableReader& read_;
    std::uint32_t resources_ = 0;
    std::vector<Section> sections_;
};

} // namespace

Result<std::uint64_t> read_file_version(std::uint64_t size, const ExecutableReader& read) {
    Executable file(size, read);
    TRY_ASSIGN(const bool usable, file.open());
    if (!usable) return 0;
    TRY_ASSIGN(const auto bytes, file.version_resource());
    // VS_FIXEDFILEINFO follows the header and its UTF-16 key, aligned to four bytes.
    for (std::size_t at = 0; at + 52 <= bytes.size() && at <= 128; at += 4)
        if (little(bytes, at, 4) == kFixedSignature)
            return std::uint64_t{little(bytes, at + 8, 4)} << 32 | little(bytes, at + 12, 4);
    return 0;
}

} // namespace exhyperv::drivers
