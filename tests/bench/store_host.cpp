#include "store_host.h"

#include "platform/file.h"
#include "support/strings.h"

#include <algorithm>
#include <filesystem>

namespace exhyperv::bench {

namespace {

namespace fs = std::filesystem;
constexpr std::string_view kRepository = "C:\\Windows\\System32\\DriverStore\\FileRepository";
constexpr const char* kPublished = "oem12.inf";

std::uint64_t filetime_of(fs::file_time_type time) {
    auto since_1970 = std::chrono::file_clock::to_sys(time).time_since_epoch();
    return std::uint64_t(std::chrono::duration_cast<std::chrono::nanoseconds>(since_1970).count() / 100) +
           116'444'736'000'000'000u;
}

} // namespace

StoreHost::StoreHost(std::string file_repository, const sim::PackageSpec& given)
    : repository_(std::move(file_repository)), packages_(sim::store_packages(given)) {
    sim::PackageSpec spec = sim::with_defaults(given);
    card_ = spec.hardware_id + "&REV_A1\\4&22525BED&0&0008";
    for (sim::RegistryFacts& facts : sim::package_registry(spec, 1, kPublished))
        keys_[facts.path] = std::move(facts.values);
    keys_["SYSTEM\\CurrentControlSet\\Enum\\" + card_] = {
        host::RegistryValue::text("Driver", sim::driver_facts(spec).class_guid + "\\0001"),
        host::RegistryValue::text("Service", sim::driver_facts(spec).service),
        host::RegistryValue::multi("HardwareID", {spec.hardware_id + "&REV_A1", spec.hardware_id})};
}

Result<std::vector<host::RegistryKey>> StoreHost::read(const std::vector<std::string>& paths, const CallContext&) {
    std::vector<host::RegistryKey> found;
    for (const std::string& path : paths) {
        host::RegistryKey key{path, false, {}, {}};
        if (auto at = keys_.find(path); at != keys_.end()) {
            key.exists = true;
            key.values = at->second;
        }
        found.push_back(std::move(key));
    }
    return found;
}

Result<> StoreHost::write(const std::string&, const host::RegistryValue&, const CallContext&) {
    return fail("registry.access_denied");
}

Result<> StoreHost::erase(const std::string&, const std::string&, const CallContext&) {
    return fail("registry.access_denied");
}

Result<std::vector<host::HostFiles::Entry>> StoreHost::list_tree(const std::string& directory, std::size_t limit,
                                                                 const CallContext&) {
    TRY_ASSIGN(std::string root, local_path(directory));
    std::vector<Entry> entries;
    std::error_code error;
    for (fs::recursive_directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
        if (entries.size() == limit) return fail("host.too_many_files", {{"directory", directory}});
        Entry entry;
        entry.path = replace_all(at->path().lexically_relative(root).generic_string(), "/", "\\");
        entry.directory = at->is_directory();
        if (!entry.directory) entry.size = at->file_size();
        entry.modified = filetime_of(at->last_write_time());
        entries.push_back(std::move(entry));
    }
    if (error) return fail("file.io", {{"path", root}}, error.message());
    return entries;
}

Result<bool> StoreHost::exists(const std::string& path, const CallContext&) {
    TRY_ASSIGN(std::string local, local_path(path));
    return fs::exists(local);
}

Result<std::string> StoreHost::local_path(const std::string& host_path) const {
    if (!istarts_with(host_path, kRepository)) return fail("host.files_not_local", {{"path", host_path}});
    return repository_ + replace_all(host_path.substr(kRepository.size()), "\\", "/");
}

Result<std::string> StoreHost::driver_store_location(const std::string& inf_name, const CallContext&) {
    if (inf_name == kPublished) return std::string(kRepository) + "\\" + packages_.front().directory;
    return fail("host.inf_not_found", {{"inf", inf_name}});
}

Result<std::uint64_t> StoreHost::free_space(const std::string&, const CallContext&) {
    return platform::free_space(repository_);
}

} // namespace exhyperv::bench
