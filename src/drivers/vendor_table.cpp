#include "drivers/vendor_table.h"

#include "drivers/guest_paths.h"
#include "support/strings.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace exhyperv::drivers {

extern const std::string_view kVendorDriversJson; // generated from data/vendor_drivers.json

namespace {

using Json = nlohmann::json;

tl::unexpected<Error> bad(const std::string& where, std::string reason) {
    return fail("drivers.table_invalid", {{"where", where}, {"reason", std::move(reason)}});
}

/// Refuses members outside the list: a misspelt one would otherwise silently mean its default.
Result<> only_members(const Json& object, const std::string& where, std::initializer_list<std::string_view> allowed) {
    if (!object.is_object()) return bad(where, "not an object");
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(allowed, key) == allowed.end()) return bad(where, "unknown member \"" + key + "\"");
    return {};
}

Result<std::string> text(const Json& object, const std::string& where, const char* key, bool required) {
    const auto found = object.find(key);
    if (found == object.end())
        return required ? Result<std::string>(bad(where, std::string("no \"") + key + "\"")) : std::string();
    if (!found->is_string()) return bad(where, std::string("\"") + key + "\" is not text");
    return found->get<std::string>();
}

Result<bool> flag(const Json& object, const std::string& where, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return false;
    if (!found->is_boolean()) return bad(where, std::string("\"") + key + "\" is not true or false");
    return found->get<bool>();
}

Result<std::vector<std::string>> texts(const Json& object, const std::string& where, const char* key) {
    std::vector<std::string> out;
    const auto found = object.find(key);
    if (found == object.end()) return out;
    if (!found->is_array() || found->size() > 10'000) return bad(where, std::string("\"") + key + "\" is not a list");
    for (const auto& item : *found) {
        if (!item.is_string()) return bad(where, std::string("\"") + key + "\" holds something else than text");
        out.push_back(item.get<std::string>());
    }
    return out;
}

Result<const Json*> list(const Json& object, const std::string& where, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array() || found->size() > 10'000)
        return bad(where, std::string("\"") + key + "\" is not a list");
    return &*found;
}

Result<TableFile> parse_file(const Json& json, const std::string& where, const std::string& directory) {
    TRY(only_members(json, where, {"source", "targets"}));
    TableFile file;
    TRY_ASSIGN(file.source, text(json, where, "source", true));
    TRY_ASSIGN(file.targets, texts(json, where, "targets"));
    if (!is_safe_path(file.source)) return bad(where, "unsafe source \"" + file.source + "\"");
    if (file.targets.empty()) return bad(where, "no target");
    for (const auto& target : file.targets)
        if (!is_safe_path(target) || !is_safe_path(join_path(directory, target)))
            return bad(where, "unsafe target \"" + target + "\"");
    return file;
}

Result<TableGroup> parse_group(const Json& json, const std::string& where) {
    TRY(only_members(json, where, {"package", "directory", "architectures", "needs_directory", "mode", "files"}));
    TableGroup group;
    TRY_ASSIGN(group.package, text(json, where, "package", true));
    TRY_ASSIGN(group.directory, text(json, where, "directory", true));
    TRY_ASSIGN(group.architectures, texts(json, where, "architectures"));
    TRY_ASSIGN(const auto mode, text(json, where, "mode", true));
    if (group.package.empty()) return bad(where, "empty package");
    if (!is_safe_path(group.directory) || !is_inside(group.directory, "Windows"))
        return bad(where, "directory is not below Windows");
    if (is_inside(group.directory, kHostDriverStore) || iequals(group.directory, kHostDriverStore))
        return bad(where, "directory is HostDriverStore itself");
    for (const auto& name : group.architectures)
        if (name != "x86" && name != "x64" && name != "arm64")
            return bad(where, "unknown architecture \"" + name + "\"");
    TRY_ASSIGN(group.needs_directory, flag(json, where, "needs_directory"));
    if (mode == "preserve_existing") {
        group.mode = PromotionMode::preserve_existing;
    } else if (mode == "when_newer") {
        group.mode = PromotionMode::when_newer;
    } else if (mode == "overwrite") {
        group.mode = PromotionMode::overwrite;
    } else {
        return bad(where, "unknown mode \"" + mode + "\"");
    }
    TRY_ASSIGN(const auto* files, list(json, where, "files"));
    for (std::size_t i = 0; i < files->size(); ++i) {
        TRY_ASSIGN(auto file, parse_file((*files)[i], where + ".files[" + std::to_string(i) + "]", group.directory));
        group.files.push_back(std::move(file));
    }
    return group;
}

model::GpuVendor vendor_of_id(std::string_view id) {
    using model::GpuVendor;
    if (id == "nvidia") return GpuVendor::nvidia;
    if (id == "intel") return GpuVendor::intel;
    if (id == "amd") return GpuVendor::amd;
    if (id == "qualcomm") return GpuVendor::qualcomm;
    if (id == "moore_threads") return GpuVendor::moore_threads;
    return GpuVendor::unknown;
}

Result<VendorEntry> parse_vendor(const Json& json, const std::string& where) {
    TRY(only_members(
        json, where,
        {"id", "pci_ids", "companions", "service", "runtime_registry", "store_junction", "program_folders", "groups"}));
    VendorEntry entry;
    TRY_ASSIGN(entry.id, text(json, where, "id", true));
    entry.vendor = vendor_of_id(entry.id);
    if (entry.vendor == model::GpuVendor::unknown) return bad(where, "unknown vendor \"" + entry.id + "\"");
    TRY_ASSIGN(entry.pci_ids, texts(json, where, "pci_ids"));
    if (entry.pci_ids.empty()) return bad(where, "no \"pci_ids\"");
    for (const auto& id : entry.pci_ids)
        if (id.size() != 4) return bad(where, "\"" + id + "\" is no vendor id");
    TRY_ASSIGN(entry.companions, texts(json, where, "companions"));
    TRY_ASSIGN(entry.service, text(json, where, "service", false));
    if (!entry.service.empty() && !is_safe_name(entry.service)) return bad(where, "unsafe service name");
    TRY_ASSIGN(const auto runtime, text(json, where, "runtime_registry", false));
    if (runtime == "intel") {
        entry.runtime_registry = RuntimeRegistry::intel;
    } else if (!runtime.empty() && runtime != "none") {
        return bad(where, "unknown runtime_registry \"" + runtime + "\"");
    }
    TRY_ASSIGN(entry.store_junction, flag(json, where, "store_junction"));
    TRY_ASSIGN(entry.program_folders, texts(json, where, "program_folders"));
    for (const auto& name : entry.program_folders)
        if (!is_safe_name(name)) return bad(where, "unsafe folder \"" + name + "\"");
    TRY_ASSIGN(const auto* groups, list(json, where, "groups"));
    std::set<std::string, ILess> targets; // by architecture: x64 and arm64 may use the same name for different files
    for (std::size_t i = 0; i < groups->size(); ++i) {
        const auto place = where + ".groups[" + std::to_string(i) + "]";
        TRY_ASSIGN(auto group, parse_group((*groups)[i], place));
        for (const auto& file : group.files)
            for (const auto& target : file.targets)
                if (!targets.insert(join(group.architectures, "+") + ":" + join_path(group.directory, target)).second)
                    return bad(place, "target \"" + target + "\" twice");
        entry.groups.push_back(std::move(group));
    }
    return entry;
}

} // namespace

const VendorEntry* VendorTable::find(std::string_view device_id) const {
    for (const auto& entry : vendors)
        for (const auto& id : entry.pci_ids)
            if (icontains(device_id, "VEN_" + id)) return &entry;
    return nullptr;
}

Result<VendorTable> parse_vendor_table(std::string_view json) {
    const auto document = Json::parse(json, nullptr, false);
    if (document.is_discarded()) return bad("document", "not JSON");
    TRY(only_members(document, "document", {"$schema", "format", "vendors"}));
    if (document.value("format", Json()) != 1) return bad("format", "only format 1 is known");
    TRY_ASSIGN(const auto* vendors, list(document, "document", "vendors"));
    VendorTable table;
    for (std::size_t i = 0; i < vendors->size(); ++i) {
        TRY_ASSIGN(auto entry, parse_vendor((*vendors)[i], "vendors[" + std::to_string(i) + "]"));
        for (const auto& other : table.vendors)
            if (other.vendor == entry.vendor) return bad(entry.id, "listed twice");
        table.vendors.push_back(std::move(entry));
    }
    return table;
}

const VendorTable& builtin_vendor_table() {
    // The unit tests parse the same text; a table that does not parse cannot be released, so an empty one stands in for
    // it.
    static const VendorTable table = parse_vendor_table(kVendorDriversJson).value_or(VendorTable{});
    return table;
}

bool matches_pattern(std::string_view text, std::string_view pattern) {
    std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
    const auto same = [](char a, char b) { return iequals(std::string_view(&a, 1), std::string_view(&b, 1)); };
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t]))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace exhyperv::drivers
