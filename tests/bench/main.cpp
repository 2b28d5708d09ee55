#include "benches.h"

#include "support/strings.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace {

namespace fs = std::filesystem;
using namespace exhyperv;

constexpr struct {
    std::string_view name;
    Result<> (*run)(const bench::Setting&, bool& met);
} kBenches[] = {{"registry", bench::bench_registry}, {"cli", bench::bench_cli},   {"server", bench::bench_server},
                {"import", bench::bench_import},     {"sync", bench::bench_sync}, {"memory", bench::bench_memory}};

/// `only` empty: all of them.
int run(const bench::Setting& setting, std::string_view only) {
    bool met = true;
    for (const auto& bench : kBenches) {
        if (!only.empty() && only != bench.name) continue;
        if (auto done = bench.run(setting, met); !done) {
            fmt::print(stderr, "The benchmark failed: {}\n", describe(done.error()));
            return 2;
        }
    }
    fmt::print("{}\n", met ? "Every goal that could be measured here is met." : "Some goals are not met.");
    return met ? 0 : 1;
}

} // namespace

sim::PackageSpec bench::package_of(const Setting& setting) {
    sim::PackageSpec spec;
    spec.size = setting.small ? sim::PackageSize::small : sim::PackageSize::full;
    return spec;
}

int main(int count, char** words) {
    if (count < 2 || count > 3) {
        fmt::print(stderr, "Usage: {} <exhyperv program> [registry|cli|server|import|sync|memory]\n", words[0]);
        return 2;
    }
    const char* base = std::getenv("EXHYPERV_BENCH_DIR");
    const char* rounds = std::getenv("EXHYPERV_BENCH_ROUNDS");
    std::string pattern = (base ? fs::path(base) : fs::temp_directory_path()) / "exhyperv-bench-XXXXXX";
    if (!::mkdtemp(pattern.data())) {
        fmt::print(stderr, "No directory can be made at {}\n", pattern);
        return 2;
    }
    bench::Setting setting;
    setting.directory = pattern;
    setting.program = fs::absolute(words[1]);
    setting.rounds = rounds ? int(parse_u64(rounds).value_or(3)) : 3;
    setting.small = std::getenv("EXHYPERV_BENCH_SMALL") != nullptr;
    int status = run(setting, count == 3 ? words[2] : "");
    std::error_code ignored;
    fs::remove_all(pattern, ignored);
    return status;
}
