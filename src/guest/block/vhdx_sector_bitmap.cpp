#include "guest/block/vhdx_sector_bitmap.h"

#include <algorithm>

namespace exhyperv::guest::vhdx {

namespace {

constexpr std::uint64_t kBitsPerPage = kPage * 8;
constexpr std::size_t kMostPages = 4096; ///< 16 MiB of bitmap describe 64 GiB of disk

bool bit(const std::array<std::byte, kPage>& content, std::uint64_t index) {
    return (content[index / 8] & (std::byte{1} << (index % 8))) != std::byte{0};
}

} // namespace

Result<SectorBitmaps::Page*> SectorBitmaps::page(const ImageFile& file, std::uint64_t offset) {
    if (const auto found = pages_.find(offset); found != pages_.end()) return &found->second;
    if (pages_.size() >= kMostPages) std::erase_if(pages_, [](const auto& entry) { return !entry.second.changed; });
    Page fresh;
    TRY(file.read(offset, fresh.content));
    return &pages_.emplace(offset, fresh).first->second;
}

Result<SectorBitmaps::Run> SectorBitmaps::run(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first,
                                              std::uint64_t limit) {
    Run result;
    while (result.length < limit) {
        const auto at = first + result.length;
        TRY_ASSIGN(const auto* here, page(file, bitmap + at / kBitsPerPage * kPage));
        const auto in_page = at % kBitsPerPage;
        const auto end = std::min(kBitsPerPage, in_page + (limit - result.length));
        if (result.length == 0) result.present = bit(here->content, in_page);
        const std::byte alike = result.present ? std::byte{0xFF} : std::byte{0};
        auto i = in_page;
        while (i < end) {
            if (i % 8 == 0 && end - i >= 8 && here->content[i / 8] == alike)
                i += 8;
            else if (bit(here->content, i) == result.present)
                ++i;
            else
                break;
        }
        result.length += i - in_page;
        if (i < end) break;
    }
    return result;
}

Result<> SectorBitmaps::set(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first, std::uint64_t count) {
    return change(file, bitmap, first, count, true);
}

Result<> SectorBitmaps::clear(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first, std::uint64_t count) {
    return change(file, bitmap, first, count, false);
}

Result<> SectorBitmaps::change(const ImageFile& file, std::uint64_t bitmap, std::uint64_t first, std::uint64_t count,
                               bool to) {
    while (count > 0) {
        TRY_ASSIGN(auto* here, page(file, bitmap + first / kBitsPerPage * kPage));
        const auto in_page = first % kBitsPerPage;
        const auto now = std::min(kBitsPerPage - in_page, count);
        for (auto i = in_page; i < in_page + now; ++i) {
            auto& byte = here->content[i / 8];
            const auto mask = std::byte{1} << (i % 8);
            const auto changed = to ? byte | mask : byte & ~mask;
            here->changed |= changed != byte;
            byte = changed;
        }
        first += now;
        count -= now;
    }
    return {};
}

std::vector<PageUpdate> SectorBitmaps::changed_pages() const {
    std::vector<PageUpdate> updates;
    for (const auto& [offset, page] : pages_)
        if (page.changed) updates.push_back({offset, page.content});
    std::ranges::sort(updates, {}, &PageUpdate::offset);
    return updates;
}

void SectorBitmaps::accept_changes() {
    for (auto& [offset, page] : pages_)
        page.changed = false;
}

void SectorBitmaps::discard_changes() {
    pages_.clear(); // also those of bitmap blocks that go away with the allocation
}

} // namespace exhyperv::guest::vhdx
