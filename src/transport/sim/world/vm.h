#pragma once

#include "support/guid.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace exhyperv::sim {

/// Msvm_ComputerSystem.EnabledState (wmi-facts 1.3). Only what the simulator itself produces.
namespace vm_state {
inline constexpr std::uint16_t running = 2, off = 3, shutting_down = 4, saved = 6, paused = 9, starting = 10,
                               saving = 32773, stopping = 32774;
}

/// A CIM value in a form the state file can hold: integers and booleans as text.
struct StoredValue {
    std::uint8_t type = 0; ///< cim::CimType
    bool array = false, null = true;
    std::vector<std::string> text;
    template <class A>
    void fields(A& a) {
        a(type, array, null, text);
    }
};

/// A property a client wrote that the world does not model: kept and read back as it was.
struct Extra {
    std::string owner; ///< the suffix of the setting's InstanceID after "Microsoft:<id>", "" for the system settings
    std::string name;
    StoredValue value;
    template <class A>
    void fields(A& a) {
        a(owner, name, value);
    }
};

enum class GpuAmount : std::uint8_t {
    min_vram,
    max_vram,
    optimal_vram,
    min_encode,
    max_encode,
    optimal_encode,
    min_decode,
    max_decode,
    optimal_decode,
    min_compute,
    max_compute,
    optimal_compute,
};

/// Msvm_GpuPartitionSettingData of a VM.
struct GpuAllocation {
    Guid id;
    std::string host_resource;                            ///< object path as given; empty: Hyper-V picks a GPU
    std::array<std::optional<std::uint64_t>, 12> amounts; ///< by GpuAmount
    template <class A>
    void fields(A& a) {
        a(id, host_resource, amounts);
    }
};

/// Msvm_PciExpressSettingData of a VM.
struct PciAllocation {
    Guid id;
    std::string host_resource; ///< object path of the host's Msvm_PciExpress row
    std::string function;      ///< pure id of the function, found when it was added
    std::vector<std::uint16_t> virtual_functions{0};
    template <class A>
    void fields(A& a) {
        a(id, host_resource, function, virtual_functions);
    }
};

enum class ControllerKind : std::uint8_t { ide, scsi };
struct Controller {
    Guid id;
    ControllerKind kind = ControllerKind::scsi;
    std::uint32_t number = 0;
    template <class A>
    void fields(A& a) {
        a(id, kind, number);
    }
};

enum class DriveKind : std::uint8_t { disk, dvd, physical };
struct Drive {
    Guid controller;
    std::uint32_t controller_number = 0; ///< IDE controllers share one id
    std::uint32_t slot = 0;
    DriveKind kind = DriveKind::disk;
    std::string image; ///< host path; for `physical` the object path of the Msvm_DiskDrive; empty: no medium
    template <class A>
    void fields(A& a) {
        a(controller, controller_number, slot, kind, image);
    }
};

struct Nic {
    Guid id;
    std::string name, mac, switch_name;
    template <class A>
    void fields(A& a) {
        a(id, name, mac, switch_name);
    }
};

/// What one Msvm_VirtualSystemSettingData and its components hold: of the VM itself or of one of its checkpoints.
struct VmConfig {
    std::string name;
    std::vector<std::string> notes;
    std::uint16_t start_action = 3, stop_action = 3, recovery_action = 3, checkpoint_type = 3;
    bool automatic_checkpoints = false, cache_types = false, secure_boot = true, boot_pci_express = false;
    std::uint64_t low_mmio_mib = 128, high_mmio_mib = 512, high_mmio_base_mib = 65024;
    std::uint32_t processors = 4;
    std::uint64_t memory_mib = 4096, memory_min_mib = 512, memory_max_mib = 1048576;
    bool dynamic_memory = false;
    std::uint16_t pcie_emulation = 0, pcie_topology = 0;
    std::vector<Controller> controllers;
    std::vector<Drive> drives;
    std::vector<GpuAllocation> gpus;
    std::vector<PciAllocation> devices;
    std::vector<Nic> nics;
    std::vector<Extra> extras;
    template <class A>
    void fields(A& a) {
        a(name, notes, start_action, stop_action, recovery_action, checkpoint_type, automatic_checkpoints, cache_types,
          secure_boot, boot_pci_express, low_mmio_mib, high_mmio_mib, high_mmio_base_mib, processors, memory_mib,
          memory_min_mib, memory_max_mib, dynamic_memory, pcie_emulation, pcie_topology, controllers, drives, gpus,
          devices, nics, extras);
    }
};

struct Checkpoint {
    Guid id;
    std::optional<Guid> parent;
    std::int64_t created_ms = 0;
    bool automatic = false, has_memory = false;
    VmConfig config;
    template <class A>
    void fields(A& a) {
        a(id, parent, created_ms, automatic, has_memory, config);
    }
};

/// How the guest answers Msvm_ShutdownComponent.
enum class ShutdownManner : std::uint8_t { agrees, refuses, ignores };

/// What runs in the VM; the disk image is made to fit.
struct Guest {
    std::uint32_t build = 0; ///< 0: no Windows
    std::string os, edition;
    bool integration_services = true;
    ShutdownManner shutdown = ShutdownManner::agrees;
    std::uint32_t shutdown_ms = 2000;
    template <class A>
    void fields(A& a) {
        a(build, os, edition, integration_services, shutdown, shutdown_ms);
    }
};

struct Vm {
    Guid id;
    std::uint16_t state = vm_state::off;
    std::uint8_t generation = 2;
    std::string version;
    std::int64_t created_ms = 0, state_since_ms = 0, changed_ms = 0;
    std::uint32_t process_id = 0; ///< of vmwp.exe, while running
    bool tpm = false, shielded = false;
    std::int64_t goes_off_ms = 0; ///< the guest is shutting down and will be off then; 0: it is not
    Guest guest;
    VmConfig config;
    std::vector<Checkpoint> checkpoints;
    std::optional<Guid> current_checkpoint; ///< the one the VM's disks build on
    template <class A>
    void fields(A& a) {
        a(id, state, generation, version, created_ms, state_since_ms, changed_ms, process_id, tpm, shielded,
          goes_off_ms, guest, config, checkpoints, current_checkpoint);
    }
    [[nodiscard]] bool off() const { return state == vm_state::off; }
    [[nodiscard]] bool running() const { return state == vm_state::running; }
};

} // namespace exhyperv::sim
