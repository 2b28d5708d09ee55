#include "benches.h"
#include "measure.h"

#include "transport/sim/material/guest_image.h"

#include <filesystem>
#include <fmt/format.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace exhyperv::bench {

namespace {

namespace fs = std::filesystem;

/// Runs `exhyperv guest import` and gives the most memory it had, in bytes (ru_maxrss).
Result<std::uint64_t> peak_of_import(const Setting& setting, const std::string& image, const std::string& store) {
    const auto log = setting.directory + "/import.log";
    const pid_t child = ::fork();
    if (child == 0) {
        const int out = ::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        ::dup2(out, 1);
        ::dup2(out, 2);
        ::execl(setting.program.c_str(), setting.program.c_str(), "guest", "import", image.c_str(), "--driver-store",
                store.c_str(), "--card", "PCI\\VEN_10DE&DEV_2786", "--yes", static_cast<char*>(nullptr));
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    if (child < 0 || ::wait4(child, &status, 0, &usage) < 0 || status != 0) {
        (void)shell("cat " + shell_quoted(log));
        return fail("bench.command_failed", {{"command", "exhyperv guest import"}, {"status", std::to_string(status)}});
    }
    return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

Result<> bench_one(const Setting& setting, sim::PackageSize size, sim::GuestContent content, const char* what,
                   bool& met) {
    constexpr std::uint64_t kGoal = 64ull << 20;
    sim::PackageSpec package;
    package.size = size;
    sim::GuestSpec guest;
    guest.content = content;
    const auto store = setting.directory + "/FileRepository", image = setting.directory + "/guest.vhdx";
    TRY(sim::make_driver_package(store, package));
    TRY(sim::make_guest_image(image, guest));
    TRY_ASSIGN(const auto peak, peak_of_import(setting, image, store));
    met &= report(fmt::format("memory of guest import, {}", what), fmt::format("{:.1f} MiB", double(peak) / (1u << 20)),
                  "< 64 MiB", peak < kGoal);
    fs::remove(image);
    fs::remove_all(store);
    return {};
}

} // namespace

Result<> bench_memory(const Setting& setting, bool& met) {
    using enum sim::GuestContent;
    TRY(bench_one(setting, sim::PackageSize::small, windows, "3 MB into Windows", met));
    if (setting.small) return {};
    TRY(bench_one(setting, sim::PackageSize::full, windows, "1.5 GB into Windows", met));
    return bench_one(setting, sim::PackageSize::full, linux_root, "1.5 GB into Linux", met);
}

} // namespace exhyperv::bench
