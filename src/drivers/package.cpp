#include "drivers/package.h"

#include "drivers/guest_paths.h"
#include "drivers/inf_text.h"
#include "drivers/package_loader.h"
#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::drivers {

std::uint64_t DriverPackage::total_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& file : files)
        sum += file.size;
    return sum;
}

const PackageFile* DriverPackage::file(std::string_view path) const {
    const auto found = std::ranges::find_if(files, [&](const PackageFile& entry) { return iequals(entry.path, path); });
    return found == files.end() ? nullptr : &*found;
}

std::uint64_t ResolvedDrivers::total_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& package : packages)
        sum += package.total_bytes();
    return sum;
}

std::size_t ResolvedDrivers::total_files() const {
    std::size_t sum = 0;
    for (const auto& package : packages)
        sum += package.files.size();
    return sum;
}

namespace {

guest::Architecture architecture_of(std::string_view folder) {
    if (icontains(folder, ".inf_amd64_")) return guest::Architecture::x64;
    if (icontains(folder, ".inf_arm64_")) return guest::Architecture::arm64;
    if (icontains(folder, ".inf_x86_")) return guest::Architecture::x86;
    return guest::Architecture::unknown;
}

/// "nv_dispi.inf_amd64_8f2a…" is named after nv_dispi.inf; otherwise the only INF beside the files.
std::string inf_name_of(const DriverPackage& package) {
    const auto cut = ascii_lower(package.folder).find(".inf_");
    if (cut != std::string::npos) {
        const auto name = package.folder.substr(0, cut + 4);
        if (const auto* file = package.file(name)) return file->path;
    }
    std::string only;
    for (const auto& file : package.files) {
        if (file.path.find('\\') != std::string::npos || !ascii_lower(file.path).ends_with(".inf")) continue;
        if (!only.empty()) return {};
        only = file.path;
    }
    return only;
}

} // namespace

Result<LoadedPackage> load_package(host::HostFiles& files, const std::string& directory, const CallContext& context) {
    DriverPackage package;
    package.directory = backslashes(directory);
    while (package.directory.ends_with('\\'))
        package.directory.pop_back();
    package.folder = leaf_name(package.directory);
    // The folder's name becomes a directory of the guest; anything but a child of FileRepository is no driver-store
    // package.
    if (!is_safe_name(package.folder) || !iequals(leaf_name(parent_path(package.directory)), "FileRepository"))
        return fail("drivers.package_unsafe", {{"path", directory}});
    TRY_ASSIGN(const bool there, files.exists(package.directory, context));
    if (!there) return fail("drivers.package_missing", {{"directory", package.directory}});

    TRY_ASSIGN(auto entries, files.list_tree(package.directory, kMaxPackageFiles, context));
    for (auto& entry : entries) {
        if (!is_safe_path(entry.path))
            return fail("drivers.package_unsafe", {{"path", join_path(package.directory, entry.path)}});
        if (entry.directory) {
            package.directories.push_back(std::move(entry.path));
        } else {
            package.files.push_back({std::move(entry.path), entry.size, entry.modified, false});
        }
    }
    package.architecture = architecture_of(package.folder);
    package.inf_name = inf_name_of(package);
    if (package.inf_name.empty())
        return fail("drivers.package_missing", {{"directory", package.directory}}, "no INF inside");

    TRY_ASSIGN(const auto path, files.local_path(join_path(package.directory, package.inf_name)));
    TRY_ASSIGN(const auto content, platform::read_text_file(path, kMaxInfBytes));
    auto inf = Inf::parse(std::as_bytes(std::span(content.data(), content.size())));
    if (!inf) return fail(std::move(inf).error().with("inf", package.inf_name));
    package.version = inf->driver_version();
    package.provider = inf->value("Version", "Provider").value_or("");
    return LoadedPackage{std::move(package), std::move(*inf)};
}

} // namespace exhyperv::drivers
