#include "drivers/registry_intel.h"

#include "drivers/registry_patch.h"
#include "support/strings.h"

#include <algorithm>

namespace exhyperv::drivers {

namespace {

constexpr std::string_view kDisplayClass = "\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}";
constexpr std::size_t kMaxAdapters = 1000;

/// What a class key says of its driver.
struct Owner {
    bool empty = true;
    std::string provider, matching_id, inf, description;
};

Result<Owner> read_owner(const guest::Hive& system, const std::string& key) {
    Owner owner;
    if (!system.has_key(key)) return owner;
    TRY_ASSIGN(const auto values, system.values(key));
    owner.empty = values.empty();
    for (const auto& value : values) {
        const auto text = host::RegistryValue{value.name, value.type, value.data}.as_text();
        if (iequals(value.name, "ProviderName")) owner.provider = text;
        if (iequals(value.name, "MatchingDeviceId")) owner.matching_id = text;
        if (iequals(value.name, "InfPath")) owner.inf = text;
        if (iequals(value.name, "DriverDesc")) owner.description = text;
    }
    return owner;
}

bool may_be_intels(const Owner& owner) {
    if (owner.empty || icontains(owner.provider, "Intel") || icontains(owner.matching_id, "VEN_8086")) return true;
    if (iequals(owner.inf, "vrd.inf")) return true;
    if (iequals(owner.provider, "Microsoft") && icontains(owner.description, "Virtual Render")) return true;
    // Values of ours alone do not make a driver.
    return owner.provider.empty() && owner.matching_id.empty() && owner.inf.empty() && owner.description.empty();
}

bool is_hyperv_video(const Owner& owner) {
    return iequals(owner.provider, "Microsoft") &&
           (icontains(owner.description, "Hyper-V Video") || iequals(owner.inf, "wvmbusvideo.inf"));
}

} // namespace

Result<std::vector<WantedKey>> intel_runtime_keys(const RegistrySource& runtime, const guest::Hive& system,
                                                  const std::string& control_set, bool active,
                                                  std::vector<Message>& warnings) {
    std::vector<WantedKey> out;
    const auto class_key = control_set + std::string(kDisplayClass);
    const auto own_key = control_set + "\\Control\\Class\\" + runtime.name;
    std::vector<guest::HiveValue> values;
    for (const auto& value : runtime.values)
        values.push_back(to_host_driver_store(guest::HiveValue{value.name, value.type, value.data}));

    TRY_ASSIGN(const auto owner, read_owner(system, own_key));
    if (may_be_intels(owner)) {
        out.push_back({own_key, values});
    } else {
        warnings.push_back(
            {"drivers.warn.class_key_foreign",
             {{"key", own_key}, {"driver", owner.description.empty() ? owner.provider : owner.description}}});
    }

    const auto level_zero =
        std::ranges::find_if(values, [](const auto& value) { return iequals(value.name, "LevelZeroDriverPath"); });
    if (level_zero == values.end() || !system.has_key(class_key)) return out;
    TRY_ASSIGN(const auto adapters, system.subkeys(class_key));
    bool found = false;
    for (const auto& name : adapters) {
        if (name.size() != 4 || name.find_first_not_of("0123456789") != std::string::npos || out.size() > kMaxAdapters)
            continue;
        const auto key = class_key + "\\" + name;
        TRY_ASSIGN(const auto adapter, read_owner(system, key));
        if (!is_hyperv_video(adapter)) continue;
        found = true;
        if (!iequals(key, own_key)) out.push_back({key, {*level_zero}});
    }
    if (!found && active) warnings.push_back({"drivers.warn.hyperv_video_missing", {{"key", class_key}}});
    return out;
}

} // namespace exhyperv::drivers
