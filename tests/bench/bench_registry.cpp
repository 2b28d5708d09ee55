#include "benches.h"
#include "measure.h"

#include "guest/hive.h"
#include "support/utf.h"
#include "transport/sim/material/windows_hives.h"

#include <fmt/format.h>

namespace exhyperv::bench {

namespace {

std::vector<guest::HiveEdit> edits(std::size_t keys, std::size_t values_each) {
    std::vector<guest::HiveEdit> all;
    for (std::size_t key = 0; key < keys; ++key) {
        for (std::size_t i = 0; i < values_each; ++i) {
            auto data = to_utf16le_bytes(
                fmt::format("C:\\Windows\\System32\\HostDriverStore\\FileRepository\\pkg\\file{:04}.dll", i));
            data.resize(data.size() + 2);
            all.push_back({guest::HiveEdit::Kind::set_value,
                           fmt::format("ControlSet001\\Services\\bench\\Key{:03}", key),
                           {fmt::format("Value{:04}", i), 1, std::move(data)}});
        }
    }
    return all;
}

} // namespace

Result<> bench_registry(const Setting& setting, bool& met) {
    TRY_ASSIGN(auto hives, sim::windows_hives({}));
    const auto& system = hives.front().content;
    for (auto [keys, each] : {std::pair<std::size_t, std::size_t>{100, 50}, {1, 5000}}) {
        auto changes = edits(keys, each);
        Series merging, again;
        std::size_t grown = 0;
        for (int round = 0; round < setting.rounds * 3; ++round) {
            std::vector<std::byte> after;
            TRY(measure(merging, [&]() -> Result<> {
                TRY_ASSIGN(auto hive, guest::Hive::open(system));
                TRY_ASSIGN(std::size_t changed, hive.apply(changes));
                if (changed < changes.size()) return fail("bench.incomplete_merge");
                TRY_ASSIGN(after, hive.content());
                return {};
            }));
            grown = after.size() - system.size();
            TRY(measure(again, [&]() -> Result<> {
                TRY_ASSIGN(auto hive, guest::Hive::open(after));
                TRY_ASSIGN(std::size_t changed, hive.apply(changes));
                return changed == 0 ? Result<>{} : fail("bench.changed_again");
            }));
        }
        met &= report(fmt::format("merging 5,000 registry values into {} key{}", keys, keys == 1 ? "" : "s"),
                      merging.text(), "< 0.1 s", merging.median() < 0.1);
        fmt::print("  unchanged again: {}; a {} kB hive grew by {} kB\n", again.text(), system.size() / 1000,
                   grown / 1000);
    }
    return {};
}

} // namespace exhyperv::bench
