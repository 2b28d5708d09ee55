#pragma once

#include "guest/image.h"

#include <functional>
#include <span>
#include <vector>

namespace exhyperv::guest {

// The redo journal of a commit. All integers little-endian.
//   0  "EXHVJRNL", u32 version 1, u32 page size 4096, u64 pages, u64 disk size, disk id (16), content mark (64,
//   zero-padded) then for each page: u64 offset on the disk, 4096 bytes then u64 XXH3 of everything before
// A page that reaches over the end of the disk is cut off there when it is redone.

inline constexpr std::size_t kJournalPage = 4096;

struct JournalPage {
    std::uint64_t offset = 0;
    const std::byte* content = nullptr; ///< kJournalPage bytes
};

/// Creates the file, which must not exist, and makes it durable with its name. A failure leaves no file behind.
[[nodiscard]] Result<> write_journal(const std::string& path, const Image& image, std::span<const JournalPage> pages);

enum class JournalState {
    incomplete, ///< its writer was killed: nothing of it has reached the disk
    foreign,    ///< whole, but made for another disk or another state of it
    whole,
};
/// Judges the journal without changing anything. The image must be unchanged since it was opened.
[[nodiscard]] Result<JournalState> inspect_journal(const std::string& path, const Image& image);
/// Hands out the pages of a whole journal, in order.
[[nodiscard]] Result<>
read_journal(const std::string& path,
             const std::function<Result<>(std::uint64_t offset, std::span<const std::byte> page)>& sink);

} // namespace exhyperv::guest
