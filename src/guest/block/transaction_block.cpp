#include "guest/block/beside_image.h"
#include "guest/block/bytes.h"
#include "guest/block/commit_probe.h"
#include "guest/block/image_file.h"
#include "guest/block/journal.h"
#include "guest/block/undo_marker.h"
#include "guest/transaction.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace exhyperv::guest {

namespace {

constexpr std::size_t kPage = kJournalPage;
constexpr std::size_t kLargestRun = 256; ///< pages written in place at once

class Transaction final : public TransactionBlock {
  public:
    Transaction(Image& image, std::size_t limit) : image_(image), page_limit_(limit / kPage) {}
    ~Transaction() override {
        if (changed_ && !over_) (void)abort();
    }

    [[nodiscard]] std::uint64_t size() const override { return image_.size(); }
    [[nodiscard]] std::uint32_t sector_size() const override { return image_.sector_size(); }
    [[nodiscard]] bool writable() const override { return true; }
    [[nodiscard]] std::size_t dirty_bytes() const override { return pages_.size() * kPage; }
    Result<> flush() override { return check(0, 0); }

    Result<> read(std::uint64_t offset, std::span<std::byte> out) override {
        TRY(check(offset, out.size()));
        if (!pages_.empty() && offset / kPage == (offset + out.size() - 1) / kPage) // all of it in one page
            if (const auto found = pages_.find(offset / kPage); found != pages_.end()) {
                copy_bytes(out.data(), std::span(*found->second).subspan(offset % kPage, out.size()));
                return {};
            }
        TRY(image_.read(offset, out));
        for_each_dirty(offset, out.size(), [&](auto found, std::size_t in_page, std::size_t at, std::size_t length) {
            copy_bytes(out.data() + at, std::span(*found->second).subspan(in_page, length));
        });
        return {};
    }

    Result<> write(std::uint64_t offset, std::span<const std::byte> data) override {
        TRY(check(offset, data.size()));
        changed_ = changed_ || !data.empty();
        while (!data.empty()) {
            const auto in_page = offset % kPage;
            const auto length = std::min<std::size_t>(kPage - in_page, data.size());
            TRY_ASSIGN(auto* page, dirty_page(offset / kPage, length == kPage));
            copy_bytes(page->data() + in_page, data.first(length));
            data = data.subspan(length);
            offset += length;
        }
        return {};
    }

    Result<> write_data(std::uint64_t offset, std::span<const std::byte> data) override {
        TRY(check(offset, data.size()));
        if (data.empty()) return {};
        changed_ = true;
        TRY(image_.write(offset, data));
        // What was metadata earlier in this transaction and is data now must not come back at commit.
        for_each_dirty(offset, data.size(), [&](auto found, std::size_t in_page, std::size_t at, std::size_t length) {
            if (length == kPage)
                pages_.erase(found);
            else
                copy_bytes(found->second->data() + in_page, data.subspan(at, length));
        });
        return {};
    }

    Result<> commit() override {
        TRY(check(0, 0));
        if (!changed_) return {};
        const auto sorted = sorted_pages();
        // Room for every page first: then writing them in place changes nothing but their own bytes.
        TRY(for_each_run(
            sorted, [&](std::uint64_t offset, std::uint64_t length, auto) { return image_.allocate(offset, length); }));
        TRY(image_.flush());
        testing::reached("transaction.data_flushed");
        if (!sorted.empty()) {
            const auto path = journal_path(image_.path());
            TRY(write_journal(path, image_, sorted));
            testing::reached("transaction.journal_flushed");
            over_ = true; // until the end is reached: from here on only the journal knows the whole truth
            TRY(write_in_place(sorted));
            TRY(image_.flush());
            testing::reached("transaction.pages_flushed");
            TRY(drop_journal(path));
            over_ = false;
        }
        pages_.clear();
        changed_ = false;
        return {};
    }

    Result<> abort() override {
        TRY(check(0, 0));
        pages_.clear();
        if (!changed_) return {};
        changed_ = false;
        TRY(image_.discard_unflushed());
        return image_.trim_file();
    }

    static Result<> drop_journal(const std::string& path) {
        auto removed = platform::remove_file(path);
        if (removed) removed = platform::flush_directory(platform::directory_of(path));
        if (!removed) return fail(as_disk_error(std::move(removed).error()));
        testing::reached("transaction.journal_removed");
        return {};
    }

  private:
    using Page = std::array<std::byte, kPage>;
    using Pages = std::unordered_map<std::uint64_t, std::unique_ptr<Page>>;

    [[nodiscard]] Result<> check(std::uint64_t offset, std::uint64_t length) const {
        if (over_) return fail("disk.transaction_over", {{"path", image_.path()}});
        if (!within(offset, length, size())) return fail_out_of_range(image_.path(), offset, length);
        return {};
    }

    /// Calls `use` for each dirty page that the range touches; `use` may erase that page.
    template <class Use>
    void for_each_dirty(std::uint64_t offset, std::size_t length, const Use& use) {
        for (std::size_t at = 0; at < length && !pages_.empty();) {
            const auto in_page = static_cast<std::size_t>((offset + at) % kPage);
            const auto part = std::min(kPage - in_page, length - at);
            if (const auto found = pages_.find((offset + at) / kPage); found != pages_.end())
                use(found, in_page, at, part);
            at += part;
        }
    }

    [[nodiscard]] std::size_t page_length(std::uint64_t offset) const {
        return static_cast<std::size_t>(std::min<std::uint64_t>(kPage, size() - offset));
    }

    Result<Page*> dirty_page(std::uint64_t number, bool overwritten) {
        if (const auto found = pages_.find(number); found != pages_.end()) return found->second.get();
        if (pages_.size() >= page_limit_)
            return fail("disk.transaction_too_large",
                        {{"path", image_.path()}, {"limit", std::to_string(page_limit_ * kPage)}});
        auto page = std::make_unique<Page>();
        const auto offset = number * kPage;
        if (!overwritten) TRY(image_.read(offset, std::span(*page).first(page_length(offset))));
        return pages_.emplace(number, std::move(page)).first->second.get();
    }

    [[nodiscard]] std::vector<JournalPage> sorted_pages() const {
        std::vector<JournalPage> sorted;
        sorted.reserve(pages_.size());
        for (const auto& [number, page] : pages_)
            sorted.push_back({number * kPage, page->data()});
        std::ranges::sort(sorted, {}, &JournalPage::offset);
        return sorted;
    }

    /// Calls `use(offset, length, pages)` for each stretch of pages that follow each other.
    template <class Use>
    Result<> for_each_run(std::span<const JournalPage> sorted, const Use& use) const {
        while (!sorted.empty()) {
            std::size_t count = 1;
            while (count < sorted.size() && count < kLargestRun &&
                   sorted[count].offset == sorted[0].offset + count * kPage)
                ++count;
            const auto length = (count - 1) * kPage + page_length(sorted[count - 1].offset);
            TRY(use(sorted[0].offset, length, sorted.first(count)));
            sorted = sorted.subspan(count);
        }
        return {};
    }

    Result<> write_in_place(std::span<const JournalPage> sorted) {
        Bytes buffer(kLargestRun * kPage);
        return for_each_run(
            sorted, [&](std::uint64_t offset, std::uint64_t length, std::span<const JournalPage> run) -> Result<> {
                for (std::size_t i = 0; i < run.size(); ++i)
                    copy_bytes(buffer.data() + i * kPage, {run[i].content, kPage});
                TRY(image_.write(offset, std::span(buffer).first(length)));
                testing::reached("transaction.page_written");
                return {};
            });
    }

    Image& image_;
    std::size_t page_limit_;
    Pages pages_; ///< changed and not yet committed, by number
    bool changed_ = false;
    bool over_ = false;
};

} // namespace

Result<std::unique_ptr<TransactionBlock>> TransactionBlock::begin(Image& image, std::size_t page_limit_bytes) {
    if (!image.writable()) return fail("disk.read_only", {{"path", image.path()}});
    if (platform::file_exists(journal_path(image.path())))
        return fail("disk.leftover_journal", {{"path", image.path()}, {"journal", journal_path(image.path())}});
    TRY(image.trim_file());
    return std::make_unique<Transaction>(image, page_limit_bytes);
}

std::string journal_path(const std::string& image_path) {
    return path_beside(image_path, ".exhyperv-journal");
}

bool has_leftover_journal(const std::string& image_path) {
    return platform::file_exists(journal_path(image_path)) || has_undo_marker(image_path) ||
           was_left_online(image_path);
}

Error leftover_journal_error(const std::string& image_path) {
    auto left = journal_path(image_path);
    if (!platform::file_exists(left)) left = undo_marker_path(image_path);
    if (!platform::file_exists(left)) left = path_beside(image_path, kOnlineSuffix);
    return {"disk.leftover_journal", {{"path", image_path}, {"journal", std::move(left)}}, {}, {}, {}};
}

Result<LeftoverJournal> recover_journal(Image& image) {
    const auto path = journal_path(image.path());
    if (!platform::file_exists(path)) return LeftoverJournal::none;
    if (!image.writable()) return fail("disk.read_only", {{"path", image.path()}});
    TRY_ASSIGN(const auto state, inspect_journal(path, image));
    if (state == JournalState::foreign)
        return fail("disk.foreign_journal", {{"path", image.path()}, {"journal", path}});
    if (state == JournalState::whole) {
        image.keep_content_mark(true);
        auto redone = read_journal(path, [&](std::uint64_t offset, std::span<const std::byte> page) -> Result<> {
            if (offset >= image.size()) return {}; // the checksum is right and the size matches: cannot be
            return image.write(offset, page.first(std::min<std::uint64_t>(page.size(), image.size() - offset)));
        });
        if (redone) redone = image.flush();
        image.keep_content_mark(false);
        if (!redone) return fail(std::move(redone).error());
    }
    TRY(Transaction::drop_journal(path));
    return state == JournalState::whole ? LeftoverJournal::redone : LeftoverJournal::dropped;
}

} // namespace exhyperv::guest
