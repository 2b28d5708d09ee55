#include "guest/block/image_open.h"
#include "guest/block/parent_paths.h"
#include "guest/block/vhd_image.h"
#include "support/utf.h"

#include <algorithm>
#include <chrono>

namespace exhyperv::guest::vhd {

namespace {

constexpr std::uint64_t kHeaderOffset = kFooterSize, kTableOffset = kHeaderOffset + kHeaderSize;

std::uint32_t seconds_since_2000() {
    using namespace std::chrono;
    constexpr auto epoch = sys_days{January / 1 / 2000};
    return static_cast<std::uint32_t>(duration_cast<seconds>(system_clock::now() - epoch).count());
}

tl::unexpected<Error> fail_options(const ImageFile& file, std::string what) {
    return fail("disk.bad_create_options", {{"path", file.path()}, {"what", std::move(what)}});
}

/// Appends the two paths behind the block table and notes where they are.
Result<> add_parent(ImageFile& file, const CreateOptions& options, const Image& parent, DynamicHeader& header,
                    Bytes& tables) {
    TRY_ASSIGN(const auto child_path, platform::absolute_path(file.path()));
    TRY_ASSIGN(const auto parent_path, platform::absolute_path(options.parent));
    header.parent_id = parent.disk_id();
    header.parent_name = platform::file_name_of(parent_path);
    std::size_t slot = 0;
    for (const auto& [code, path] : {std::pair{kRelativePath, relative_windows_path(child_path, parent_path)},
                                     std::pair{kAbsolutePath, absolute_windows_path(parent_path)}}) {
        if (path.empty()) continue;
        const auto raw = to_utf16le_bytes(path);
        const auto space = align_up(raw.size(), kSector);
        header.locators[slot++] = {code, static_cast<std::uint32_t>(space), static_cast<std::uint32_t>(raw.size()),
                                   kTableOffset + tables.size()};
        tables.insert(tables.end(), raw.begin(), raw.end());
        tables.resize(align_up(tables.size(), kSector));
    }
    return {};
}

} // namespace

Result<> create_vhd(ImageFile& file, const CreateOptions& options) {
    Footer footer{.header_offset = UINT64_MAX,
                  .timestamp = seconds_since_2000(),
                  .size = options.size,
                  .type = DiskType::fixed,
                  .id = options.disk_id ? *options.disk_id : Guid::random()};
    std::unique_ptr<Image> parent;
    if (options.format == ImageFormat::vhd_differencing) {
        TRY_ASSIGN(parent, open_image_at_depth(options.parent, {}, 1));
        if (!format_name(parent->format()).starts_with("vhd "))
            return fail_options(file, "the parent of a VHD must be a VHD");
        footer.size = parent->size();
    }
    if (!parent && options.sector_size != kSector)
        return fail_options(file, "sector size " + std::to_string(options.sector_size));
    if (footer.size == 0 || footer.size > kLargestDisk || !is_aligned(footer.size, kSector))
        return fail_options(file, "disk size " + std::to_string(footer.size));
    if (options.format == ImageFormat::vhd_fixed) {
        TRY(file.resize(footer.size + kFooterSize));
        TRY(file.write(footer.size, serialize_footer(footer)));
        return file.flush();
    }

    const auto block = options.block_size;
    if (block < 4096 || block > (256u << 20) || (block & (block - 1)) != 0)
        return fail_options(file, "block size " + std::to_string(block));
    footer.type = parent ? DiskType::differencing : DiskType::dynamic;
    footer.header_offset = kHeaderOffset;
    DynamicHeader header{.table_offset = kTableOffset,
                         .table_entries = static_cast<std::uint32_t>(divide_up(footer.size, block)),
                         .block_size = block,
                         .parent_id = {},
                         .parent_timestamp = 0,
                         .parent_name = {}};
    Bytes tables(align_up(std::uint64_t{header.table_entries} * 4, kSector), std::byte{0xFF});
    if (parent) TRY(add_parent(file, options, *parent, header, tables));
    TRY(file.write(0, serialize_footer(footer)));
    TRY(file.write(kHeaderOffset, serialize_header(header)));
    TRY(file.write(kTableOffset, tables));
    TRY(file.write(kTableOffset + tables.size(), serialize_footer(footer)));
    return file.flush();
}

} // namespace exhyperv::guest::vhd
