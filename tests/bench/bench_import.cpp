#include "benches.h"
#include "measure.h"
#include "store_host.h"

#include "drivers/import.h"
#include "guest/format.h"
#include "guest/image.h"
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
    std::string repository, package, vhdx, copy, volume, mount_point;
    std::uint64_t data_bytes = 0, grown_bytes = 0;
    Series copying, importing, again, fuse;
    std::string fuse_problem;

    explicit ImportBench(const Setting& s) : setting(s) {
        spec.size = sim::PackageSize::full;
        repository = s.directory + "/FileRepository";
        package = repository + "/" + sim::store_packages(spec).front().directory;
        vhdx = s.directory + "/guest.vhdx";
        copy = s.directory + "/copy";
        volume = s.directory + "/volume.raw";
        mount_point = s.directory + "/mnt";
    }

    Result<> prepare() {
        TRY(sim::make_driver_package(repository, spec));
        for (const auto& entry : fs::recursive_directory_iterator(package)) {
            if (entry.is_regular_file()) data_bytes += entry.file_size();
        }
        return shell("cat " + shell_quoted(package) + "/* > /dev/null 2>&1; sync"); // every way reads it from memory
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
        if (done.files_written < 1200 || !done.failed_files.empty())
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

    Result<> copy_round() {
        TRY(shell("sync"));
        TRY(measure(copying, [&] {
            return shell(fmt::format("cp -r {} {} && sync -f {}", shell_quoted(package), shell_quoted(copy),
                                     shell_quoted(copy)));
        }));
        fs::remove_all(copy);
        return {};
    }

    /// As a plain user would have it: the volume mounted by ntfs-3g, files copied with cp, unmounted.
    Result<> fuse_round() {
        if (!fuse_problem.empty()) return {};
        {
            guest::CreateOptions options;
            options.format = guest::ImageFormat::raw;
            options.size = guest::ntfs_template_for_disk(20ull << 30);
            TRY_ASSIGN(auto image, guest::create_image(volume, options));
            TRY(guest::format_ntfs(*image, 0, options.size, {}));
            TRY(image->flush());
        }
        fs::create_directories(mount_point);
        TRY(shell("sync"));
        std::string mount = fmt::format("ntfs-3g {} {} > {} 2>&1", shell_quoted(volume), shell_quoted(mount_point),
                                        shell_quoted(setting.directory + "/fuse.log"));
        if (!shell(mount)) {
            fuse_problem = "ntfs-3g cannot mount here (no root, no /dev/fuse or no FUSE in the kernel)";
            fs::remove(volume);
            return {};
        }
        auto copied = measure(fuse, [&] {
            return shell(fmt::format("cp -r {} {} && umount {} && sync -f {}", shell_quoted(package),
                                     shell_quoted(mount_point), shell_quoted(mount_point), shell_quoted(volume)));
        });
        if (!copied) (void)shell("umount -l " + shell_quoted(mount_point));
        fs::remove(volume);
        return copied;
    }

    void print(bool& met) {
        double megabytes = double(data_bytes) / 1e6;
        fmt::print("Package: {:.0f} MB, into a 20 GB dynamic VHDX. Medians of {} interleaved rounds.\n", megabytes,
                   setting.rounds);
        fmt::print("  cp -r on the host file system, flushed: {} ({:.0f} MB/s)\n", copying.text(),
                   megabytes / copying.median());
        fmt::print("  import, committed:                      {} ({:.0f} MB/s)\n", importing.text(),
                   megabytes / importing.median());
        if (!fuse.empty())
            fmt::print("  ntfs-3g over FUSE, unmounted:           {} ({:.0f} MB/s)\n", fuse.text(),
                       megabytes / fuse.median());
        double against_cp = copying.median() / importing.median(), growth = double(grown_bytes) / double(data_bytes);
        met &= report("import: speed against cp -r", fmt::format("{:.2f} x", against_cp), ">= 1 x", against_cp >= 1);
        if (fuse.empty()) {
            report_missing("import: speed against ntfs-3g over FUSE", fuse_problem);
        } else {
            double against_fuse = fuse.median() / importing.median();
            met &= report("import: speed against ntfs-3g over FUSE", fmt::format("{:.1f} x", against_fuse), ">= 8 x",
                          against_fuse >= 8);
        }
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
        TRY(bench.copy_round());
        if (!import_first) TRY(bench.import_round());
        TRY(bench.fuse_round());
    }
    bench.print(met);
    fs::remove_all(bench.repository);
    return {};
}

} // namespace exhyperv::bench
