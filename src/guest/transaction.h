#pragma once

#include "guest/image.h"

#include <memory>
#include <string>

namespace exhyperv::guest {

/// Page cache with a redo journal over an image: what makes a change of a guest disk atomic (guest-disk.md §5).
///
/// write() keeps pages in memory (metadata); write_data() goes straight to the disk, and is only for clusters that were
/// free before the transaction. commit(): data is flushed, the dirty pages go to the journal file beside the image
/// ("<image>.exhyperv-journal": pages, checksum, flush), then in place, flush, journal removed. A kill at any byte
/// leaves the disk as it was, or complete once the journal is redone. abort() forgets the pages and cuts the image file
/// back. flush() does nothing: only commit() makes anything durable. One thread at a time.
class TransactionBlock : public Block {
  public:
    /// `image` must outlive this object and be used through it alone. `page_limit_bytes` bounds the memory of dirty
    /// pages: `disk.transaction_too_large` above it. Cuts off what a killed process appended to the image and never
    /// referenced. `disk.leftover_journal` when recover_journal() has to run first; `disk.read_only`.
    static Result<std::unique_ptr<TransactionBlock>> begin(Image& image, std::size_t page_limit_bytes = 512u << 20);

    /// Not through the page cache: the file takes it at once. read() sees it like everything else.
    [[nodiscard]] virtual Result<> write_data(std::uint64_t offset, std::span<const std::byte> data) = 0;
    /// The object can be used on afterwards: the next write begins the next transaction. When it fails before the
    /// journal is complete, the disk is as it was and abort() may follow. When it fails later, the journal stays for
    /// recover_journal() and this object refuses everything (`disk.transaction_over`).
    [[nodiscard]] virtual Result<> commit() = 0;
    /// Also what the destructor does when neither commit() nor abort() came after the last write.
    [[nodiscard]] virtual Result<> abort() = 0;
    [[nodiscard]] virtual std::size_t dirty_bytes() const = 0;
};

enum class LeftoverJournal { none, redone, dropped };

/// The journal file's name for an image: beside the file itself, also when it is reached through symbolic links.
[[nodiscard]] std::string journal_path(const std::string& image_path);
/// Deals with what a killed commit left: a complete journal (checksum right, made for this image) is redone, an
/// incomplete one is dropped. Needs the image open for writing. Never touches the image when the journal belongs to
/// another one, or when the image was written after the journal: `disk.foreign_journal`.
[[nodiscard]] Result<LeftoverJournal> recover_journal(Image& image);
/// Is there a journal beside this image, or the marker of an undo log on its volume (block/undo_marker.h)? The VM must
/// not be started while there is.
[[nodiscard]] bool has_leftover_journal(const std::string& image_path);
/// `disk.leftover_journal`, naming the file that says so.
[[nodiscard]] Error leftover_journal_error(const std::string& image_path);

} // namespace exhyperv::guest
