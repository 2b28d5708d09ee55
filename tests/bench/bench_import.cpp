#include "benches.h"
#include "measure.h"
#include "other_ways.h"
#include "store_host.h"

#include "drivers/import.h"
#include "transport/sim/material/guest_image.h"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>

namespace exhyperv::bench {

namespace {

namespace fs = std::filesystem;

struct ImportBench {
    const Setting& setting;
    sim::PackageSpec spec;
    std::string repository, package, vhdx;
    std::uint64_t data_bytes = 0, grown_bytes = 0;
    std::size_t files = 0;
    Series importing, again;
    OtherWays others;

    explicit ImportBench(const Setting& s)
        : setting(s), spec(package_of(s)), repository(s.directory + "/FileRepository"),
          package(repository + "/" + sim::store_packages(spec).front().directory), vhdx(s.directory + "/guest.vhdx"),
          others(package, s.directory) {}

    Result<> prepare() {
        TRY(sim::make_driver_package(repository, spec));
        for (const auto& entry : fs::recursive_directory_iterator(package)) {
            if (!entry.is_regular_file()) continue;
            data_bytes += entry.file_size();
            ++files;
        }
        return others.prepare(); // and with that every way reads it from memory
    }

    /// The whole job on the disk: open, resolve, compare, write, commit.
    Result<> run_import(bool expect_changes) {
        auto context = CallContext::within(std::chrono::minutes(10));
        StoreHost host(repository, spec);
        TRY_ASSIGN(auto resolved, drivers::resolve(host, host, host.card(), context));
        TRY_ASSIGN(auto disk, guest::GuestDisk::open(vhdx, {}));
        TRY_ASSIGN(auto plan, drivers::plan_import(resolved, *disk, {}, context));
        if (plan.nothing_to_do() == expect_changes) return fail("bench.unexpected_plan", {{"disk", vhdx}});
        if (!expect_changes) return {};
        TRY_ASSIGN(auto done, drivers::run_import(*disk, plan, host, {}, context));
        if (done.files_written < files || !done.failed_files.empty())
            return fail("bench.incomplete_import", {{"disk", vhdx}});
        return disk->commit();
    }

    Result<> import_round() {
        TRY(sim::make_guest_image(vhdx, {}));
        std::uint64_t before = fs::file_size(vhdx);
        TRY(shell("sync"));
        TRY(measure(importing, [&] { return run_import(true); }));
        grown_bytes = fs::file_size(vhdx) - before;
        for (int i = 0; i < 3; ++i)
            TRY(measure(again, [&] { return run_import(false); }));
        fs::remove(vhdx);
        return {};
    }

    void print(bool& met) {
        double megabytes = double(data_bytes) / 1e6;
        const auto line = [&](const char* what, const Series& series) {
            if (!series.empty())
                fmt::print("  {:<40} {} ({:.0f} MB/s)\n", what, series.text(), megabytes / series.median());
        };
        fmt::print("Package: {:.0f} MB in {} files, into a 20 GB dynamic VHDX. Medians of {} interleaved rounds.\n",
                   megabytes, files, setting.rounds);
        line("cp -r on the host file system, flushed:", others.copying);
        line("dd of the same bytes, conv=fsync:", others.writing);
        line("import, committed:", importing);
        line("ntfs-3g over FUSE, unmounted:", others.fusing);
        line("guestfish copy-in (once):", others.fishing);
        const auto against = [&](const char* way, const Series& series, const std::string& problem, double goal) {
            const auto what = fmt::format("import: speed against {}", way);
            if (series.empty()) return report_missing(what, problem);
            const double times = series.median() / importing.median();
            met &= report(what, fmt::format("{:.2f} x", times), fmt::format(">= {:g} x", goal), times >= goal);
        };
        against("cp -r", others.copying, {}, 1);
        against("dd with fsync", others.writing, {}, 0.8);
        against("ntfs-3g over FUSE", others.fusing, others.fuse_problem, 10);
        against("guestfish copy-in", others.fishing, others.guestfish_problem, 100);
        const double growth = double(grown_bytes) / double(data_bytes);
        met &= report("import: growth of the VHDX file against the data", fmt::format("{:.2f} x", growth), "<= 1.3 x",
                      growth <= 1.3);
        met &= report("unchanged re-run", again.text(), "< 0.1 s", again.median() < 0.1);
    }
};

} // namespace

Result<> bench_import(const Setting& setting, bool& met) {
    ImportBench bench(setting);
    TRY(bench.prepare());
    for (int round = 0; round < setting.rounds; ++round) {
        // Disks that allow a burst favour who comes first after a rest: each way does so in turn.
        bool import_first = round % 2 == 1;
        if (import_first) TRY(bench.import_round());
        TRY(bench.others.copy());
        TRY(bench.others.dd());
        if (!import_first) TRY(bench.import_round());
        TRY(bench.others.fuse());
    }
    TRY(bench.others.guestfish());
    bench.print(met);
    fs::remove_all(bench.repository);
    return {};
}

} // namespace exhyperv::bench
