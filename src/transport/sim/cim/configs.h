#pragma once

#include "transport/sim/cim/family.h"

namespace exhyperv::sim {

/// The VM's settings and those of its checkpoints.
bool each_config(const View& view, const Visit& visit);
/// The settings whose InstanceID is Microsoft:<owner>.
[[nodiscard]] std::optional<Object> find_config(const View& view, const Guid& owner);
/// A property the world does not model but a client once wrote.
void fill_extras(const VmConfig& config, std::string_view owner, Row& row);

[[nodiscard]] cim::Value to_value(const StoredValue& stored);
[[nodiscard]] StoredValue to_stored(const cim::Value& value);

/// Kinds of Msvm_…SettingData below a VM's settings, with their CIM class and how the InstanceID ends.
enum class SettingKind : std::uint8_t { memory, processor, gpu, pci, controller, drive, storage, nic, connection };
[[nodiscard]] std::size_t setting_count(const VmConfig& config, SettingKind kind);
[[nodiscard]] std::string setting_suffix(const VmConfig& config, SettingKind kind, std::size_t index);
[[nodiscard]] std::string_view setting_class(SettingKind kind);
/// The family that projects the kind.
[[nodiscard]] const Family& setting_family(SettingKind kind);
inline constexpr SettingKind kSettingKinds[] = {SettingKind::memory,  SettingKind::processor,  SettingKind::gpu,
                                                SettingKind::pci,     SettingKind::controller, SettingKind::drive,
                                                SettingKind::storage, SettingKind::nic,        SettingKind::connection};

/// What every resource of a type has in common (recorded default templates, wmi-facts 1.7 to 1.9).
struct ResourceType {
    std::uint16_t type;
    std::string_view sub_type;
    std::string_view class_name;
    const struct Spoken* caption;
    const struct Spoken* description; ///< null: as the caption
};
[[nodiscard]] std::span<const ResourceType> resource_types();
[[nodiscard]] const ResourceType& resource_type(std::uint16_t type, std::string_view sub_type);
void fill_resource(const View& view, const ResourceType& type, Row& row);

} // namespace exhyperv::sim
