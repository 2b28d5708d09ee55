#include "guest/hive/hive_header.h"

#include <cstring>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kFirstSequence = 4, kSecondSequence = 8, kBinsLength = 40, kChecksum = 508;

std::uint32_t word(std::span<const std::byte> data, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= std::to_integer<std::uint32_t>(data[at + i]) << (8 * i);
    return value;
}

} // namespace

std::uint32_t hive_checksum(std::span<const std::byte> base_block) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < kChecksum; at += 4)
        sum ^= word(base_block, at);
    if (sum == 0) return 1;
    if (sum == 0xffffffffu) return 0xfffffffeu;
    return sum;
}

Result<> check_hive_header(std::span<const std::byte> content) {
    if (content.size() < kHiveBaseBlock) return fail("hive.corrupt", {{"reason", "shorter than its header"}});
    if (std::memcmp(content.data(), "regf", 4) != 0) return fail("hive.corrupt", {{"reason", "no regf signature"}});
    if (word(content, kFirstSequence) != word(content, kSecondSequence))
        return fail("hive.dirty", {{"reason", "sequence numbers differ"}});
    if (word(content, kChecksum) != hive_checksum(content))
        return fail("hive.dirty", {{"reason", "header checksum wrong"}});
    auto bins = word(content, kBinsLength);
    if (bins == 0 || bins % 4096 != 0 || bins > content.size() - kHiveBaseBlock)
        return fail("hive.corrupt", {{"reason", "shorter than its header says"}});
    return {};
}

} // namespace exhyperv::guest
