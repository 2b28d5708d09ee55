#include "hive_tools.h"

#include "guest/hive/hive_header.h"
#include "guest/hive/hive_log.h"
#include "guest/hive/marvin32.h"
#include "transport/sim/material/hive_logs.h"

#include <algorithm>

namespace exhyperv::guest {
namespace {

using namespace testing;
using Bytes = std::vector<std::byte>;

Bytes bytes(std::initializer_list<int> values) {
    Bytes out;
    for (const int value : values)
        out.push_back(static_cast<std::byte>(value));
    return out;
}

/// Synthesized: a hive before and after `changes` changes, each larger than the one before it.
std::vector<Bytes> states(int changes) {
    auto hive = open_hive(make_empty_hive("SYSTEM"));
    merge(hive, {set_string("Select", "Note", "before"), set_dword("ControlSet001\\Services\\old", "Start", 3)});
    std::vector<Bytes> out{*hive.content()};
    for (int i = 0; i < changes; ++i) {
        std::vector<HiveEdit> edits{set_dword("Select", "Change", static_cast<std::uint32_t>(i))};
        for (int k = 0; k < 40 * (i + 1); ++k)
            edits.push_back(set_string("ControlSet001\\Services\\new" + std::to_string(i), "v" + std::to_string(k),
                                       std::string(90, 'a')));
        merge(hive, edits);
        out.push_back(*hive.content());
    }
    return out;
}

std::string exported(const Bytes& content) {
    return HiveFile(content).run("hivexregedit --export --prefix 'HKEY_LOCAL_MACHINE\\SYSTEM' {} '\\'").text;
}

std::string reason_of(const Result<Bytes>& result) {
    return result ? "" : result.error().code + ": " + *result.error().arg("reason");
}

void reseal(Bytes& header, std::size_t at, int value) {
    header[at] = static_cast<std::byte>(value);
    const auto sum = hive_checksum(header);
    for (std::size_t i = 0; i < 4; ++i)
        header[508 + i] = static_cast<std::byte>(sum >> (8 * i));
}

} // namespace

// Published test vectors of the hash.
TEST(Marvin32, AgreesWithThePublishedVectors) {
    constexpr std::uint64_t kSeed = 0x004fb61a001bdbcc;
    EXPECT_EQ(marvin32(kSeed, {}), 0x30ed35c100cd3c7du);
    EXPECT_EQ(marvin32(kSeed, bytes({0xaf})), 0x48e73fc77d75ddc1u);
    EXPECT_EQ(marvin32(kSeed, bytes({0xe7, 0x0f})), 0xb5f6e1fc485dbff8u);
    EXPECT_EQ(marvin32(kSeed, bytes({0x37, 0xf4, 0x95})), 0xf0b07c789b8cf7e8u);
    EXPECT_EQ(marvin32(kSeed, bytes({0x86, 0x42, 0xdc, 0x59})), 0x7008f2e87e9cf556u);
    EXPECT_EQ(marvin32(kSeed, bytes({0x15, 0x3f, 0xb7, 0x98, 0x26})), 0xe6c08c6da2afa997u);
}

TEST(HiveLog, ReplayGivesTheHiveAsItWasAfterTheLastChange) {
    NEED("hivexregedit");
    for (const int changes : {1, 2, 5}) {
        const auto all = states(changes);
        const auto logged = sim::log_changes(all);
        ASSERT_EQ(Hive::open(logged.hive).error().code, "hive.dirty");
        const auto replayed = replay_hive_logs(logged.hive, logged.log1, logged.log2);
        ASSERT_TRUE(replayed) << describe(replayed.error());
        ASSERT_TRUE(Hive::open(*replayed));
        const auto seen = exported(*replayed);
        EXPECT_NE(seen.find("new" + std::to_string(changes - 1)), std::string::npos);
        EXPECT_EQ(seen, exported(all.back()));
    }
}

TEST(HiveLog, AnotherReaderAcceptsTheReplayedHive) {
    NEED("regfexport");
    NEED("regfinfo");
    const auto logged = sim::log_changes(states(3));
    const auto replayed = replay_hive_logs(logged.hive, logged.log1, logged.log2);
    ASSERT_TRUE(replayed);
    const HiveFile file(*replayed);
    const auto dump = file.run("regfexport {}");
    EXPECT_EQ(dump.status, 0) << dump.text.substr(0, 1000);
    EXPECT_NE(dump.text.find("new2"), std::string::npos);
    const auto info = file.run("regfinfo {}");
    EXPECT_EQ(info.status, 0);
    EXPECT_EQ(info.text.find("dirty"), std::string::npos) << info.text;
}

TEST(HiveLog, TheOrderOfTheTwoFilesDoesNotMatter) {
    const auto logged = sim::log_changes(states(3));
    const auto one = replay_hive_logs(logged.hive, logged.log1, logged.log2);
    const auto other = replay_hive_logs(logged.hive, logged.log2, logged.log1);
    ASSERT_TRUE(one);
    ASSERT_TRUE(other);
    EXPECT_EQ(*one, *other);
}

TEST(HiveLog, ATornLastEntryIsLeftOutAsWindowsDoes) {
    const auto all = states(3);
    auto logged = sim::log_changes(all);
    const auto whole = logged.log2.size();
    for (const std::size_t cut : {std::size_t{4096 + 8}, std::size_t{4096 + 5000}}) {
        auto log2 = logged.log2;
        log2[whole - cut] ^= std::byte{0xff};
        const auto replayed = replay_hive_logs(logged.hive, logged.log1, log2);
        ASSERT_TRUE(replayed) << describe(replayed.error());
        EXPECT_EQ(open_hive(*replayed).value("Select", "Change").value()->data,
                  open_hive(all[2]).value("Select", "Change").value()->data);
    }
}

TEST(HiveLog, LogsThatDoNotFitAreRefused) {
    const auto logged = sim::log_changes(states(3));
    EXPECT_EQ(reason_of(replay_hive_logs(logged.hive, {}, {})), "hive.dirty: its log files are empty or missing");
    EXPECT_EQ(reason_of(replay_hive_logs(logged.hive, {}, logged.log2)), "hive.dirty: its logs begin too late");
    EXPECT_EQ(reason_of(replay_hive_logs(logged.hive, logged.log1, logged.log1)), "hive.dirty: its logs have a gap");

    auto ahead = logged.hive; // the hive had begun to write more than the logs hold
    reseal(ahead, 4, std::to_integer<int>(ahead[4]) + 9);
    EXPECT_EQ(reason_of(replay_hive_logs(ahead, logged.log1, logged.log2)), "hive.dirty: its logs end too early");

    auto later = logged.hive; // the logs are of an earlier time
    reseal(later, 8, std::to_integer<int>(later[8]) + 40);
    EXPECT_EQ(reason_of(replay_hive_logs(later, logged.log1, logged.log2)),
              "hive.dirty: its logs hold no later change");

    auto torn = logged.log1;
    torn[600] ^= std::byte{1};
    EXPECT_EQ(reason_of(replay_hive_logs(logged.hive, torn, {})), "hive.dirty: its logs hold no later change");

    auto broken = logged.hive;
    broken[20] ^= std::byte{1};
    EXPECT_EQ(reason_of(replay_hive_logs(broken, logged.log1, logged.log2)), "hive.dirty: header checksum wrong");

    auto large = open_hive(make_empty_hive("SYSTEM")); // logs of a hive whose first bins this one does not have
    std::vector<Bytes> of_large;
    for (int round = 0; round < 2; ++round) {
        std::vector<HiveEdit> edits;
        for (int i = 0; i < (round == 0 ? 4000 : 1); ++i)
            edits.push_back(set_string("Key" + std::to_string(round), "v" + std::to_string(i), std::string(60, 'b')));
        merge(large, edits);
        of_large.push_back(*large.content());
    }
    auto foreign = sim::log_changes(of_large);
    foreign.hive.resize(kHiveBaseBlock + 4096);
    const auto other = replay_hive_logs(foreign.hive, foreign.log1, foreign.log2);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, "hive.dirty");
}

/// Hashes hold whatever an attacker writes: the fields themselves must be bounded.
TEST(HiveLog, HostileEntriesNeitherCrashNorTakeMemory) {
    const auto logged = sim::log_changes(states(1));
    const auto forged = [&](std::size_t at, std::uint32_t value) {
        auto log = logged.log1;
        const auto put = [&](std::size_t place, std::uint64_t number, std::size_t size) {
            for (std::size_t i = 0; i < size; ++i)
                log[kHiveLogStart + place + i] = static_cast<std::byte>(number >> (8 * i));
        };
        const std::size_t size = log.size() - 4096 - kHiveLogStart;
        put(at, value, 4);
        const std::span<const std::byte> entry(log.data() + kHiveLogStart, size);
        put(24, marvin32(kHiveLogSeed, entry.subspan(kHiveLogEntryHeader)), 8);
        put(32, marvin32(kHiveLogSeed, entry.first(32)), 8);
        return log;
    };
    for (const std::size_t field : {std::size_t{4}, std::size_t{16}, std::size_t{20}, std::size_t{40}, std::size_t{44}})
        for (const std::uint32_t value : {0u, 1u, 512u, 0x7fff'f000u, 0xffff'f000u, 0xffff'ffffu}) {
            const auto result = replay_hive_logs(logged.hive, forged(field, value), {});
            EXPECT_LE(result ? result->size() : 0, logged.hive.size() + logged.log1.size());
        }
    for (std::size_t cut = 0; cut < logged.log1.size(); cut += 97)
        (void)replay_hive_logs(logged.hive, std::span(logged.log1).first(cut), {});
}

} // namespace exhyperv::guest
