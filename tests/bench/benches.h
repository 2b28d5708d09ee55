#pragma once

#include "support/result.h"
#include "transport/sim/material/driver_store.h"

#include <string>

namespace exhyperv::bench {

struct Setting {
    std::string directory; ///< empty at the start, for anything big
    std::string program;   ///< the built exhyperv
    int rounds = 3;
    bool small = false; ///< a package of a few MB: to see that the benchmarks run, their figures say nothing
};

/// The package that is imported: 1.5 GB in 1,200 files, or the small one.
[[nodiscard]] sim::PackageSpec package_of(const Setting& setting);

// Each prints its lines; `met` becomes false when a goal is missed.

/// Import of a 1.5 GB, 1,200-file package into a 20 GB dynamic VHDX, against cp -r, dd, ntfs-3g over FUSE and
/// guestfish; the unchanged re-run.
Result<> bench_import(const Setting& setting, bool& met);
/// A host driver of which 3 % of the files changed: bytes written and time against the whole import.
Result<> bench_sync(const Setting& setting, bool& met);
/// The most memory that `exhyperv guest import` takes, for the small package and for the whole one.
Result<> bench_memory(const Setting& setting, bool& met);
/// Merging 5,000 values into a guest's SYSTEM hive.
Result<> bench_registry(const Setting& setting, bool& met);
/// `exhyperv --version` cold, `vm list` with 500 VMs.
Result<> bench_cli(const Setting& setting, bool& met);
/// Requests per second and p99 of the cached inventory against a constant; events to 200 open pages. Needs wrk;
/// EXHYPERV_BENCH_SECONDS (30) sets how long each run is.
Result<> bench_server(const Setting& setting, bool& met);

} // namespace exhyperv::bench
