#include "transport/sim/store/host_tree.h"

#include "platform/file.h"
#include "support/physical_disk.h"
#include "support/strings.h"

#include <filesystem>

namespace exhyperv::sim {

namespace fs = std::filesystem;

namespace {

/// The entry of `directory` that has that name in any case; the name itself when there is none.
std::string entry_named(const std::string& directory, const std::string& name) {
    if (platform::file_exists(directory + "/" + name)) return name;
    std::error_code error;
    for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
        if (auto found = it->path().filename().string(); iequals(found, name)) return found;
    return name;
}

} // namespace

Result<std::string> HostTree::local(std::string_view host_path) const {
    if (empty()) return fail("host.files_not_local", {{"path", std::string(host_path)}});
    if (const auto disk = physical_disk_number(host_path)) return root_ + "/disks/" + std::to_string(*disk) + ".img";
    auto parts = split(replace_all(std::string(host_path), "/", "\\"), '\\');
    const auto& drive = parts.front();
    const auto letter = drive.size() == 2 && drive[1] == ':' ? ascii_upper(drive).front() : '\0';
    if (letter < 'A' || letter > 'Z') return fail("sim.bad_path", {{"path", std::string(host_path)}});
    auto path = root_ + "/" + letter;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i].empty()) continue;
        if (parts[i] == "." || parts[i] == ".." || parts[i].find(':') != std::string::npos ||
            parts[i].find('\0') != std::string::npos)
            return fail("sim.bad_path", {{"path", std::string(host_path)}});
        path += "/" + entry_named(path, parts[i]);
    }
    return path;
}

} // namespace exhyperv::sim
