#include "guest/hive/hive_header.h"
#include "guest/hive/hive_log.h"
#include "guest/hive/marvin32.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using Bytes = std::vector<std::byte>;

void put(Bytes& data, std::size_t at, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size && at + i < data.size(); ++i)
        data[at + i] = static_cast<std::byte>(value >> (8 * i));
}

/// Checksums and hashes are no hurdle for somebody who writes logs: they are made right, so that what is behind them is
/// reached.
void seal(Bytes& log) {
    using namespace exhyperv::guest;
    if (log.size() < kHiveLogStart + 512) return;
    std::memcpy(log.data(), "regf", 4);
    put(log, 28, kHiveLogFileType, 4);
    put(log, 508, hive_checksum(log), 4);
    for (std::size_t at = kHiveLogStart; at + 512 <= log.size();) {
        std::uint32_t size = 0;
        std::memcpy(&size, log.data() + at + 4, 4);
        size = size % 8 * 512;
        if (size == 0 || size > log.size() - at) break;
        std::memcpy(log.data() + at, "HvLE", 4);
        put(log, at + 4, size, 4);
        const std::span<const std::byte> entry(log.data() + at, size);
        put(log, at + 24, marvin32(kHiveLogSeed, entry.subspan(kHiveLogEntryHeader)), 8);
        put(log, at + 32, marvin32(kHiveLogSeed, entry.first(32)), 8);
        at += size;
    }
}

} // namespace

/// A guest's hive and its logs are whatever the guest made of them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace exhyperv::guest;
    const auto third = size / 3;
    const auto* bytes = reinterpret_cast<const std::byte*>(data);
    Bytes hive(kHiveBaseBlock + 4096), log1(bytes, bytes + third), log2(bytes + third, bytes + 2 * third);
    std::memcpy(hive.data(), bytes + 2 * third, std::min(size - 2 * third, hive.size()));
    std::memcpy(hive.data(), "regf", 4);
    std::memcpy(hive.data() + kHiveBaseBlock, "hbin", 4);
    put(hive, 508, hive_checksum(hive), 4);
    seal(log1);
    seal(log2);
    const auto most = hive.size() + log1.size() + log2.size();
    const auto replayed = replay_hive_logs(hive, log1, log2);
    if (replayed && (replayed->size() > most || !check_hive_header(*replayed))) std::abort();
    return 0;
}
