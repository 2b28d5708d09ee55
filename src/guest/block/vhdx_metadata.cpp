#include "guest/block/vhdx_metadata.h"

#include "guest/block/bytes.h"
#include "guest/block/vhdx_layout.h"

#include <map>

namespace exhyperv::guest::vhdx {

namespace {

constexpr std::string_view kSignature = "metadata";
constexpr std::size_t kTableSize = 64 * kKiB, kCount = 10, kEntries = 32, kEntrySize = 32, kMostEntries = 2047;
constexpr std::uint64_t kLargestItem = kMiB;
constexpr std::uint32_t kUser = 1, kOfDisk = 2, kRequired = 4;

constexpr const char* kFileParameters = "CAA16737-FA36-4D43-B3B6-33F0AA44E76B";
constexpr const char* kDiskSize = "2FA54224-CD1B-4876-B211-5DBED83BF4B8";
constexpr const char* kDiskId = "BECA12AB-B2E6-4523-93EF-C309E000C746";
constexpr const char* kLogicalSector = "8141BF1D-A96F-4709-BA47-F233A8FAAB5F";
constexpr const char* kPhysicalSector = "CDA348C7-445D-4471-9CC9-E9885251C556";
constexpr const char* kParentLocator = "A8D35F2D-B30B-454D-ABF7-D3D84834AB0C";

constexpr std::uint32_t kLeaveAllocated = 1, kHasParent = 2;

struct Known {
    const char* id;
    std::uint32_t length; ///< 0: any
};
constexpr Known kKnown[] = {{kFileParameters, 8}, {kDiskSize, 8},       {kDiskId, 16},
                            {kLogicalSector, 4},  {kPhysicalSector, 4}, {kParentLocator, 0}};

using Items = std::map<Guid, Bytes>;

Result<Items> load_items(const ImageFile& file, const Range& region) {
    Bytes table(kTableSize);
    TRY(file.read(region.offset, table));
    const auto count = load_le<std::uint16_t>(table.data() + kCount);
    if (!has_signature(table, 0, kSignature) || count > kMostEntries)
        return fail_corrupt(file.path(), "metadata table");
    Items items;
    for (std::size_t i = 0; i < count; ++i) {
        const auto* entry = table.data() + kEntries + i * kEntrySize;
        const auto id = Guid::from_windows(as_u8(entry));
        const auto offset = load_le<std::uint32_t>(entry + 16), length = load_le<std::uint32_t>(entry + 20);
        const auto flags = load_le<std::uint32_t>(entry + 24);
        const Known* known = nullptr;
        for (const auto& candidate : kKnown)
            if (!(flags & kUser) && guid(candidate.id) == id) known = &candidate;
        if (!known) {
            if (flags & kRequired) return fail_unsupported(file.path(), "required VHDX metadata item " + id.str());
            continue;
        }
        if (offset < kTableSize || length == 0 || length > kLargestItem || !within(offset, length, region.length) ||
            (known->length != 0 && known->length != length))
            return fail_corrupt(file.path(), "metadata item " + id.str() + ": place or length");
        Bytes content(length);
        TRY(file.read(region.offset + offset, content));
        if (!items.emplace(id, std::move(content)).second)
            return fail_corrupt(file.path(), "metadata item " + id.str() + " twice");
    }
    return items;
}

const Bytes* find(const Items& items, const char* id) {
    const auto found = items.find(guid(id));
    return found == items.end() ? nullptr : &found->second;
}

} // namespace

std::optional<std::string> fault_of(const Metadata& metadata) {
    const auto block = metadata.block_size;
    if (block < kSmallestBlock || block > kLargestBlock || (block & (block - 1)) != 0)
        return "block size " + std::to_string(block);
    if (metadata.logical_sector != 512 && metadata.logical_sector != 4096)
        return "logical sector size " + std::to_string(metadata.logical_sector);
    if (metadata.physical_sector != 512 && metadata.physical_sector != 4096)
        return "physical sector size " + std::to_string(metadata.physical_sector);
    if (metadata.disk_size == 0 || metadata.disk_size > kLargestDisk ||
        !is_aligned(metadata.disk_size, metadata.logical_sector))
        return "disk size " + std::to_string(metadata.disk_size);
    return std::nullopt;
}

Result<Metadata> load_metadata(const ImageFile& file, const Range& region) {
    TRY_ASSIGN(const auto items, load_items(file, region));
    const auto* parameters = find(items, kFileParameters);
    const auto* size = find(items, kDiskSize);
    const auto* id = find(items, kDiskId);
    const auto* logical = find(items, kLogicalSector);
    const auto* physical = find(items, kPhysicalSector);
    if (!parameters || !size || !id || !logical || !physical)
        return fail_corrupt(file.path(), "a required metadata item is missing");

    const auto flags = load_le<std::uint32_t>(parameters->data() + 4);
    Metadata metadata{.block_size = load_le<std::uint32_t>(parameters->data()),
                      .leave_blocks_allocated = (flags & kLeaveAllocated) != 0,
                      .has_parent = (flags & kHasParent) != 0,
                      .disk_size = load_le<std::uint64_t>(size->data()),
                      .disk_id = Guid::from_windows(as_u8(id->data())),
                      .logical_sector = load_le<std::uint32_t>(logical->data()),
                      .physical_sector = load_le<std::uint32_t>(physical->data()),
                      .parent = {}};
    if (const auto fault = fault_of(metadata)) return fail_corrupt(file.path(), "metadata: " + *fault);
    if (metadata.has_parent) {
        const auto* locator = find(items, kParentLocator);
        if (!locator) return fail_corrupt(file.path(), "a differencing image without a parent locator");
        TRY_ASSIGN(metadata.parent, parse_parent_locator(*locator, file.path()));
    }
    return metadata;
}

Result<> create_metadata(ImageFile& file, const Range& region, const Metadata& metadata) {
    Bytes parameters(8), size(8), id(16), logical(4), physical(4);
    store_le<std::uint32_t>(parameters.data(), metadata.block_size);
    store_le<std::uint32_t>(parameters.data() + 4, (metadata.leave_blocks_allocated ? kLeaveAllocated : 0) |
                                                       (metadata.has_parent ? kHasParent : 0));
    store_le<std::uint64_t>(size.data(), metadata.disk_size);
    metadata.disk_id.to_windows(as_u8(id.data()));
    store_le<std::uint32_t>(logical.data(), metadata.logical_sector);
    store_le<std::uint32_t>(physical.data(), metadata.physical_sector);

    Bytes buffer(kTableSize);
    std::uint16_t count = 0;
    const auto add = [&](const char* item, const Bytes& content, std::uint32_t flags) {
        auto* entry = buffer.data() + kEntries + count * kEntrySize;
        guid(item).to_windows(as_u8(entry));
        store_le<std::uint32_t>(entry + 16, static_cast<std::uint32_t>(buffer.size()));
        store_le<std::uint32_t>(entry + 20, static_cast<std::uint32_t>(content.size()));
        store_le<std::uint32_t>(entry + 24, flags);
        buffer.insert(buffer.end(), content.begin(), content.end());
        ++count;
    };
    add(kFileParameters, parameters, kRequired);
    add(kDiskSize, size, kRequired | kOfDisk);
    add(kDiskId, id, kRequired | kOfDisk);
    add(kLogicalSector, logical, kRequired | kOfDisk);
    add(kPhysicalSector, physical, kRequired | kOfDisk);
    if (metadata.parent) add(kParentLocator, serialize_parent_locator(*metadata.parent), kRequired);
    store_signature(buffer.data(), kSignature);
    store_le<std::uint16_t>(buffer.data() + kCount, count);
    return file.write(region.offset, buffer);
}

} // namespace exhyperv::guest::vhdx
