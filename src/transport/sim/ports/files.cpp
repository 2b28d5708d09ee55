#include "transport/sim/ports/files.h"

#include "platform/file.h"
#include "support/strings.h"

#include <chrono>
#include <filesystem>

namespace exhyperv::sim {

namespace fs = std::filesystem;

namespace {

/// Making a disk or a package takes seconds at most, whatever the caller's own deadline for a look at a path is.
constexpr auto kMakingTime = std::chrono::seconds(120);

std::uint64_t filetime(fs::file_time_type when) {
    auto unix_time = std::chrono::file_clock::to_sys(when).time_since_epoch();
    auto ticks = std::chrono::duration_cast<std::chrono::nanoseconds>(unix_time).count() / 100;
    return static_cast<std::uint64_t>(ticks + 116'444'736'000'000'000);
}

Result<> walk(const fs::path& directory, const std::string& prefix, std::size_t limit, bool deep,
              const CallContext& context, std::vector<host::HostFiles::Entry>& out) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
        entries.push_back(*it);
    if (error)
        return fail(
            Error{"file.io", {{"path", directory.string()}}, {NativeKind::posix, error.value()}, {}, error.message()});
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
        return ILess{}(a.path().filename().string(), b.path().filename().string());
    });
    for (const auto& entry : entries) {
        TRY(context.check("list the files of the host"));
        if (out.size() >= limit)
            return fail("host.too_many_files", {{"directory", directory.string()}, {"limit", std::to_string(limit)}});
        host::HostFiles::Entry found{prefix + entry.path().filename().string(),
                                     entry.is_directory(error) && !entry.is_symlink(error), 0, 0};
        if (!found.directory) found.size = entry.file_size(error);
        found.modified = filetime(entry.last_write_time(error));
        const auto next = found.directory && deep ? found.path + "\\" : std::string();
        out.push_back(std::move(found));
        if (!next.empty()) TRY(walk(entry.path(), next, limit, deep, context, out));
    }
    return {};
}

} // namespace

Result<> SimFiles::furnish(const std::string& path, const CallContext& context) const {
    if (workshop_.tree().empty()) return {};
    bool needed = false;
    auto looked = keeper_.read(context, [&](const World& world, std::int64_t) -> Result<> {
        needed = Workshop::pending(world, path);
        return {};
    });
    TRY(std::move(looked));
    if (!needed) return {};
    CallContext making{Deadline::after(kMakingTime), context.cancel};
    return keeper_.change(making, [&](World& world, std::int64_t) { return workshop_.make(world, path); });
}

Result<std::vector<host::HostFiles::Entry>> SimFiles::list_tree(const std::string& directory, std::size_t limit,
                                                                const CallContext& context) {
    return read(directory, limit, true, context);
}

Result<std::vector<host::HostFiles::Entry>> SimFiles::list(const std::string& directory, std::size_t limit,
                                                           const CallContext& context) {
    return read(directory, limit, false, context);
}

Result<std::vector<host::HostFiles::Entry>> SimFiles::read(const std::string& directory, std::size_t limit, bool deep,
                                                           const CallContext& context) {
    TRY(context.check("list the files of the host"));
    TRY(furnish(directory, context));
    TRY_ASSIGN(auto local, workshop_.tree().local(directory));
    if (!platform::file_exists(local)) return fail("file.not_found", {{"path", directory}});
    std::vector<Entry> out;
    TRY(walk(local, "", limit, deep, context, out));
    return out;
}

Result<bool> SimFiles::exists(const std::string& path, const CallContext& context) {
    TRY(context.check("look for a file of the host"));
    if (workshop_.tree().empty()) {
        // Without files the world's word counts.
        bool known = false;
        auto looked = keeper_.read(context, [&](const World& world, std::int64_t) -> Result<> {
            known = Workshop::pending(world, path);
            return {};
        });
        TRY(std::move(looked));
        return known;
    }
    TRY(furnish(path, context));
    TRY_ASSIGN(auto local, workshop_.tree().local(path));
    return platform::file_exists(local);
}

Result<std::string> SimFiles::local_path(const std::string& host_path) const {
    TRY(furnish(host_path, CallContext::within(kMakingTime)));
    return workshop_.tree().local(host_path);
}

Result<std::string> SimFiles::driver_store_location(const std::string& inf_name, const CallContext& context) {
    TRY(context.check("look up a driver package"));
    std::string directory;
    auto looked = keeper_.read(context, [&](const World& world, std::int64_t) -> Result<> {
        for (const auto& package : world.packages)
            if (iequals(package.inf, inf_name)) directory = package.directory;
        return {};
    });
    TRY(std::move(looked));
    if (directory.empty()) return fail("host.inf_not_found", {{"inf", inf_name}});
    return std::string(kFileRepository) + "\\" + directory;
}

Result<std::uint64_t> SimFiles::free_space(const std::string& directory, const CallContext& context) {
    TRY(context.check("ask for free space"));
    std::optional<std::uint64_t> told;
    auto looked = keeper_.read(context, [&](const World& world, std::int64_t) -> Result<> {
        told = world.host.free_bytes;
        return {};
    });
    TRY(std::move(looked));
    if (told) return *told;
    TRY_ASSIGN(auto local, workshop_.tree().local(directory));
    return platform::free_space(local);
}

} // namespace exhyperv::sim
