#include "guest/hive/hive_log.h"

#include "guest/hive/hive_header.h"
#include "guest/hive/marvin32.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace exhyperv::guest {

namespace {

constexpr std::size_t kSector = 512, kBinUnit = 4096;
constexpr std::size_t kFirstSequence = 4, kSecondSequence = 8, kFileType = 28, kBinsLength = 40, kFlags = 144,
                      kChecksum = 508;

std::uint32_t word(std::span<const std::byte> data, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | std::to_integer<std::uint32_t>(data[at + i]);
    return value;
}

std::uint64_t long_word(std::span<const std::byte> data, std::size_t at) {
    return std::uint64_t{word(data, at + 4)} << 32 | word(data, at);
}

void put_word(std::span<std::byte> data, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        data[at + i] = static_cast<std::byte>(value >> (8 * i));
}

tl::unexpected<Error> dirty(const char* reason) {
    return fail("hive.dirty", {{"reason", reason}});
}

struct Page {
    std::uint32_t offset = 0; ///< from the start of the bins
    std::span<const std::byte> data;
};

struct Entry {
    std::uint32_t sequence = 0, bins = 0, flags = 0;
    std::vector<Page> pages;
};

/// The entry at the start of `rest`; nullopt when there is none, or a torn or foreign one.
std::optional<Entry> read_entry(std::span<const std::byte> rest, std::size_t& size) {
    if (rest.size() < kSector || std::memcmp(rest.data(), "HvLE", 4) != 0) return std::nullopt;
    size = word(rest, 4);
    if (size < kSector || size % kSector != 0 || size > rest.size()) return std::nullopt;
    const auto entry = rest.first(size);
    if (long_word(entry, 32) != marvin32(kHiveLogSeed, entry.first(32)) ||
        long_word(entry, 24) != marvin32(kHiveLogSeed, entry.subspan(kHiveLogEntryHeader)))
        return std::nullopt;
    Entry out{word(entry, 12), word(entry, 16), word(entry, 8), {}};
    const std::size_t count = word(entry, 20);
    if (out.bins == 0 || out.bins % kBinUnit != 0 || count > (size - kHiveLogEntryHeader) / 8) return std::nullopt;
    std::size_t data = kHiveLogEntryHeader + count * 8;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t offset = word(entry, kHiveLogEntryHeader + i * 8),
                          length = word(entry, kHiveLogEntryHeader + i * 8 + 4);
        if (length > size - data || offset > out.bins || length > out.bins - offset) return std::nullopt;
        out.pages.push_back({static_cast<std::uint32_t>(offset), entry.subspan(data, length)});
        data += length;
    }
    return out;
}

/// What a log holds: the first entry has the number its base block announces, each other the next one. It ends with
/// the first entry that is torn or older (a log is written over from its start, old entries stay behind the new ones).
std::vector<Entry> read_log(std::span<const std::byte> log) {
    std::vector<Entry> out;
    if (log.size() < kHiveLogStart + kSector || std::memcmp(log.data(), "regf", 4) != 0 ||
        word(log, kFileType) != kHiveLogFileType || word(log, kChecksum) != hive_checksum(log))
        return out;
    std::size_t at = kHiveLogStart, size = 0;
    while (auto entry = read_entry(log.subspan(at), size)) {
        if (entry->sequence != (out.empty() ? word(log, kFirstSequence) : out.back().sequence + 1)) break;
        out.push_back(std::move(*entry));
        at += size;
    }
    return out;
}

/// The bins follow each other from the first to the last byte, each knowing its own place.
bool bins_are_whole(std::span<const std::byte> bins) {
    std::size_t at = 0;
    while (at < bins.size()) {
        if (bins.size() - at < kBinUnit || std::memcmp(bins.data() + at, "hbin", 4) != 0 || word(bins, at + 4) != at)
            return false;
        const std::size_t size = word(bins, at + 8);
        if (size == 0 || size % kBinUnit != 0 || size > bins.size() - at) return false;
        at += size;
    }
    return true;
}

} // namespace

Result<std::vector<std::byte>> replay_hive_logs(std::vector<std::byte> hive, std::span<const std::byte> log1,
                                                std::span<const std::byte> log2) {
    if (hive.size() < kHiveBaseBlock || std::memcmp(hive.data(), "regf", 4) != 0)
        return fail("hive.corrupt", {{"reason", "no regf signature"}});
    if (word(hive, kChecksum) != hive_checksum(hive)) return dirty("header checksum wrong");
    const std::uint32_t announced = word(hive, kFirstSequence), written = word(hive, kSecondSequence);
    if (log1.empty() && log2.empty()) return dirty("its log files are empty or missing");

    auto entries = read_log(log1);
    for (auto& entry : read_log(log2))
        entries.push_back(std::move(entry));
    std::erase_if(entries, [&](const Entry& entry) { return entry.sequence < written; });
    std::ranges::sort(entries, {}, &Entry::sequence);
    if (entries.empty()) return dirty("its logs hold no later change");
    if (entries.front().sequence > written + 1 || entries.front().sequence < written)
        return dirty("its logs begin too late");
    for (std::size_t i = 1; i < entries.size(); ++i)
        if (entries[i].sequence != entries[i - 1].sequence + 1) return dirty("its logs have a gap");
    if (entries.back().sequence + 1 < announced) return dirty("its logs end too early");

    // Bins only grow by pages that are in the log: whatever an entry claims, memory is bounded by what was read.
    const std::size_t most = hive.size() - kHiveBaseBlock + log1.size() + log2.size();
    std::vector<std::byte> bins(hive.begin() + kHiveBaseBlock, hive.end());
    for (const auto& entry : entries) {
        if (entry.bins > most) return dirty("its logs speak of a larger hive");
        if (entry.bins > bins.size()) bins.resize(entry.bins);
        for (const auto& page : entry.pages)
            std::ranges::copy(page.data, bins.begin() + page.offset);
    }
    bins.resize(entries.back().bins);
    if (!bins_are_whole(bins)) return dirty("its logs do not belong to it");

    hive.resize(kHiveBaseBlock);
    // Above every number seen, so that nothing left in the logs can be taken for a later change.
    const auto sequence = std::max(entries.back().sequence, announced) + 1;
    put_word(hive, kFirstSequence, sequence);
    put_word(hive, kSecondSequence, sequence);
    put_word(hive, kBinsLength, static_cast<std::uint32_t>(bins.size()));
    put_word(hive, kFlags, (word(hive, kFlags) & ~1u) | (entries.back().flags & 1u)); // the one bit that a log carries
    put_word(hive, kChecksum, hive_checksum(hive));
    hive.insert(hive.end(), bins.begin(), bins.end());
    return hive;
}

} // namespace exhyperv::guest
