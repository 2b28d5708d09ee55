#include "transport/sim/scenario/load.h"

#include "cim/object_path.h"
#include "support/physical_disk.h"
#include "support/strings.h"
#include "transport/sim/material/spec_json.h"
#include "transport/sim/world/gpu_choice.h"
#include "transport/sim/world/ids.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace exhyperv::sim {

namespace {

void load_settings(Reader& vm, VmConfig& c) {
    vm.object("settings", [&](Reader& r) {
        r.choice<std::uint16_t>("stop_action", c.stop_action, {{"turn_off", 2}, {"save", 3}, {"shut_down", 4}});
        r.choice<std::uint16_t>("checkpoints", c.checkpoint_type,
                                {{"disabled", 2}, {"production", 3}, {"production_only", 4}, {"standard", 5}});
        r.flag("automatic_checkpoints", c.automatic_checkpoints);
        r.flag("cache_types", c.cache_types);
        r.flag("secure_boot", c.secure_boot);
        r.number("low_mmio_mib", c.low_mmio_mib, 0, 3584);
        r.number("high_mmio_mib", c.high_mmio_mib, 0, 262656);
        r.number("high_mmio_base_mib", c.high_mmio_base_mib, 4096, 1ull << 32);
    });
}

void load_guest(Reader& vm, Guest& guest) {
    vm.object("guest", [&](Reader& r) {
        r.number("build", guest.build, 0, 99999);
        r.text("os", guest.os);
        r.text("edition", guest.edition);
        r.flag("integration", guest.integration_services);
        r.choice<ShutdownManner>("shutdown", guest.shutdown,
                                 {{"agrees", ShutdownManner::agrees},
                                  {"refuses", ShutdownManner::refuses},
                                  {"ignores", ShutdownManner::ignores}});
        r.number("shutdown_ms", guest.shutdown_ms, 0, 600'000);
    });
}

Controller& controller_of(Vm& vm, ControllerKind kind, std::uint32_t number) {
    for (auto& controller : vm.config.controllers)
        if (controller.kind == kind && controller.number == number) return controller;
    Controller made{.kind = kind, .number = number};
    made.id = kind == ControllerKind::ide ? *Guid::parse(ids::kIdeController)
                                          : Guid::from_name(fmt::format("{}:scsi:{}", vm.id.str(), number));
    return vm.config.controllers.emplace_back(made);
}

/// What the settings of a VM name a whole disk by.
std::string drive_path(const std::string& host, const HostDisk& disk) {
    const cim::ObjectPath path{host,
                               "root\\virtualization\\v2",
                               "Msvm_DiskDrive",
                               {{"CreationClassName", "Msvm_DiskDrive"},
                                {"DeviceID", disk_device_id(disk)},
                                {"SystemCreationClassName", "Msvm_ComputerSystem"},
                                {"SystemName", host}}};
    return path.full();
}

void load_disk(Reader& r, Vm& vm, Loading& loading) {
    auto kind = vm.generation == 1 ? ControllerKind::ide : ControllerKind::scsi;
    Drive drive{.slot = static_cast<std::uint32_t>(vm.config.drives.size())};
    std::uint32_t number = 0, physical = 0;
    r.text("path", drive.image);
    r.choice<ControllerKind>("controller", kind, {{"ide", ControllerKind::ide}, {"scsi", ControllerKind::scsi}});
    r.number("controller_number", number, 0, 3);
    r.number("slot", drive.slot, 0, 63);
    r.choice<DriveKind>("kind", drive.kind, {{"disk", DriveKind::disk}, {"dvd", DriveKind::dvd}});
    if (r.has("physical")) {
        r.number("physical", physical, 0, 255);
        drive.kind = DriveKind::physical;
        for (const auto& disk : loading.world.disks)
            if (disk.number == physical) drive.image = drive_path(loading.world.host.name, disk);
    }
    if (const auto* image = r.raw("image"); image && !r.failed()) {
        auto spec = guest_spec_from_json(*image, r.field("image"));
        if (!spec) return material_problem(r, spec.error());
        const bool whole_disk = drive.kind == DriveKind::physical;
        if (whole_disk) spec->format = guest::ImageFormat::raw; // the disk itself
        loading.world.images.push_back({.path = whole_disk ? physical_disk_path(physical) : drive.image,
                                        .spec = whole_disk ? to_json(*spec).dump() : image->dump(),
                                        .parent = {}});
        const auto windows = spec->content == GuestContent::windows || spec->content == GuestContent::two_windows;
        if (vm.guest.build == 0 && windows) {
            vm.guest.build = spec->build;
            if (vm.guest.os.empty()) vm.guest.os = guest_os_name(spec->build, spec->server);
        }
    }
    const auto& controller = controller_of(vm, kind, number);
    drive.controller = controller.id;
    drive.controller_number = controller.number;
    vm.config.drives.push_back(std::move(drive));
}

void load_cards(Reader& r, Vm& vm, Loading& loading) {
    std::vector<std::string> gpus, devices;
    r.texts("gpus", gpus);
    r.texts("devices", devices);
    for (std::size_t i = 0; i < gpus.size() && !r.failed(); ++i) {
        auto function = loading.functions.find(gpus[i]);
        const Gpu* gpu = nullptr;
        for (const auto& each : loading.world.gpus)
            if (function != loading.functions.end() && each.function == function->second) gpu = &each;
        if (!gpu) return r.wrong(fmt::format("{}/{}", r.field("gpus"), i), gpus[i], "devices/…/id, gpu");
        GpuAllocation allocation{.id = Guid::from_name(fmt::format("{}:gpu:{}", vm.id.str(), i)),
                                 .host_resource = gpu_object_path(loading.world, *gpu)};
        vm.config.gpus.push_back(std::move(allocation));
    }
    for (std::size_t i = 0; i < devices.size() && !r.failed(); ++i) {
        auto id = loading.functions.find(devices[i]);
        auto* function = id == loading.functions.end() ? nullptr : find_function(loading.world, id->second);
        if (!function || owner_of(loading.world, *function))
            return r.wrong(fmt::format("{}/{}", r.field("devices"), i), devices[i], "devices/…/id");
        // A card that was taken out of the machine leaves a stale reference behind.
        make_dismounted(*function, loading.now_ms);
        PciAllocation allocation{.id = Guid::from_name(fmt::format("{}:pci:{}", vm.id.str(), i)),
                                 .host_resource = express_path(loading.world, *function),
                                 .function = function->pure_id};
        vm.config.devices.push_back(std::move(allocation));
    }
}

void load_vm(Reader& r, Loading& loading) {
    Vm vm;
    auto& c = vm.config;
    std::string id;
    r.required("name");
    r.text("name", c.name);
    r.text("id", id);
    if (!id.empty()) {
        auto parsed = Guid::parse(id);
        if (!parsed) return r.wrong(r.field("id"), id, "GUID");
        vm.id = *parsed;
    }
    r.choice<std::uint16_t>("state", vm.state,
                            {{"off", vm_state::off},
                             {"running", vm_state::running},
                             {"saved", vm_state::saved},
                             {"paused", vm_state::paused}});
    r.number("generation", vm.generation, 1, 2);
    r.text("version", vm.version);
    r.texts("notes", c.notes);
    r.number("processors", c.processors, 1, 2048);
    r.number("memory_mib", c.memory_mib, 32, 64ull << 20);
    r.flag("dynamic_memory", c.dynamic_memory);
    r.flag("tpm", vm.tpm);
    r.flag("shielded", vm.shielded);
    c.automatic_checkpoints = !loading.world.host.server();
    load_settings(r, c);
    load_guest(r, vm.guest);
    if (vm.id.is_null())
        vm.id = Guid::from_name(fmt::format("{}:vm:{}:{}", loading.world.host.name, loading.world.vms.size(), c.name));
    r.list("disks", [&](Reader& disk) { load_disk(disk, vm, loading); });
    r.list("nics", [&](Reader& nic) {
        Nic made{.name = "Network Adapter", .mac = fmt::format("00155D01{:04X}", loading.world.vms.size() + 1)};
        nic.text("name", made.name);
        nic.text("switch", made.switch_name);
        nic.text("mac", made.mac);
        c.nics.push_back(std::move(made));
    });
    load_cards(r, vm, loading);
    finish_vm(loading.world, vm, loading.now_ms);
    r.list("checkpoints", [&](Reader& checkpoint) {
        std::string name = vm.config.name;
        bool automatic = false;
        checkpoint.text("name", name);
        checkpoint.flag("automatic", automatic);
        add_checkpoint(loading.world, vm, name, automatic, loading.now_ms);
    });
    loading.world.vms.push_back(std::move(vm));
}

} // namespace

void load_vms(Reader& document, Loading& loading) {
    document.list("vms", [&](Reader& r) { load_vm(r, loading); });
}

} // namespace exhyperv::sim
