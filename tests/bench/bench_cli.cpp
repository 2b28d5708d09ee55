#include "benches.h"
#include "measure.h"

#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

namespace exhyperv::bench {

namespace {

/// Takes a file's pages out of memory, so that the next start reads it from the disk.
void evict(const std::string& path) {
    int file = ::open(path.c_str(), O_RDONLY);
    if (file < 0) return;
    ::fdatasync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

} // namespace

Result<> bench_cli(const Setting& setting, bool& met) {
    if (!std::filesystem::exists(setting.program)) {
        report_missing("exhyperv --version, vm list", "the program is not built (make build)");
        return {};
    }
    std::string data = setting.directory + "/data";
    std::string program = "EXHYPERV_DATA_DIR=" + shell_quoted(data) + " " + shell_quoted(setting.program);
    Series nothing, cold, warm, list;
    for (int round = 0; round < setting.rounds * 5; ++round) {
        TRY(measure(nothing, [] { return shell("/bin/true"); }));
        evict(setting.program);
        TRY(measure(cold, [&] { return shell(program + " --version > /dev/null"); }));
        TRY(measure(warm, [&] { return shell(program + " --version > /dev/null"); }));
    }
    fmt::print("Starting a program that does nothing through the shell: {} (included in the next figures)\n",
               nothing.text());
    met &= report("exhyperv --version, program file not in memory", cold.text(), "< 15 ms", cold.median() < 0.015);
    fmt::print("  in memory: {}\n", warm.text());

    std::string command = program + " --host 'sim:large?vms=500' vm list > /dev/null";
    TRY(shell(command)); // makes the world
    for (int round = 0; round < setting.rounds * 5; ++round)
        TRY(measure(list, [&] { return shell(command); }));
    met &= report("exhyperv vm list, 500 VMs", list.text(), "< 50 ms", list.median() < 0.050);

    Series devices;
    command = program + " --host 'sim:large?vms=500' device list > /dev/null";
    for (int round = 0; round < setting.rounds * 5; ++round)
        TRY(measure(devices, [&] { return shell(command); }));
    met &= report("exhyperv device list, 200 PCI functions, 500 VMs", devices.text(), "< 100 ms",
                  devices.median() < 0.100);
    return {};
}

} // namespace exhyperv::bench
