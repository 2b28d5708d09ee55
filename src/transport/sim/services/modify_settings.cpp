#include "support/strings.h"
#include "transport/sim/cim/configs.h"
#include "transport/sim/cim/query.h"
#include "transport/sim/services/vm_change.h"
#include "transport/sim/world/gpu_choice.h"
#include "transport/sim/world/ids.h"
#include "transport/sim/world/texts.h"

#include <algorithm>
#include <array>

namespace exhyperv::sim {

namespace {

constexpr std::uint64_t kAllOnes = ~std::uint64_t{0};
/// The provider's limits for the gaps: the low one must leave room below 4 GiB; the high one was measured (MiB).
constexpr std::uint64_t kLowMmioLimit = 3584, kHighMmioLimit = 262656;

/// A property of the system settings that the world models: how it is written, and whether the VM must be off.
struct SystemProperty {
    std::string_view name;
    bool needs_off;
    bool (*apply)(VmConfig& config, const cim::Value& value); ///< false: the value is not allowed
};

template <auto Member>
bool set_flag(VmConfig& config, const cim::Value& value) {
    config.*Member = value.as_bool().value_or(false);
    return value.as_bool().has_value();
}

bool one_of(const cim::Value& value, std::initializer_list<std::uint64_t> allowed) {
    auto number = value.as_uint();
    return number && std::find(allowed.begin(), allowed.end(), *number) != allowed.end();
}

constexpr SystemProperty kSystemProperties[] = {
    {"ElementName", false,
     [](VmConfig& c, const cim::Value& v) {
         c.name = v.as_string().value_or("");
         return !c.name.empty() && c.name.size() <= 255;
     }},
    {"Notes", false,
     [](VmConfig& c, const cim::Value& v) {
         c.notes = v.as_strings();
         return true;
     }},
    {"AutomaticStartupAction", false,
     [](VmConfig& c, const cim::Value& v) {
         c.start_action = static_cast<std::uint16_t>(v.as_uint().value_or(0));
         return one_of(v, {2, 3, 4});
     }},
    {"AutomaticShutdownAction", false,
     [](VmConfig& c, const cim::Value& v) {
         c.stop_action = static_cast<std::uint16_t>(v.as_uint().value_or(0));
         return one_of(v, {2, 3, 4});
     }},
    {"AutomaticRecoveryAction", false,
     [](VmConfig& c, const cim::Value& v) {
         c.recovery_action = static_cast<std::uint16_t>(v.as_uint().value_or(0));
         return one_of(v, {2, 3, 4});
     }},
    {"UserSnapshotType", false,
     [](VmConfig& c, const cim::Value& v) {
         c.checkpoint_type = static_cast<std::uint16_t>(v.as_uint().value_or(0));
         return one_of(v, {2, 3, 4, 5});
     }},
    {"AutomaticSnapshotsEnabled", false, set_flag<&VmConfig::automatic_checkpoints>},
    {"GuestControlledCacheTypes", true, set_flag<&VmConfig::cache_types>},
    {"SecureBootEnabled", true, set_flag<&VmConfig::secure_boot>},
    {"BootPciExpress", true, set_flag<&VmConfig::boot_pci_express>},
    {"LowMmioGapSize", true,
     [](VmConfig& c, const cim::Value& v) {
         c.low_mmio_mib = v.as_uint().value_or(0);
         return c.low_mmio_mib <= kLowMmioLimit;
     }},
    {"HighMmioGapSize", true,
     [](VmConfig& c, const cim::Value& v) {
         c.high_mmio_mib = v.as_uint().value_or(0);
         return c.high_mmio_mib <= kHighMmioLimit;
     }},
    {"HighMmioGapBase", true,
     [](VmConfig& c, const cim::Value& v) {
         c.high_mmio_base_mib = v.as_uint().value_or(0);
         return c.high_mmio_base_mib >= 4096;
     }},
};

const SystemProperty* system_property(std::string_view name) {
    for (const auto& property : kSystemProperties)
        if (iequals(property.name, name)) return &property;
    return nullptr;
}

void keep_extra(VmConfig& config, std::string_view owner, const cim::Property& property) {
    for (auto& extra : config.extras)
        if (iequals(extra.owner, owner) && iequals(extra.name, property.name)) {
            extra.value = to_stored(property.value);
            return;
        }
    config.extras.push_back({std::string(owner), property.name, to_stored(property.value)});
}

/// The properties a client means to change: given, not NULL, and different from what is there.
std::vector<cim::Property> differences(const cim::Instance& given, const cim::Instance& now) {
    std::vector<cim::Property> out;
    for (const auto& property : given.properties()) {
        const auto* current = now.find(property.name);
        if (property.value.is_null() || (current && *current == property.value)) continue;
        out.push_back(property);
    }
    return out;
}

Outcome invalid(const Call& call, const Vm& vm, std::string_view device) {
    return device_failure(call, code::invalid_parameter, failures::modify_failed, vm, device,
                          say(call.chinese(), failures::invalid_parameter));
}

cim::Instance current_system(const Call& call, const Vm& vm) {
    cim::ObjectPath path;
    path.class_name = "Msvm_VirtualSystemSettingData";
    path.keys.emplace_back("InstanceID", ids::setting(vm.id));
    auto end = resolve(call.view(), path);
    return project(call.view(), *end);
}

Outcome modify_gpu(const Call& call, const Vm& vm, GpuAllocation& allocation,
                   const std::vector<cim::Property>& changes) {
    constexpr std::string_view device = "GPU Partition";
    constexpr std::string_view prefixes[] = {"MinPartition", "MaxPartition", "OptimalPartition"},
                               kinds[] = {"VRAM", "Encode", "Decode", "Compute"};
    const auto* gpu = gpu_of(call.world, allocation);
    for (const auto& change : changes) {
        if (iequals(change.name, "HostResource")) {
            auto resources = change.value.as_strings();
            const auto* chosen = resources.size() == 1 ? find_gpu(call.world, gpu_name_of(resources.front())) : nullptr;
            if (!chosen || !gpu_listed(call.world, *chosen)) return invalid(call, vm, device);
            allocation.host_resource = resources.front();
            continue;
        }
        bool found = false;
        for (std::size_t kind = 0; kind < 4; ++kind)
            for (std::size_t which = 0; which < 3; ++which) {
                if (!iequals(change.name, std::string(prefixes[which]) + std::string(kinds[kind]))) continue;
                found = true;
                auto amount = change.value.as_uint();
                if (!amount) return invalid(call, vm, device);
                // Encode must stay all ones where the card counts so; VRAM may not be all ones (recorded).
                if (kind == 1 && which != 0 && gpu && gpu->encode_all_ones && gpu->encode.total == kAllOnes &&
                    *amount != kAllOnes)
                    return invalid(call, vm, device);
                if (kind == 0 && *amount == kAllOnes) return invalid(call, vm, device);
                allocation.amounts[kind * 3 + which] = *amount;
            }
        if (!found) return invalid(call, vm, device);
    }
    for (std::size_t kind = 0; kind < 4; ++kind) {
        auto min = allocation.amounts[kind * 3], max = allocation.amounts[kind * 3 + 1],
             optimal = allocation.amounts[kind * 3 + 2];
        if (min && max && *min > *max) return invalid(call, vm, device);
        if (optimal && max && *optimal > *max) return invalid(call, vm, device);
    }
    return {};
}

Outcome modify_memory(const Call& call, const Vm& vm, VmConfig& config, const std::vector<cim::Property>& changes) {
    const auto name = captions::memory.english;
    for (const auto& change : changes) {
        auto number = change.value.as_uint().value_or(0);
        const auto changes_size = iequals(change.name, "VirtualQuantity") || iequals(change.name, "Reservation") ||
                                  iequals(change.name, "Limit");
        if (!vm.off() && (changes_size || iequals(change.name, "DynamicMemoryEnabled")))
            return device_failure(call, code::invalid_state, failures::modify_failed, vm, name,
                                  say(call.chinese(), failures::invalid_state));
        if (iequals(change.name, "VirtualQuantity"))
            config.memory_mib = number;
        else if (iequals(change.name, "Reservation"))
            config.memory_min_mib = number;
        else if (iequals(change.name, "Limit"))
            config.memory_max_mib = number;
        else if (iequals(change.name, "DynamicMemoryEnabled"))
            config.dynamic_memory = change.value.as_bool().value_or(false);
        else
            keep_extra(config, ids::kMemory, change);
    }
    if (config.memory_mib < 32 || config.memory_mib > call.world.host.memory_mib) return invalid(call, vm, name);
    return {};
}

Outcome modify_processor(const Call& call, const Vm& vm, VmConfig& config, const std::vector<cim::Property>& changes) {
    const auto name = captions::processor.english;
    for (const auto& change : changes) {
        if (!iequals(change.name, "VirtualQuantity")) {
            keep_extra(config, std::string(ids::kProcessor) + "\\0", change);
            continue;
        }
        if (!vm.off())
            return device_failure(call, code::invalid_state, failures::modify_failed, vm, name,
                                  say(call.chinese(), failures::invalid_state));
        config.processors = static_cast<std::uint32_t>(change.value.as_uint().value_or(0));
        if (config.processors == 0 || config.processors > call.world.host.processors) return invalid(call, vm, name);
    }
    return {};
}

Outcome modify_kind(const Call& call, const Vm& vm, VmConfig& config, SettingKind kind, std::size_t index,
                    const std::vector<cim::Property>& changes) {
    switch (kind) {
    case SettingKind::gpu:
        return modify_gpu(call, vm, config.gpus[index], changes);
    case SettingKind::memory:
        return modify_memory(call, vm, config, changes);
    case SettingKind::processor:
        return modify_processor(call, vm, config, changes);
    case SettingKind::pci:
        for (const auto& change : changes) {
            if (!vm.off())
                return device_failure(call, code::invalid_state, failures::modify_failed, vm,
                                      "Virtual Pci Express Port", {});
            if (iequals(change.name, "HostResource")) return invalid(call, vm, "Virtual Pci Express Port");
            keep_extra(config, config.devices[index].id.str(), change);
        }
        return {};
    case SettingKind::storage:
        for (const auto& change : changes) {
            if (iequals(change.name, "HostResource") && change.value.as_strings().size() == 1)
                config.drives[index].image = change.value.as_strings().front();
            else
                keep_extra(config, setting_suffix(config, kind, index), change);
        }
        return {};
    default:
        for (const auto& change : changes)
            keep_extra(config, setting_suffix(config, kind, index), change);
        return {};
    }
}

} // namespace

Outcome modify_resource(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given) {
    auto id = ids::parse(given.text_or("InstanceID", ""));
    if (!id || id->owner != vm.id || id->suffix.empty()) return invalid(call, vm, given.class_name());
    for (auto kind : kSettingKinds) {
        if (!iequals(setting_class(kind), given.class_name())) continue;
        for (std::size_t i = 0; i < setting_count(config, kind); ++i) {
            if (!iequals(setting_suffix(config, kind, i), id->suffix)) continue;
            Object object{.vm = &vm, .config = &config, .owner = vm.id, .index = static_cast<std::uint32_t>(i)};
            auto now = project(call.view(), {&setting_family(kind), object});
            return modify_kind(call, vm, config, kind, i, differences(given, now));
        }
    }
    return invalid(call, vm, given.class_name());
}

bool needs_vm_off(const Call& call, const Vm& vm, const cim::Instance& given) {
    for (const auto& change : differences(given, current_system(call, vm)))
        if (const auto* known = system_property(change.name); known && known->needs_off) return true;
    return false;
}

Outcome modify_system(const Call& call, const Vm& vm, VmConfig& config, const cim::Instance& given) {
    auto bad = [&](std::uint32_t code_value, const Spoken& cause) {
        auto first = say(call.chinese(), failures::settings_failed, {vm.config.name});
        return Outcome::failure(code_value, {first, first + " " + vm_note(call, vm), say(call.chinese(), cause)});
    };
    const auto now = current_system(call, vm);
    const auto* shape = ClassShape::find(kV2, "Msvm_VirtualSystemSettingData", call.world.host.build);
    for (const auto& change : differences(given, now)) {
        const auto* known = system_property(change.name);
        if (known && known->needs_off && !vm.off()) return bad(code::invalid_state, failures::invalid_state);
        if (known) {
            if (!known->apply(config, change.value)) return bad(code::invalid_parameter, failures::invalid_parameter);
            continue;
        }
        int index = shape->index(change.name);
        if (index < 0 || !shape->properties()[static_cast<std::size_t>(index)]->writable)
            return bad(code::invalid_parameter, failures::invalid_parameter);
        keep_extra(config, "", change);
    }
    return {};
}

} // namespace exhyperv::sim
