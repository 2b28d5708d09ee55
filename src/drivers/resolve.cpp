#include "drivers/companions.h"
#include "drivers/copy_to_vm.h"
#include "drivers/file_version.h"
#include "drivers/guest_paths.h"
#include "drivers/package.h"
#include "drivers/package_loader.h"
#include "drivers/promotion.h"
#include "drivers/service_values.h"
#include "platform/file.h"
#include "support/guid.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::drivers {

namespace {

constexpr std::string_view kEnum = "SYSTEM\\CurrentControlSet\\Enum\\";
constexpr std::string_view kClass = "SYSTEM\\CurrentControlSet\\Control\\Class\\";
constexpr std::string_view kServices = "SYSTEM\\CurrentControlSet\\Services\\";

/// An instance path is "enumerator\device\instance"; it becomes part of a registry path.
bool is_instance_path(std::string_view path) {
    const auto parts = split(path, '\\');
    return path.size() <= 512 && parts.size() == 3 &&
           std::ranges::all_of(parts, [](const auto& part) { return !part.empty() && part != ".."; });
}

/// "{class guid}\NNNN"
bool is_driver_key(std::string_view key) {
    const auto parts = split(key, '\\');
    return parts.size() == 2 && parts[0].size() == 38 && Guid::parse(parts[0]).has_value() && parts[1].size() == 4 &&
           parts[1].find_first_not_of("0123456789") == std::string::npos;
}

struct CardKeys {
    std::string driver_key; ///< {4d36e968-…}\0001
    std::string service;    ///< of the device
    std::vector<std::string> hardware_ids;
};

Result<CardKeys> read_card(host::HostRegistry& registry, const std::string& instance_path, const CallContext& context) {
    TRY_ASSIGN(const auto keys, registry.read({std::string(kEnum) + instance_path}, context));
    if (keys.size() != 1 || !keys[0].exists) return fail("drivers.card_unknown", {{"card", instance_path}});
    CardKeys out;
    if (const auto* driver = keys[0].value("Driver")) out.driver_key = driver->as_text();
    if (!is_driver_key(out.driver_key))
        return fail("drivers.no_driver", {{"card", instance_path}}, "Driver = " + out.driver_key);
    if (const auto* service = keys[0].value("Service"); service != nullptr && is_safe_name(service->as_text()))
        out.service = service->as_text();
    if (const auto* ids = keys[0].value("HardwareID")) out.hardware_ids = ids->as_texts();
    if (out.hardware_ids.empty()) out.hardware_ids.emplace_back(parent_path(instance_path));
    return out;
}

bool inf_names_card(const Inf& inf, guest::Architecture architecture, const std::vector<std::string>& hardware_ids) {
    const char* name = architecture == guest::Architecture::arm64 ? "arm64"
                       : architecture == guest::Architecture::x86 ? "x86"
                                                                  : "amd64";
    for (const auto& model : inf.models(name))
        for (const auto& id : model.hardware_ids)
            for (const auto& own : hardware_ids)
                if (istarts_with(own, id)) return true; // a shorter id of the INF covers the longer one of the card
    return false;
}

std::string text_of(const host::RegistryKey& key, std::string_view name) {
    const auto* value = key.value(name);
    return value == nullptr ? std::string() : value->as_text();
}

/// Promotions "when newer" are decided by file version; what cannot be read is decided by time.
void read_file_versions(host::HostFiles& files, ResolvedDrivers& drivers) {
    for (const auto& promotion : drivers.promotions) {
        const auto name = ascii_lower(promotion.source);
        if (promotion.mode != PromotionMode::when_newer || (!name.ends_with(".dll") && !name.ends_with(".exe")))
            continue;
        auto& package = drivers.packages[promotion.package];
        const auto entry =
            std::ranges::find_if(package.files, [&](const auto& file) { return file.path == promotion.source; });
        if (entry == package.files.end() || entry->file_version != 0) continue;
        const auto path = files.local_path(join_path(package.directory, promotion.source));
        if (!path) continue;
        const auto file = platform::File::open(*path, platform::OpenMode::read);
        if (!file) continue;
        const auto version = read_file_version(
            entry->size, [&](std::uint64_t offset, std::span<std::byte> out) { return file->read_at(offset, out); });
        entry->file_version = version.value_or(0);
    }
}

} // namespace

Result<ResolvedDrivers> resolve(host::HostRegistry& registry, host::HostFiles& files, const std::string& card,
                                const CallContext& context, const VendorTable& table) {
    ResolvedDrivers out;
    out.instance_path = card.starts_with("\\\\?\\") ? model::instance_path_of_interface(card) : card;
    if (!is_instance_path(out.instance_path)) return fail("drivers.card_unknown", {{"card", card}});
    TRY_ASSIGN(auto keys, read_card(registry, out.instance_path, context));
    out.hardware_id = keys.hardware_ids.front();
    const auto* vendor = table.find(out.instance_path);
    if (vendor != nullptr) out.vendor = vendor->vendor;

    // One round trip: the class key, its CopyToVm lists, the service.
    const auto class_key = std::string(kClass) + keys.driver_key;
    std::string service;
    if (vendor != nullptr && !vendor->service.empty()) service = keys.service.empty() ? vendor->service : keys.service;
    std::vector<std::string> paths = {class_key};
    for (const auto& list : copy_to_vm_lists())
        paths.push_back(class_key + "\\" + std::string(list.subkey));
    if (!service.empty()) paths.push_back(std::string(kServices) + service);
    TRY_ASSIGN(const auto read, registry.read(paths, context));
    if (read.size() != paths.size())
        return fail("drivers.no_driver", {{"card", out.instance_path}}, "registry answered short");
    const auto& adapter = read[0];
    out.card_name = text_of(adapter, "DriverDesc");
    const auto inf = text_of(adapter, "InfPath");
    if (!is_safe_name(inf)) return fail("drivers.no_driver", {{"card", out.instance_path}}, "InfPath = " + inf);

    auto directory = files.driver_store_location(inf, context);
    if (!directory) {
        if (directory.error().code != "host.inf_not_found") return fail(std::move(directory).error());
        return fail("drivers.package_missing", {{"directory", inf}}, describe(directory.error()));
    }
    TRY_ASSIGN(auto primary, load_package(files, *directory, context));
    primary.package.published_name = inf;
    for (auto& file : primary.package.files)
        file.essential = ascii_lower(file.path).ends_with(".sys");
    const auto registry_version = text_of(adapter, "DriverVersion");
    if (primary.package.version.version.empty()) {
        primary.package.version.version = registry_version;
    } else if (!registry_version.empty() && registry_version != primary.package.version.version) {
        out.warnings.push_back({"drivers.warn.version_differs",
                                {{"inf", primary.package.inf_name},
                                 {"version", primary.package.version.version},
                                 {"registry", registry_version}}});
    }
    if (!inf_names_card(primary.inf, primary.package.architecture, keys.hardware_ids))
        out.warnings.push_back(
            {"drivers.warn.card_not_in_inf", {{"card", out.hardware_id}, {"inf", primary.package.inf_name}}});
    out.packages.push_back(std::move(primary.package));

    if (vendor == nullptr) {
        out.warnings.push_back({"drivers.warn.vendor_unknown", {{"card", out.hardware_id}}});
    } else {
        TRY(add_companions(primary.inf, *vendor, files, out, context));
    }
    for (std::size_t i = 0; i < copy_to_vm_lists().size(); ++i)
        add_copy_to_vm(copy_to_vm_lists()[i], read[1 + i], out);
    if (vendor != nullptr) {
        add_table_promotions(*vendor, out);
        if (!service.empty()) add_service_values(service, read.back(), out);
        out.runtime_rule = vendor->runtime_registry;
        out.store_junction = vendor->store_junction;
        if (out.runtime_rule == RuntimeRegistry::intel) add_intel_runtime_values(keys.driver_key, adapter, out);
    }
    read_file_versions(files, out);
    return out;
}

} // namespace exhyperv::drivers
