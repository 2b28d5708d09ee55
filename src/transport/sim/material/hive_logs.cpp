#include "transport/sim/material/hive_logs.h"

#include "guest/hive/hive_header.h"
#include "guest/hive/hive_log.h"
#include "guest/hive/marvin32.h"

#include <algorithm>
#include <cstdint>

namespace exhyperv::sim {

namespace {

using Bytes = std::vector<std::byte>;
constexpr std::size_t kPage = 4096, kSector = 512;

std::uint32_t get(const Bytes& data, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | std::to_integer<std::uint32_t>(data[at + i]);
    return value;
}

void put(Bytes& data, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        data[at + i] = static_cast<std::byte>(value >> (8 * i));
}

void put_hash(Bytes& data, std::size_t at, std::uint64_t value) {
    put(data, at, static_cast<std::uint32_t>(value));
    put(data, at + 4, static_cast<std::uint32_t>(value >> 32));
}

void seal(Bytes& base_block, std::uint32_t first, std::uint32_t second) {
    put(base_block, 4, first);
    put(base_block, 8, second);
    put(base_block, 508, guest::hive_checksum(base_block));
}

/// The 4 KiB pages of the bins in which the two states differ.
Bytes make_entry(const Bytes& before, const Bytes& after, std::uint32_t sequence) {
    Bytes places, pages;
    const std::size_t bins = after.size() - guest::kHiveBaseBlock;
    std::uint32_t count = 0;
    for (std::size_t at = 0; at < bins; at += kPage) {
        const auto from = guest::kHiveBaseBlock + at;
        const bool same =
            from + kPage <= before.size() && std::equal(after.begin() + static_cast<std::ptrdiff_t>(from),
                                                        after.begin() + static_cast<std::ptrdiff_t>(from + kPage),
                                                        before.begin() + static_cast<std::ptrdiff_t>(from));
        if (same) continue;
        places.resize(places.size() + 8);
        put(places, places.size() - 8, static_cast<std::uint32_t>(at));
        put(places, places.size() - 4, kPage);
        pages.insert(pages.end(), after.begin() + static_cast<std::ptrdiff_t>(from),
                     after.begin() + static_cast<std::ptrdiff_t>(from + kPage));
        ++count;
    }
    Bytes entry(guest::kHiveLogEntryHeader);
    entry[0] = std::byte{'H'}, entry[1] = std::byte{'v'}, entry[2] = std::byte{'L'}, entry[3] = std::byte{'E'};
    entry.insert(entry.end(), places.begin(), places.end());
    entry.insert(entry.end(), pages.begin(), pages.end());
    entry.resize((entry.size() + kSector - 1) / kSector * kSector);
    put(entry, 4, static_cast<std::uint32_t>(entry.size()));
    put(entry, 12, sequence);
    put(entry, 16, static_cast<std::uint32_t>(bins));
    put(entry, 20, count);
    const std::span<const std::byte> whole(entry);
    put_hash(entry, 24, guest::marvin32(guest::kHiveLogSeed, whole.subspan(guest::kHiveLogEntryHeader)));
    put_hash(entry, 32, guest::marvin32(guest::kHiveLogSeed, whole.first(32)));
    return entry;
}

Bytes log_header(const Bytes& hive, std::uint32_t sequence) {
    Bytes out(hive.begin(), hive.begin() + guest::kHiveLogStart);
    put(out, 28, guest::kHiveLogFileType);
    seal(out, sequence, sequence);
    return out;
}

} // namespace

LoggedHive log_changes(std::span<const std::vector<std::byte>> states) {
    LoggedHive out{states.front(), {}, {}};
    const auto written = get(states.front(), 8);
    for (std::size_t i = 1; i < states.size(); ++i) {
        const auto sequence = written + static_cast<std::uint32_t>(i);
        auto& log = i == 1 ? out.log1 : out.log2;
        if (log.empty()) log = log_header(states.front(), sequence);
        const auto entry = make_entry(states[i - 1], states[i], sequence);
        log.insert(log.end(), entry.begin(), entry.end());
    }
    for (auto* log : {&out.log1, &out.log2})
        if (!log->empty()) log->resize(log->size() + 4096); // nothing follows: recovery ends there
    seal(out.hive, written + 1, written);
    return out;
}

} // namespace exhyperv::sim
