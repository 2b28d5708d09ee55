#pragma once

#include "support/result.h"

#include <string>

namespace exhyperv::bench {

struct Setting {
    std::string directory; ///< empty at the start, for anything big
    std::string program;   ///< the built exhyperv
    int rounds = 3;
};

// Each prints its lines; `met` becomes false when a goal is missed.

/// Import of a 1.5 GB, 1,200-file package into a 20 GB dynamic VHDX, against cp -r and ntfs-3g over FUSE; the unchanged
/// re-run.
Result<> bench_import(const Setting& setting, bool& met);
/// Merging 5,000 values into a guest's SYSTEM hive.
Result<> bench_registry(const Setting& setting, bool& met);
/// `exhyperv --version` cold, `vm list` with 500 VMs.
Result<> bench_cli(const Setting& setting, bool& met);
/// Requests per second and p99 of the cached inventory against a constant; events to 200 open pages. Needs wrk;
/// EXHYPERV_BENCH_SECONDS (30) sets how long each run is.
Result<> bench_server(const Setting& setting, bool& met);

} // namespace exhyperv::bench
