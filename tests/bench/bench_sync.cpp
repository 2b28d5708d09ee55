#include "benches.h"
#include "measure.h"
#include "store_host.h"

#include "drivers/import.h"
#include "transport/sim/material/guest_image.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <vector>

namespace exhyperv::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEvery = 33; ///< of 1,200 files every 33rd: 3 %

/// Sets the file's first byte anew and its time to now, as an update that kept the name and size would.
Result<> change(const fs::path& path, int round) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.put(static_cast<char>('a' + round));
    if (!file.flush()) return fail("bench.command_failed", {{"command", "change " + path.string()}, {"status", "-"}});
    return {};
}

Result<drivers::ImportReport> import(const std::string& vhdx, StoreHost& host) {
    auto context = CallContext::within(std::chrono::minutes(10));
    TRY_ASSIGN(auto resolved, drivers::resolve(host, host, host.card(), context));
    TRY_ASSIGN(auto disk, guest::GuestDisk::open(vhdx, {}));
    TRY_ASSIGN(auto plan, drivers::plan_import(resolved, *disk, {}, context));
    TRY_ASSIGN(auto done, drivers::run_import(*disk, plan, host, {}, context));
    TRY(disk->commit());
    return done;
}

} // namespace

Result<> bench_sync(const Setting& setting, bool& met) {
    const auto spec = package_of(setting);
    const auto repository = setting.directory + "/FileRepository", vhdx = setting.directory + "/guest.vhdx";
    TRY(sim::make_driver_package(repository, spec));
    StoreHost host(repository, spec);
    std::vector<fs::path> files;
    for (const auto& entry :
         fs::recursive_directory_iterator(repository + "/" + sim::store_packages(spec).front().directory))
        if (entry.is_regular_file() && entry.path().extension() != ".inf") files.push_back(entry.path());
    std::ranges::sort(files);
    std::uint64_t all = 0, changed = 0, written = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        all += fs::file_size(files[i]);
        changed += i % kEvery == kEvery / 2 ? fs::file_size(files[i]) : 0;
    }

    Series importing, syncing;
    const auto work = [&]() -> Result<> {
        TRY_ASSIGN(const auto done, import(vhdx, host));
        written = done.bytes_written;
        return {};
    };
    for (int round = 0; round < setting.rounds; ++round) {
        TRY(sim::make_guest_image(vhdx, {}));
        TRY(shell("sync"));
        TRY(measure(importing, work));
        for (std::size_t i = kEvery / 2; i < files.size(); i += kEvery)
            TRY(change(files[i], round));
        TRY(shell("sync"));
        TRY(measure(syncing, work));
        fs::remove(vhdx);
    }
    const double share = double(written) / double(all), time = syncing.median() / importing.median();
    fmt::print("Sync of {:.1f} MB that changed in {} of {} files ({:.0f} MB); the import took {}.\n",
               double(changed) / 1e6, (files.size() + kEvery / 2) / kEvery, files.size(), double(all) / 1e6,
               importing.text());
    met &= report("sync: bytes written against what changed",
                  fmt::format("{:.2f} x", double(written) / double(changed)), "<= 1 x", written <= changed);
    met &= report("sync: time against the import",
                  fmt::format("{:.3f} x for {:.3f} of the bytes, {}", time, share, syncing.text()), "<= 3 x the share",
                  time <= 3 * share);
    fs::remove_all(repository);
    return {};
}

} // namespace exhyperv::bench
