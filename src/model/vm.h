#pragma once

#include "support/guid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::model {

/// What a VM is doing, merged from the many EnabledState numbers (wmi-facts 1.3). `changing` covers every transition.
enum class VmState : std::uint8_t { off, running, paused, saved, changing, critical, unknown };
[[nodiscard]] std::string_view vm_state_name(VmState state); ///< "off", "running", … stable, for JSON

enum class StopAction : std::uint16_t { turn_off = 2, save = 3, shut_down = 4 };
enum class CheckpointType : std::uint16_t { disabled = 2, production = 3, production_only = 4, standard = 5 };

/// The VM settings this product reads and may change. Sizes in MiB as the provider holds them.
/// An absent optional: the host's Windows build does not know the setting.
struct VmSettings {
    StopAction stop_action = StopAction::save;
    std::optional<bool> guest_controlled_cache_types;
    std::optional<std::uint64_t> low_mmio_mib;
    std::optional<std::uint64_t> high_mmio_mib;
    std::optional<std::uint64_t> high_mmio_base_mib;
    std::optional<CheckpointType> checkpoint_type;
    std::optional<bool> automatic_checkpoints;
    bool operator==(const VmSettings&) const = default;
};

struct VmMemory {
    std::uint64_t startup_mib = 0;
    std::uint64_t minimum_mib = 0;
    std::uint64_t maximum_mib = 0;
    bool dynamic = false;
};

/// A disk attached to a VM.
struct VmDisk {
    /// Image path on the host (the leaf when there are checkpoints). For pass-through "\\.\PhysicalDriveN"; where the
    /// host does not tell the number, the disk's object path.
    std::string path;
    bool physical = false;                      ///< pass-through
    std::uint32_t controller = 0, location = 0; ///< boot order guess: lowest first
};

struct Vm {
    Guid id;
    std::string name; ///< ElementName: not unique, may equal the host's name
    VmState state = VmState::unknown;
    std::uint16_t raw_state = 0; ///< EnabledState as read
    int generation = 2;
    std::string version; ///< configuration version, "12.0"
    std::uint32_t processors = 0;
    VmSettings settings;
    VmMemory memory;
    std::vector<VmDisk> disks;
    std::uint32_t checkpoints = 0;
    std::vector<std::string>
        checkpoint_disks; ///< images that checkpoints of this VM hold: parents, never to be written to
    std::optional<std::uint32_t> guest_build; ///< from KVP while running; the disk tells otherwise
    std::uint32_t process_id = 0;
    std::string settings_path; ///< object path of the realized Msvm_VirtualSystemSettingData
};

} // namespace exhyperv::model
