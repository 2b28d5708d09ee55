#include "guest/block/bytes.h"
#include "guest/block/image_open.h"
#include "guest/block/vhdx_image.h"
#include "support/utf.h"

namespace exhyperv::guest::vhdx {

namespace {

constexpr std::string_view kCreator = "ExHyperV";
constexpr Range kLog{1 * kMiB, 1 * kMiB};
constexpr Range kMetadataRegion{2 * kMiB, 1 * kMiB};
constexpr std::uint64_t kBatOffset = 3 * kMiB;

Result<Metadata> describe_disk(const std::string& path, const CreateOptions& options) {
    Metadata metadata{.block_size = options.block_size,
                      .leave_blocks_allocated = options.format == ImageFormat::vhdx_fixed,
                      .has_parent = options.format == ImageFormat::vhdx_differencing,
                      .disk_size = options.size,
                      .disk_id = options.disk_id ? *options.disk_id : Guid::random(),
                      .logical_sector = options.sector_size,
                      .physical_sector = 4096,
                      .parent = {}};
    if (metadata.has_parent) {
        TRY_ASSIGN(const auto parent, open_image_at_depth(options.parent, {}, 1));
        const auto* vhdx = dynamic_cast<const VhdxImage*>(parent.get());
        if (!vhdx)
            return fail("disk.bad_create_options", {{"path", path}, {"what", "the parent of a VHDX must be a VHDX"}});
        metadata.disk_size = vhdx->size();
        metadata.logical_sector = vhdx->sector_size();
        TRY_ASSIGN(const auto child_path, platform::absolute_path(path));
        TRY_ASSIGN(const auto parent_path, platform::absolute_path(options.parent));
        metadata.parent = locate_parent(child_path, parent_path, vhdx->data_write_guid());
    }
    if (const auto fault = fault_of(metadata))
        return fail("disk.bad_create_options", {{"path", path}, {"what", *fault}});
    return metadata;
}

Result<> write_identifier(ImageFile& file) {
    Bytes identifier(64 * kKiB);
    store_signature(identifier.data(), "vhdxfile");
    const auto creator = to_utf16le_bytes(kCreator);
    std::copy(creator.begin(), creator.end(), identifier.begin() + 8);
    return file.write(0, identifier);
}

/// All blocks of a fixed image, one after the other from `first` on.
Result<> write_fixed_bat(ImageFile& file, const BatShape& shape, std::uint64_t block_size, std::uint64_t first) {
    Bytes table(shape.bytes());
    for (std::uint64_t block = 0; block < shape.blocks; ++block)
        store_le<std::uint64_t>(table.data() + shape.payload_index(block) * 8,
                                (first + block * block_size) | static_cast<std::uint64_t>(BlockState::fully_present));
    return file.write(kBatOffset, table);
}

} // namespace

Result<> create_vhdx(ImageFile& file, const CreateOptions& options) {
    TRY_ASSIGN(const auto metadata, describe_disk(file.path(), options));
    const BatShape shape(metadata);
    const Range bat{kBatOffset, align_up(shape.bytes(), kAlignment)};
    const auto payload = bat.end();
    const bool fixed = options.format == ImageFormat::vhdx_fixed;
    TRY(file.resize(payload + (fixed ? shape.blocks * metadata.block_size : 0)));
    TRY(write_identifier(file));
    TRY(HeaderPair::create(file, {.sequence = 1,
                                  .file_write = Guid::random(),
                                  .data_write = Guid::random(),
                                  .log = {},
                                  .log_length = static_cast<std::uint32_t>(kLog.length),
                                  .log_offset = kLog.offset}));
    TRY(create_regions(file, bat, kMetadataRegion));
    TRY(create_metadata(file, kMetadataRegion, metadata));
    if (fixed) TRY(write_fixed_bat(file, shape, metadata.block_size, payload));
    return file.flush();
}

} // namespace exhyperv::guest::vhdx
