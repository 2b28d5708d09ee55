#include "guest/block/checksum.h"
#include "guest/block/commit_probe.h"
#include "guest/block/vhdx_log.h"
#include "guest/block/vhdx_log_entry.h"

#include <algorithm>

namespace exhyperv::guest::vhdx {

namespace {

Bytes build_entry(std::span<const PageUpdate> pages, const Guid& log, std::uint64_t file_size) {
    // Each entry stands alone at the beginning of the log under a GUID of its own: everything before it is applied
    // already.
    EntryHeader header{.length = 0,
                       .tail = 0,
                       .sequence = 1,
                       .descriptors = static_cast<std::uint32_t>(pages.size()),
                       .log = log,
                       .flushed_file_size = file_size,
                       .last_file_size = file_size};
    header.length = static_cast<std::uint32_t>(header.descriptor_area() + pages.size() * kPage);
    Bytes entry(header.length);
    store_entry_header(entry.data(), header);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const auto& content = pages[i].content;
        auto* descriptor = entry.data() + kEntryHeader + i * kDescriptor;
        store_signature(descriptor, kDataDescriptor);
        std::copy_n(content.end() - kSectorTail, kSectorTail, descriptor + 4);
        std::copy_n(content.begin(), kSectorHead, descriptor + 8);
        store_le<std::uint64_t>(descriptor + 16, pages[i].offset);
        store_le<std::uint64_t>(descriptor + 24, header.sequence);

        auto* sector = entry.data() + header.descriptor_area() + i * kPage;
        store_signature(sector, kDataSector);
        store_le<std::uint32_t>(sector + 4, static_cast<std::uint32_t>(header.sequence >> 32));
        std::copy_n(content.begin() + kSectorHead, kSectorBody, sector + kSectorHead);
        store_le<std::uint32_t>(sector + kPage - 4, static_cast<std::uint32_t>(header.sequence));
    }
    store_le<std::uint32_t>(entry.data() + kEntryChecksum, crc32c_without(entry, kEntryChecksum));
    return entry;
}

Result<> write_one(ImageFile& file, HeaderPair& headers, std::span<const PageUpdate> pages) {
    const auto log = Guid::random();
    TRY_ASSIGN(const auto size, file.size());
    TRY(file.write(headers.current().log_offset, build_entry(pages, log, size)));
    TRY(file.flush());
    testing::reached("vhdx.log_written");
    // From here on the entry counts: a reader that finds the mark also finds a whole entry.
    TRY(headers.update(
        file, [&](Header& header) { header.log = log; }, HeaderPair::Copies::one));
    testing::reached("vhdx.log_marked");
    for (const auto& page : pages) {
        TRY(file.write(page.offset, page.content));
        testing::reached("vhdx.page_applied");
    }
    TRY(file.flush());
    testing::reached("vhdx.log_applied");
    TRY(headers.update(
        file, [](Header& header) { header.log = {}; }, HeaderPair::Copies::both));
    testing::reached("vhdx.log_cleared");
    return {};
}

} // namespace

Result<> write_through_log(ImageFile& file, HeaderPair& headers, const std::vector<PageUpdate>& pages) {
    TRY(file.flush());
    const auto room =
        headers.current().log_length - kPage; // a full first sector holds 126 descriptors; 128 fit each further one
    const std::size_t at_once = room / (kPage + kDescriptor) - 1;
    for (std::size_t done = 0; done < pages.size(); done += at_once)
        TRY(write_one(file, headers, std::span(pages).subspan(done, std::min(at_once, pages.size() - done))));
    return {};
}

} // namespace exhyperv::guest::vhdx
