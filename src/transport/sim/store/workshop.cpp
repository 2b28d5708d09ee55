#include "transport/sim/store/workshop.h"

#include "platform/file.h"
#include "support/strings.h"
#include "transport/sim/material/spec_json.h"

#include <nlohmann/json.hpp>

namespace exhyperv::sim {

namespace {

constexpr int kMaxChain = 64;

/// The same path, or one a part of the other.
bool touches(std::string_view made, std::string_view asked) {
    while (asked.ends_with('\\'))
        asked.remove_suffix(1);
    if (iequals(made, asked)) return true;
    auto below = [](std::string_view path, std::string_view directory) {
        return path.size() > directory.size() && path[directory.size()] == '\\' && istarts_with(path, directory);
    };
    return below(made, asked) || below(asked, made);
}

std::string package_path(const DriverPackage& package) {
    return std::string(kFileRepository) + "\\" + package.directory;
}

} // namespace

bool Workshop::pending(const World& world, std::string_view host_path) {
    for (const auto& image : world.images)
        if (!image.made && touches(image.path, host_path)) return true;
    for (const auto& package : world.packages)
        if (!package.made && !package.spec.empty() && touches(package_path(package), host_path)) return true;
    return false;
}

Result<> Workshop::make(World& world, std::string_view host_path) const {
    for (std::size_t i = 0; i < world.images.size(); ++i)
        if (!world.images[i].made && iequals(world.images[i].path, host_path)) TRY(make_image(world, i, 0));
    for (auto& package : world.packages)
        if (!package.made && !package.spec.empty() && touches(package_path(package), host_path))
            TRY(make_package(package));
    return {};
}

Result<> Workshop::make_image(World& world, std::size_t index, int depth) const {
    if (depth > kMaxChain) return fail("sim.bad_state", {{"path", world.images[index].path}});
    const auto parent_path = world.images[index].parent, path = world.images[index].path;
    if (!parent_path.empty())
        for (std::size_t i = 0; i < world.images.size(); ++i)
            if (!world.images[i].made && iequals(world.images[i].path, parent_path))
                TRY(make_image(world, i, depth + 1));
    TRY_ASSIGN(auto local, tree_.local(path));
    if (!platform::file_exists(local)) {
        if (progress_) progress_({.done = 0, .total = 0, .item = path});
        GuestSpec spec;
        if (!world.images[index].spec.empty()) {
            TRY_ASSIGN(spec, guest_spec_from_json(nlohmann::json::parse(world.images[index].spec, nullptr, false), ""));
        }
        if (!parent_path.empty()) {
            spec.format = guest::ImageFormat::vhdx_differencing;
            TRY_ASSIGN(spec.parent, tree_.local(parent_path));
        }
        TRY(platform::make_directories(platform::directory_of(local)));
        TRY(make_guest_image(local, spec));
    }
    world.images[index].made = true;
    return {};
}

Result<> Workshop::make_package(DriverPackage& package) const {
    if (progress_) progress_({.done = 0, .total = 0, .item = package.directory});
    TRY_ASSIGN(auto repository, tree_.local(kFileRepository));
    TRY(platform::make_directories(repository));
    TRY_ASSIGN(auto spec, package_spec_from_json(nlohmann::json::parse(package.spec, nullptr, false), ""));
    if (!platform::file_exists(repository + "/" + package.directory)) TRY(make_driver_package(repository, spec));
    TRY_ASSIGN(const auto libraries, tree_.local("C:\\Windows\\System32\\lxss\\lib"));
    TRY(make_linux_libraries(libraries));
    package.made = true;
    return {};
}

DiskAnswer Workshop::probe(const World& world, const std::string& host_path) const {
    if (tree_.empty()) return DiskAnswer::fine;
    for (const auto& image : world.images)
        if (!image.made && iequals(image.path, host_path)) return DiskAnswer::fine;
    auto local = tree_.local(host_path);
    if (!local || !platform::file_exists(*local)) return DiskAnswer::missing;
    auto file = platform::File::open(*local, platform::OpenMode::read_write);
    if (!file) return file.error().code == "file.not_found" ? DiskAnswer::missing : DiskAnswer::in_use;
    return file->lock_exclusive() ? DiskAnswer::fine : DiskAnswer::in_use;
}

void Workshop::remove(const std::string& host_path) const {
    if (tree_.empty()) return;
    if (auto local = tree_.local(host_path))
        (void)platform::remove_file(*local); // a leaf that stays behind harms nobody
}

std::uint64_t Workshop::length(const std::string& host_path) const {
    auto local = tree_.empty() ? Result<std::string>(fail("host.files_not_local")) : tree_.local(host_path);
    if (!local) return 0;
    auto file = platform::File::open(*local, platform::OpenMode::read);
    if (!file) return 0;
    return file->size().value_or(0);
}

} // namespace exhyperv::sim
