#include "transport/sim/material/vhdx_marks.h"

#include "guest/block/checksum.h"
#include "guest/block/vhdx_header.h"
#include "guest/block/vhdx_log_entry.h"
#include "guest/block/vhdx_region.h"

#include <algorithm>
#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

namespace vhdx = guest::vhdx;
using guest::ImageFile;

Guid id_from(std::uint64_t seed, const char* what) {
    return Guid::from_name(fmt::format("exhyperv guest disk {} {}", seed, what));
}

/// A log entry that sets one page ([MS-VHDX] 2.3.1).
guest::Bytes one_page_entry(const Guid& log, std::uint64_t file_size, std::uint64_t page_offset,
                            std::span<const std::byte> page) {
    vhdx::EntryHeader header;
    header.sequence = 1;
    header.descriptors = 1;
    header.log = log;
    header.flushed_file_size = header.last_file_size = file_size;
    header.length = std::uint32_t(header.descriptor_area() + vhdx::kPage);
    guest::Bytes entry(header.length);
    vhdx::store_entry_header(entry.data(), header);
    std::byte* descriptor = entry.data() + vhdx::kEntryHeader;
    guest::store_signature(descriptor, vhdx::kDataDescriptor);
    std::copy(page.end() - vhdx::kSectorTail, page.end(), descriptor + 4);
    std::copy_n(page.begin(), vhdx::kSectorHead, descriptor + 8);
    guest::store_le<std::uint64_t>(descriptor + 16, page_offset);
    guest::store_le<std::uint64_t>(descriptor + 24, header.sequence);
    std::byte* sector = entry.data() + header.descriptor_area();
    guest::store_signature(sector, vhdx::kDataSector);
    std::copy_n(page.begin() + vhdx::kSectorHead, vhdx::kSectorBody, sector + vhdx::kSectorHead);
    guest::store_le<std::uint32_t>(sector + vhdx::kPage - 4, std::uint32_t(header.sequence));
    guest::store_le<std::uint32_t>(entry.data() + vhdx::kEntryChecksum,
                                   guest::crc32c_without(entry, vhdx::kEntryChecksum));
    return entry;
}

} // namespace

Result<> settle_vhdx_ids(const std::string& path, std::uint64_t seed) {
    TRY_ASSIGN(ImageFile file, ImageFile::open(path, true));
    TRY_ASSIGN(auto headers, vhdx::HeaderPair::load(file));
    vhdx::Header header = headers.current();
    TRY(file.write_zeroes(header.log_offset, header.log_length));
    header.sequence = 1;
    header.file_write = id_from(seed, "file write");
    header.data_write = id_from(seed, "data write");
    header.log = {};
    return vhdx::HeaderPair::create(file, header);
}

Result<> leave_vhdx_log(const std::string& path, std::uint64_t seed) {
    TRY_ASSIGN(ImageFile file, ImageFile::open(path, true));
    TRY_ASSIGN(auto headers, vhdx::HeaderPair::load(file));
    TRY_ASSIGN(auto regions, vhdx::load_regions(file));
    // The newest state of the allocation table's first page is in the log only.
    guest::Bytes page(vhdx::kPage);
    TRY(file.read(regions.bat.offset, page));
    TRY_ASSIGN(std::uint64_t size, file.size());
    Guid log = id_from(seed, "log");
    TRY(file.write(headers.current().log_offset, one_page_entry(log, size, regions.bat.offset, page)));
    TRY(file.write_zeroes(regions.bat.offset, vhdx::kPage));
    return headers.update(
        file, [&](vhdx::Header& header) { header.log = log; }, vhdx::HeaderPair::Copies::both);
}

} // namespace exhyperv::sim
