#include "guest/block/journal.h"

#include "guest/block/bytes.h"
#include "guest/block/commit_probe.h"
#include "guest/block/image_file.h"
#include "support/scope_guard.h"

#include <algorithm>
#include <array>
#include <memory>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace exhyperv::guest {

namespace {

using platform::File;
using platform::OpenMode;

constexpr std::string_view kMagic = "EXHVJRNL";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kVersionAt = 8, kPageSizeAt = 12, kPagesAt = 16, kDiskSizeAt = 24, kDiskIdAt = 32, kMarkAt = 48,
                      kMarkSize = 64;
constexpr std::size_t kHeader = kMarkAt + kMarkSize, kRecord = 8 + kJournalPage, kTrailer = 8;
constexpr std::size_t kBufferRecords = 256;

using HeaderBytes = std::array<std::byte, kHeader>;

/// Journal errors are those of the image's disk.
template <class T>
Result<T> as_disk(Result<T> result) {
    if (!result) return fail(as_disk_error(std::move(result).error()));
    return result;
}

class Hash {
  public:
    Hash() : state_(XXH3_createState(), XXH3_freeState) { XXH3_64bits_reset(state_.get()); }
    void add(std::span<const std::byte> data) { XXH3_64bits_update(state_.get(), data.data(), data.size()); }
    [[nodiscard]] std::uint64_t value() const { return XXH3_64bits_digest(state_.get()); }

  private:
    std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state_;
};

Result<HeaderBytes> header_for(const Image& image, std::uint64_t pages) {
    HeaderBytes header{};
    auto* at = header.data();
    store_signature(at, kMagic);
    store_le<std::uint32_t>(at + kVersionAt, kVersion);
    store_le<std::uint32_t>(at + kPageSizeAt, kJournalPage);
    store_le<std::uint64_t>(at + kPagesAt, pages);
    store_le<std::uint64_t>(at + kDiskSizeAt, image.size());
    image.disk_id().to_windows(as_u8(at + kDiskIdAt));
    TRY_ASSIGN(const auto mark, image.content_mark());
    store_signature(at + kMarkAt, std::string_view(mark).substr(0, kMarkSize));
    return header;
}

Result<> write_content(File& file, const Image& image, std::span<const JournalPage> pages) {
    TRY_ASSIGN(const auto header, header_for(image, pages.size()));
    Hash hash;
    hash.add(header);
    TRY(as_disk(file.write_at(0, header)));
    std::uint64_t at = kHeader;
    Bytes buffer;
    for (std::size_t first = 0; first < pages.size(); first += kBufferRecords) {
        const auto part = pages.subspan(first, std::min(kBufferRecords, pages.size() - first));
        buffer.resize(part.size() * kRecord);
        for (std::size_t i = 0; i < part.size(); ++i) {
            store_le<std::uint64_t>(buffer.data() + i * kRecord, part[i].offset);
            copy_bytes(buffer.data() + i * kRecord + 8, {part[i].content, kJournalPage});
        }
        hash.add(buffer);
        TRY(as_disk(file.write_at(at, buffer)));
        at += buffer.size();
        testing::reached("transaction.journal_half_written");
    }
    std::array<std::byte, kTrailer> trailer;
    store_le<std::uint64_t>(trailer.data(), hash.value());
    TRY(as_disk(file.write_at(at, trailer)));
    testing::reached("transaction.journal_written");
    return as_disk(file.flush());
}

} // namespace

Result<> write_journal(const std::string& path, const Image& image, std::span<const JournalPage> pages) {
    ScopeGuard remove_it([&] { (void)platform::remove_file(path); });
    auto created = File::open(path, OpenMode::create_new);
    if (!created) {
        if (created.error().code == "file.exists") remove_it.dismiss(); // not ours
        return fail(as_disk_error(std::move(created).error()));
    }
    {
        const auto file = std::make_unique<File>(std::move(*created)); // closed before a failure removes it
        TRY(write_content(*file, image, pages));
    }
    TRY(as_disk(platform::flush_directory(platform::directory_of(path))));
    remove_it.dismiss();
    return {};
}

Result<JournalState> inspect_journal(const std::string& path, const Image& image) {
    TRY_ASSIGN(const auto file, as_disk(File::open(path, OpenMode::read)));
    TRY_ASSIGN(const auto size, as_disk(file.size()));
    if (size < kHeader + kTrailer || (size - kHeader - kTrailer) % kRecord != 0) return JournalState::incomplete;
    HeaderBytes header;
    TRY(as_disk(file.read_at(0, header)));
    const auto* at = header.data();
    if (!has_signature(header, 0, kMagic) ||
        load_le<std::uint64_t>(at + kPagesAt) != (size - kHeader - kTrailer) / kRecord)
        return JournalState::incomplete;
    Hash hash;
    Bytes buffer(kRecord * kBufferRecords);
    for (std::uint64_t done = 0; done < size - kTrailer;) {
        const auto part = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), size - kTrailer - done));
        TRY(as_disk(file.read_at(done, part)));
        hash.add(part);
        done += part.size();
    }
    std::array<std::byte, kTrailer> trailer;
    TRY(as_disk(file.read_at(size - kTrailer, trailer)));
    if (load_le<std::uint64_t>(trailer.data()) != hash.value()) return JournalState::incomplete;

    TRY_ASSIGN(const auto own, header_for(image, load_le<std::uint64_t>(at + kPagesAt)));
    return header == own ? JournalState::whole : JournalState::foreign;
}

Result<> read_journal(const std::string& path,
                      const std::function<Result<>(std::uint64_t offset, std::span<const std::byte> page)>& sink) {
    TRY_ASSIGN(const auto file, as_disk(File::open(path, OpenMode::read)));
    TRY_ASSIGN(const auto size, as_disk(file.size()));
    Bytes record(kRecord);
    for (std::uint64_t at = kHeader; at + kTrailer < size; at += kRecord) {
        TRY(as_disk(file.read_at(at, record)));
        TRY(sink(load_le<std::uint64_t>(record.data()), std::span(record).subspan(8)));
    }
    return {};
}

} // namespace exhyperv::guest
