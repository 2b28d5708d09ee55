#include "drivers/offline/store_copy.h"

#include "drivers/guest_paths.h"
#include "drivers/linux_guest.h"
#include "drivers/manifest.h"
#include "drivers/offline/inf_registry.h"
#include "platform/file.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <tuple>

namespace exhyperv::drivers {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kHostRepository = "C:\\Windows\\System32\\DriverStore\\FileRepository";
constexpr std::size_t kMaxPackages = 100'000;
constexpr int kMaxDepth = 64;
/// The number a guest gives its first adapter after Hyper-V Video.
constexpr std::string_view kClassNumber = "0001";

std::uint64_t filetime_of(const fs::directory_entry& entry) {
    std::error_code error;
    const auto when = std::chrono::file_clock::to_sys(entry.last_write_time(error)).time_since_epoch();
    if (error) return 0;
    const auto ticks = std::chrono::duration_cast<std::chrono::nanoseconds>(when).count() / 100;
    return static_cast<std::uint64_t>(ticks + 116'444'736'000'000'000);
}

Error io_error(const std::string& path, const std::error_code& error) {
    return {"file.io", {{"path", path}}, {NativeKind::posix, error.value()}, {}, error.message()};
}

/// "nv_dispi.inf_amd64_8f2a…": name of the INF and architecture; nullopt for other directories.
struct FolderName {
    std::string inf, architecture;
};
std::optional<FolderName> folder_name(const std::string& folder) {
    const auto cut = ascii_lower(folder).find(".inf_");
    if (cut == std::string::npos || cut == 0 || !is_safe_name(folder)) return std::nullopt;
    const auto rest = std::string_view(folder).substr(cut + 5);
    auto architecture = ascii_lower(rest.substr(0, rest.find('_')));
    if (architecture != "amd64" && architecture != "arm64" && architecture != "x86") return std::nullopt;
    return FolderName{folder.substr(0, cut + 4), std::move(architecture)};
}

/// The directory of packages that the user meant; a single package names its parent and itself.
Result<std::string> find_repository(const std::string& directory, std::string& package) {
    std::error_code error;
    auto given = directory;
    while (given.size() > 1 && (given.ends_with('/') || given.ends_with('\\')))
        given.pop_back();
    if (!fs::is_directory(given, error)) return fail("store.not_found", {{"directory", directory}});
    if (folder_name(platform::file_name_of(given))) {
        if (package.empty()) package = platform::file_name_of(given);
        return platform::directory_of(given);
    }
    for (const auto* below : {"Windows/System32/DriverStore/FileRepository", "System32/DriverStore/FileRepository",
                              "DriverStore/FileRepository", "FileRepository"})
        if (auto path = given + "/" + below; fs::is_directory(path, error)) return path;
    return given;
}

/// The libraries for Linux guests, beside the driver store as on the host, or in what the user named; empty: none.
std::string find_libraries(const std::string& directory, const std::string& repository) {
    std::error_code error;
    for (const auto& path : {repository + "/../../lxss/lib", directory + "/lxss/lib"})
        if (fs::is_directory(path, error)) return path;
    return {};
}

/// "PCI\VEN_10DE&DEV_2786&SUBSYS_…&REV_A1" → itself, and what is left when parts are dropped from its end.
std::vector<std::string> hardware_ids_of(const std::string& device) {
    std::vector<std::string> out = {device};
    for (auto cut = device.rfind('&'); cut != std::string::npos && icontains(device.substr(0, cut), "DEV_");
         cut = device.rfind('&', cut - 1))
        out.push_back(device.substr(0, cut));
    return out;
}

/// How exactly an INF's id names the card: its length when it covers the card's own id, 1 when it is a more exact id of
/// the same card (which of them cannot be told), 0 when it is another card.
std::size_t exactness(const std::string& own, const std::string& id) {
    const auto ends_part = [](const std::string& longer, std::size_t at) {
        return longer.size() == at || longer[at] == '&';
    };
    if (istarts_with(own, id) && ends_part(own, id.size())) return id.size() + 1;
    if (istarts_with(id, own) && ends_part(id, own.size())) return 1;
    return 0;
}

struct Candidate {
    std::string folder, inf_name;
    std::size_t exact = 0;
    DriverVersion version;
    bool display = false;
    std::string id; ///< of the INF, that names the card
    InfModel model;
};

std::vector<std::uint64_t> numbers_of(const std::string& version) {
    std::vector<std::uint64_t> out;
    for (const auto& part : split(version, '.'))
        out.push_back(parse_u64(part).value_or(0));
    return out;
}

/// Better first: display class, more exact, newer.
auto rank(const Candidate& one) {
    return std::tuple(one.display, one.exact, one.version.date, numbers_of(one.version.version));
}

Result<Inf> read_inf(const std::string& path) {
    TRY_ASSIGN(const auto content, platform::read_text_file(path, kMaxInfBytes));
    return Inf::parse(std::as_bytes(std::span(content.data(), content.size())));
}

/// The name as the file has it: Windows gives a package's folder lower case and leaves its files as the vendor wrote
/// them.
std::string name_in(const std::string& directory, const std::string& wanted) {
    std::error_code error;
    std::size_t seen = 0;
    for (fs::directory_iterator at(directory, error), end; !error && at != end && ++seen <= kMaxPackages;
         at.increment(error))
        if (auto name = at->path().filename().string(); iequals(name, wanted)) return name;
    return wanted;
}

/// Nullopt when the package is of another card.
Result<std::optional<Candidate>> look_into(const std::string& repository, const std::string& folder,
                                           const std::string& device) {
    const auto name = folder_name(folder);
    if (!name) return std::nullopt;
    const auto directory = repository + "/" + folder;
    Candidate best;
    best.inf_name = name_in(directory, name->inf);
    TRY_ASSIGN(const auto inf, read_inf(directory + "/" + best.inf_name));
    for (auto& model : inf.models(name->architecture))
        for (const auto& id : model.hardware_ids)
            if (const auto exact = exactness(device, id); exact > best.exact) {
                best.exact = exact;
                best.id = id;
                best.model = model;
            }
    if (best.exact == 0) return std::nullopt;
    best.folder = folder;
    best.version = inf.driver_version();
    best.display = iequals(inf.value("Version", "Class").value_or(""), "Display");
    return best;
}

std::string first_of(const std::vector<std::string>& names) {
    constexpr std::size_t kNamed = 5;
    const auto shown =
        std::vector(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kNamed)));
    return join(shown, ", ") + (names.size() > kNamed ? ", …" : "");
}

Result<> walk(const fs::path& directory, const std::string& prefix, std::size_t limit, bool deep, int depth,
              const CallContext& context, std::vector<host::HostFiles::Entry>& out) {
    if (depth > kMaxDepth) return fail(Error{"file.io", {{"path", directory.string()}}, {}, {}, "too deep"});
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
        entries.push_back(*at);
    if (error) return fail(io_error(directory.string(), error));
    std::ranges::sort(entries, [](const auto& a, const auto& b) { return a.path() < b.path(); });
    for (const auto& entry : entries) {
        TRY(context.check("listing the driver store"));
        const auto type = entry.symlink_status(error).type();
        if (error) return fail(io_error(entry.path().string(), error));
        if (type != fs::file_type::regular && type != fs::file_type::directory) continue;
        if (out.size() >= limit)
            return fail("host.too_many_files", {{"directory", directory.string()}, {"limit", std::to_string(limit)}});
        host::HostFiles::Entry found{prefix + entry.path().filename().string(), type == fs::file_type::directory, 0,
                                     filetime_of(entry)};
        if (!found.directory) found.size = entry.file_size(error);
        if (error) return fail(io_error(entry.path().string(), error));
        const auto next = found.directory && deep ? found.path + "\\" : std::string();
        out.push_back(std::move(found));
        if (!next.empty()) TRY(walk(entry.path(), next, limit, deep, depth + 1, context, out));
    }
    return {};
}

} // namespace

Result<std::unique_ptr<StoreCopy>> StoreCopy::open(const StoreChoice& choice, const CallContext& context) {
    std::unique_ptr<StoreCopy> out(new StoreCopy);
    TRY(out->choose(choice, context));
    return out;
}

Result<> StoreCopy::choose(const StoreChoice& choice, const CallContext& context) {
    const auto parts = split(choice.card, '\\');
    const bool named = (parts.size() == 2 || parts.size() == 3) && choice.card.size() <= 256 &&
                       icontains(parts[1], "VEN_") && icontains(parts[1], "DEV_") &&
                       std::ranges::all_of(parts, [](const auto& part) { return is_safe_name(part); });
    if (!named) return fail("store.bad_card", {{"card", choice.card}});
    const auto device = parts[0] + "\\" + parts[1];
    card_ = parts.size() == 3 ? choice.card : device + "\\" + std::string(kImageInstance);

    auto package = choice.package;
    TRY_ASSIGN(repository_, find_repository(choice.directory, package));
    libraries_ = find_libraries(choice.directory, repository_);
    TRY_ASSIGN(const auto folders, list(std::string(kHostRepository), kMaxPackages, context));
    std::vector<Candidate> candidates;
    std::size_t seen = 0;
    std::vector<std::string> unread; // one broken package among hundreds must not hide the card's own
    for (const auto& entry : folders) {
        TRY(context.check("looking for the card's driver"));
        if (!entry.directory || (!package.empty() && !iequals(entry.path, package))) continue;
        ++seen;
        auto found = look_into(repository_, entry.path, device);
        if (!found)
            unread.push_back(entry.path + " (" + found.error().code + ")");
        else if (*found)
            candidates.push_back(std::move(**found));
    }
    if (candidates.empty() && !unread.empty())
        return fail("store.unreadable_packages", {{"card", device},
                                                  {"directory", repository_},
                                                  {"count", std::to_string(seen)},
                                                  {"unread", std::to_string(unread.size())},
                                                  {"packages", first_of(unread)}});
    if (candidates.empty())
        return fail("store.no_package",
                    {{"card", device}, {"directory", repository_}, {"count", std::to_string(seen)}});
    std::ranges::sort(candidates, [](const auto& a, const auto& b) { return rank(a) > rank(b); });
    if (candidates.size() > 1 && rank(candidates[0]) == rank(candidates[1]))
        return fail("store.ambiguous",
                    {{"card", device}, {"packages", candidates[0].folder + ", " + candidates[1].folder}});
    folder_ = candidates[0].folder;
    inf_name_ = candidates[0].inf_name;
    TRY_ASSIGN(const auto inf, read_inf(repository_ + "/" + folder_ + "/" + inf_name_));
    // A card named more shortly than the INF names it has that INF's id.
    install(inf, candidates[0].model,
            candidates[0].exact == 1 ? hardware_ids_of(candidates[0].id) : hardware_ids_of(device));
    return {};
}

void StoreCopy::install(const Inf& inf, const InfModel& model, const std::vector<std::string>& hardware_ids) {
    using host::RegistryValue;
    const auto architecture = folder_name(folder_)->architecture;
    auto class_guid = ascii_lower(inf.value("Version", "ClassGuid").value_or(""));
    if (class_guid.empty()) class_guid = "{4d36e968-e325-11ce-bfc1-08002be10318}";
    const auto class_key = class_guid + "\\" + std::string(kClassNumber);
    const auto version = inf.driver_version();

    for (auto& key : registry_of_inf(inf, model, architecture, {folder_, class_key}))
        keys_[key.path] = std::move(key);
    auto& adapter = keys_["SYSTEM\\CurrentControlSet\\Control\\Class\\" + class_key];
    for (auto& value : {RegistryValue::text("DriverDesc", model.description), RegistryValue::text("InfPath", inf_name_),
                        RegistryValue::text("DriverVersion", version.version),
                        RegistryValue::text("ProviderName", inf.value("Version", "Provider").value_or(""))})
        adapter.values.push_back(value);
    auto& device = keys_["SYSTEM\\CurrentControlSet\\Enum\\" + card_];
    device.values = {RegistryValue::text("Driver", class_key), RegistryValue::multi("HardwareID", hardware_ids)};
    if (const auto service = service_of_inf(inf, model, architecture); !service.empty())
        device.values.push_back(RegistryValue::text("Service", service));
    for (auto& [path, key] : keys_)
        key.exists = true;
}

Result<std::vector<host::RegistryKey>> StoreCopy::read(const std::vector<std::string>& paths, const CallContext&) {
    std::vector<host::RegistryKey> out;
    for (const auto& path : paths) {
        host::RegistryKey key;
        if (const auto found = keys_.find(path); found != keys_.end()) key = found->second;
        key.path = path;
        out.push_back(std::move(key));
    }
    return out;
}

Result<> StoreCopy::write(const std::string& path, const host::RegistryValue&, const CallContext&) {
    return fail("registry.access_denied", {{"key", path}});
}

Result<> StoreCopy::erase(const std::string& path, const std::string&, const CallContext&) {
    return fail("registry.access_denied", {{"key", path}});
}

Result<std::vector<host::HostFiles::Entry>> StoreCopy::list_tree(const std::string& directory, std::size_t limit,
                                                                 const CallContext& context) {
    TRY_ASSIGN(const auto local, local_path(directory));
    std::vector<Entry> out;
    TRY(walk(local, "", limit, true, 0, context, out));
    return out;
}

Result<std::vector<host::HostFiles::Entry>> StoreCopy::list(const std::string& directory, std::size_t limit,
                                                            const CallContext& context) {
    TRY_ASSIGN(const auto local, local_path(directory));
    std::vector<Entry> out;
    TRY(walk(local, "", limit, false, 0, context, out));
    return out;
}

Result<bool> StoreCopy::exists(const std::string& path, const CallContext&) {
    if (iequals(path, kHostLibraries) && libraries_.empty()) return false;
    TRY_ASSIGN(const auto local, local_path(path));
    return platform::file_exists(local);
}

Result<std::string> StoreCopy::local_path(const std::string& host_path) const {
    if (iequals(host_path, kHostRepository)) return repository_;
    if (!libraries_.empty() && iequals(host_path, kHostLibraries)) return libraries_;
    if (!libraries_.empty() && is_inside(host_path, kHostLibraries)) {
        const auto below = host_path.substr(kHostLibraries.size() + 1);
        if (!is_safe_path(below)) return fail("host.files_not_local", {{"path", host_path}});
        return libraries_ + "/" + replace_all(below, "\\", "/");
    }
    // Besides the store only files of this machine that the user has named: by a whole path of its own.
    if (const auto own = replace_all(host_path, "\\", "/"); !is_inside(host_path, kHostRepository)) {
        if (fs::path(own).is_absolute()) return own;
        return fail("host.files_not_local", {{"path", host_path}});
    }
    const auto below = host_path.substr(kHostRepository.size() + 1);
    if (!is_safe_path(below)) return fail("host.files_not_local", {{"path", host_path}});
    return repository_ + "/" + replace_all(below, "\\", "/");
}

Result<std::string> StoreCopy::driver_store_location(const std::string& inf_name, const CallContext&) {
    if (!iequals(inf_name, inf_name_)) return fail("host.inf_not_found", {{"inf", inf_name}});
    return join_path(kHostRepository, folder_);
}

Result<std::uint64_t> StoreCopy::free_space(const std::string&, const CallContext&) {
    return platform::free_space(repository_);
}

} // namespace exhyperv::drivers
