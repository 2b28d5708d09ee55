#include "guest/block/image_open.h"
#include "guest/block/parent_paths.h"
#include "guest/block/raw_image.h"
#include "guest/block/vhd_image.h"
#include "support/utf.h"

#include <algorithm>

namespace exhyperv::guest::vhd {

namespace {

constexpr std::uint32_t kSmallestBlock = 4096, kLargestBlock = 256u << 20;
constexpr std::uint32_t kLongestLocator = 64u << 10;

struct Footers {
    std::array<std::byte, kFooterSize> first{}, last{};
};

Result<std::optional<Footers>> read_ends(const ImageFile& file) {
    TRY_ASSIGN(const auto size, file.size());
    if (size < kFooterSize) return std::nullopt;
    Footers ends;
    TRY(file.read(0, ends.first));
    TRY(file.read(size - kFooterSize, ends.last));
    return ends;
}

/// The one at the end is lost when the file was cut off in the middle of growing.
std::optional<Footer> any_footer(const Footers& ends) {
    auto last = parse_footer(ends.last);
    return last ? last : parse_footer(ends.first);
}

std::vector<std::string> parent_candidates(const ImageFile& file, const DynamicHeader& header) {
    std::vector<std::string> relative, absolute;
    for (const auto& locator : header.locators) {
        if (locator.platform != kRelativePath && locator.platform != kAbsolutePath) continue;
        if (locator.length == 0 || locator.length > kLongestLocator) continue;
        Bytes raw(locator.length);
        if (!file.read(locator.offset, raw)) continue; // one bad entry does not make the others useless
        const auto noted = from_utf16le_bytes(raw);
        if (!noted || noted->find('\0') != std::string::npos) continue;
        if (locator.platform == kRelativePath)
            relative.push_back(from_relative_windows_path(*noted, file.path()));
        else if (auto here = from_absolute_windows_path(*noted))
            absolute.push_back(std::move(*here));
    }
    relative.insert(relative.end(), absolute.begin(), absolute.end());
    if (relative.empty() && !header.parent_name.empty())
        relative.push_back(from_relative_windows_path(
            header.parent_name.substr(header.parent_name.find_last_of("\\/") + 1), file.path()));
    return relative;
}

} // namespace

Result<bool> is_vhd(const ImageFile& file) {
    TRY_ASSIGN(const auto ends, read_ends(file));
    return ends && (has_signature(ends->first, 0, "conectix") || has_signature(ends->last, 0, "conectix"));
}

Result<std::optional<NotedParent>> noted_parent(const ImageFile& file) {
    TRY_ASSIGN(const auto ends, read_ends(file));
    const auto footer = ends ? any_footer(*ends) : std::nullopt;
    if (!footer) return std::nullopt;
    const Footer& found = *footer;
    TRY_ASSIGN(const auto size, file.size());
    if (found.type != DiskType::differencing || !within(found.header_offset, kHeaderSize, size)) return std::nullopt;
    Bytes buffer(kHeaderSize);
    TRY(file.read(found.header_offset, buffer));
    const auto header = parse_header(buffer);
    if (!header) return std::nullopt;
    return NotedParent{parent_candidates(file, *header), header->parent_id};
}

Result<std::unique_ptr<Image>> open_vhd(ImageFile file, int depth) {
    TRY_ASSIGN(const auto ends, read_ends(file));
    const bool footer_lost = !ends || !parse_footer(ends->last);
    const auto footer = ends ? any_footer(*ends) : std::nullopt;
    if (!footer) return fail_corrupt(file.path(), "the VHD footer has a wrong checksum");
    if (footer->size == 0 || footer->size > kLargestDisk || !is_aligned(footer->size, kSector))
        return fail_corrupt(file.path(), "disk size " + std::to_string(footer->size));
    switch (footer->type) {
    case DiskType::fixed: {
        TRY_ASSIGN(const auto size, file.size());
        if (size - kFooterSize < footer->size)
            return fail("disk.truncated", {{"path", file.path()}, {"offset", std::to_string(size)}},
                        "shorter than its disk");
        return open_flat(std::move(file), {.size = footer->size, .format = ImageFormat::vhd_fixed, .id = footer->id});
    }
    case DiskType::dynamic:
    case DiskType::differencing:
        return SparseVhd::open(std::move(file), *footer, footer_lost, depth);
    }
    return fail_unsupported(file.path(), "VHD disk type " + std::to_string(static_cast<std::uint32_t>(footer->type)));
}

Result<std::unique_ptr<Image>> SparseVhd::open(ImageFile file, const Footer& footer, bool footer_lost, int depth) {
    TRY_ASSIGN(const auto file_size, file.size());
    if (!within(footer.header_offset, kHeaderSize, file_size))
        return fail_corrupt(file.path(), "place of the VHD header");
    Bytes buffer(kHeaderSize);
    TRY(file.read(footer.header_offset, buffer));
    auto header = parse_header(buffer);
    if (!header) return fail_corrupt(file.path(), "the VHD header has a wrong checksum");
    const auto block = header->block_size;
    if (block < kSmallestBlock || block > kLargestBlock || (block & (block - 1)) != 0)
        return fail_corrupt(file.path(), "block size " + std::to_string(block));
    if (header->table_entries < divide_up(footer.size, block))
        return fail_corrupt(file.path(), "the block table is too short for the disk");
    if (!within(header->table_offset, std::uint64_t{header->table_entries} * 4, file_size))
        return fail("disk.truncated", {{"path", file.path()}, {"offset", std::to_string(file_size)}},
                    "the block table lies beyond the end");
    for (const auto& locator : header->locators)
        if (locator.platform != 0 && !within(locator.offset, locator.length, file_size))
            return fail_corrupt(file.path(), "place of a parent locator");

    std::unique_ptr<SparseVhd> image(new SparseVhd(std::move(file), footer, std::move(*header)));
    TRY(image->load_table());
    if (footer.type == DiskType::differencing) {
        const auto candidates = parent_candidates(image->file_, image->header_);
        TRY_ASSIGN(image->parent_, ParentSearch(image->path(), depth).find(candidates, [&](const Image& candidate) {
            const auto format = candidate.format();
            const bool vhd = format == ImageFormat::vhd_fixed || format == ImageFormat::vhd_dynamic ||
                             format == ImageFormat::vhd_differencing;
            return vhd && candidate.disk_id() == image->header_.parent_id;
        }));
    }
    if (footer_lost && image->writable()) TRY(image->restore_footer());
    return image;
}

Result<> SparseVhd::restore_footer() {
    TRY_ASSIGN(const auto size, file_.size());
    TRY(file_.resize(align_up(size, kSector) + kFooterSize));
    return file_.write(align_up(size, kSector), serialize_footer(footer_));
}

Result<> SparseVhd::load_table() {
    TRY_ASSIGN(const auto file_size, file_.size());
    const auto blocks = divide_up(footer_.size, header_.block_size);
    Bytes raw(blocks * 4);
    TRY(file_.read(header_.table_offset, raw));
    table_.resize(blocks);
    const auto stride = bitmap_bytes(header_.block_size) + header_.block_size;
    const auto first_free = header_.table_offset + blocks * 4;
    std::vector<std::uint64_t> places;
    for (std::uint64_t number = 0; number < blocks; ++number) {
        table_[number] = load_be<std::uint32_t>(raw.data() + number * 4);
        if (!present(number)) continue;
        const auto place = table_[number] * kSector;
        if (!within(place, stride, file_size))
            return fail("disk.truncated", {{"path", path()}, {"offset", std::to_string(file_size)}},
                        "block " + std::to_string(number) + " lies beyond the end of the file");
        if (place < first_free && place + stride > std::min(header_.table_offset, footer_.header_offset))
            return fail_corrupt(path(), "block " + std::to_string(number) + " overlaps the tables");
        places.push_back(place);
    }
    std::ranges::sort(places);
    for (std::size_t i = 1; i < places.size(); ++i)
        if (places[i] - places[i - 1] < stride)
            return fail_corrupt(path(), "blocks overlap at " + std::to_string(places[i]));
    return {};
}

} // namespace exhyperv::guest::vhd
