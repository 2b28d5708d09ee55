#include "transport/sim/scenario/furnish.h"
#include "transport/sim/scenario/scenario.h"

#include "support/strings.h"
#include "transport/sim/world/gpu_choice.h"

#include <fmt/format.h>

#include <algorithm>

namespace exhyperv::sim {

namespace {

Result<std::uint32_t> count(const ScenarioName& name, const char* parameter, std::uint32_t usual, std::uint32_t most) {
    auto it = name.parameters.find(parameter);
    if (it == name.parameters.end()) return usual;
    auto number = parse_u64(it->second);
    if (!number || *number > most)
        return fail("sim.bad_parameter",
                    {{"parameter", parameter}, {"value", it->second}, {"expected", fmt::format("0 … {}", most)}});
    return static_cast<std::uint32_t>(*number);
}

struct Model {
    std::string_view pci, name, maker, device_class, service;
    std::uint32_t low_mib;
    std::uint64_t high_mib;
};
constexpr Model kModels[] = {
    {"VEN_10DE&DEV_2684&SUBSYS_16F510DE&REV_A1", "NVIDIA GeForce RTX 4090", "NVIDIA", "Display", "nvlddmkm", 16, 32768},
    {"VEN_10DE&DEV_22BA&SUBSYS_16F510DE&REV_A1", "High Definition Audio Controller", "NVIDIA", "MEDIA", "HDAudBus", 1,
     0},
    {"VEN_15B3&DEV_1017&SUBSYS_000715B3&REV_00", "Mellanox ConnectX-5 Adapter", "Mellanox Technologies Ltd.", "Net",
     "mlx5", 0, 32},
    {"VEN_144D&DEV_A80A&SUBSYS_A801144D&REV_00", "Standard NVM Express Controller", "Standard NVM Express Controller",
     "SCSIAdapter", "stornvme", 1, 0},
    {"VEN_8086&DEV_1572&SUBSYS_00088086&REV_02", "Intel(R) Ethernet Controller X710", "Intel Corporation", "Net",
     "i40ea", 0, 16},
    {"VEN_1B73&DEV_1100&SUBSYS_11001B73&REV_10", "USB xHCI Compliant Host Controller",
     "Generic USB xHCI Host Controller", "USB", "USBXHCI", 1, 0},
    {"VEN_1022&DEV_148A&SUBSYS_148A1022&REV_00", "PCI Express Root Port", "(Standard system devices)", "System", "pci",
     0, 0},
};

/// A hub with a keyboard on the first controller, with a disk on the others.
void add_usb_devices(World& world, const PciFunction& controller, std::uint32_t number) {
    const auto hub = fmt::format("USB\\ROOT_HUB30\\5&{:X}&0&0", number);
    const bool first = std::none_of(world.nodes.begin(), world.nodes.end(),
                                    [](const OtherNode& node) { return node.device_class == "Keyboard"; });
    world.nodes.push_back({.instance_path = hub,
                           .name = "USB Root Hub (USB 3.0)",
                           .manufacturer = "(Standard USB HUBs)",
                           .device_class = "USB",
                           .class_guid = class_guid("USB"),
                           .service = "USBHUB3",
                           .parent = controller.instance_path()});
    world.nodes.push_back({.instance_path = first ? std::string("HID\\VID_046D&PID_C31C\\7&1")
                                                  : fmt::format("USBSTOR\\DISK&VEN_SANDISK\\{:04}", number),
                           .name = first ? "HID Keyboard Device" : "SanDisk Extreme USB Device",
                           .manufacturer = first ? "(Standard keyboards)" : "(Standard disk drives)",
                           .device_class = first ? "Keyboard" : "DiskDrive",
                           .class_guid = class_guid(first ? "Keyboard" : "DiskDrive"),
                           .service = first ? "kbdhid" : "disk",
                           .parent = hub});
}

void add_functions(World& world, std::uint32_t devices, std::int64_t now_ms) {
    PackageSpec nvidia;
    nvidia.hardware_id = "PCI\\VEN_10DE&DEV_2684&SUBSYS_16F510DE";
    nvidia.device_name = "NVIDIA GeForce RTX 4090";
    nvidia.vram_bytes = 24ull << 30;
    MemoryMap memory;
    for (std::uint32_t i = 0; i < devices; ++i) {
        const auto& model = kModels[i % std::size(kModels)];
        PciFunction f;
        f.pure_id = fmt::format("{}\\4&{:X}&0&{:04X}", model.pci, 0x1C5D7D4 + i, i);
        f.name = model.name;
        f.manufacturer = model.maker;
        f.device_class = model.device_class;
        f.class_guid = class_guid(model.device_class);
        f.service = model.service;
        f.location_path = fmt::format("PCIROOT({:X})#PCI({:02X}00)#PCI(0000)", i / 32 * 0x20, i % 32);
        set_class_codes(f);
        set_address(f, i);
        if (f.device_class == "Net") f.network = i < std::size(kModels) ? NetworkUse::gateway : NetworkUse::address;
        const auto bridge = f.device_class == "System";
        f.device_type = bridge ? 8 : 2;
        f.acs_compatible = 3;
        f.reserved_memory = false;
        f.interrupt_support = 6;
        f.interrupts = {-static_cast<std::int64_t>(i) - 1};
        if (model.low_mib) memory.add(f, std::uint64_t{model.low_mib} << 20, false);
        if (model.high_mib) memory.add(f, model.high_mib << 20, true);
        if (f.device_class == "Display") {
            install_driver(world, f, nvidia);
            world.gpus.push_back(usual_gpu(f, false));
        }
        if (f.device_class == "USB") add_usb_devices(world, f, i);
        if (f.device_class == "SCSIAdapter") { // Windows is on the first
            const auto number = static_cast<std::uint32_t>(world.disks.size());
            const bool first = number == 0;
            world.disks.push_back(
                {number, "Samsung SSD 990 PRO 2TB", f.instance_path(), 2000ull << 30, first, first, first, true});
        }
        // Cards of the later slots are in every state there is.
        const auto movable = i >= 100 && !bridge && f.device_class != "Display"; // VMs have partitions of the cards
        if (movable && i % 10 == 3) make_dismounted(f, now_ms);
        if (movable && i % 10 == 7) f.problem = problem::disabled;
        if (i >= 100 && i % 10 == 9) f.acs_compatible = 0;
        world.functions.push_back(std::move(f));
    }
}

} // namespace

Result<World> make_large_world(const ScenarioName& name, std::int64_t now_ms) {
    TRY_ASSIGN(auto vms, count(name, "vms", 500, 20'000));
    TRY_ASSIGN(auto devices, count(name, "devices", 200, 5'000));
    World world;
    world.host.name = "DATACENTER";
    world.host.product_type = 3;
    world.host.sku = 8;
    world.host.os_name = "Microsoft Windows Server 2025 Datacenter";
    world.host.processor_name = "AMD EPYC 9554 64-Core Processor";
    world.host.processors = 128;
    world.host.memory_mib = 2 << 20;
    world.host.physical_address_bits = 52;
    add_functions(world, devices, now_ms);
    for (std::uint32_t i = 0; i < vms; ++i) {
        Vm vm;
        vm.config.name = fmt::format("vm-{:04}", i + 1);
        vm.id = Guid::from_name(fmt::format("{}:vm:{}", world.host.name, i));
        vm.state = i % 3 == 0 ? vm_state::running : vm_state::off;
        vm.guest.build = i % 5 == 0 ? 19045 : 26100;
        vm.config.memory_mib = 4096;
        const auto controller = Guid::from_name(vm.id.str() + ":scsi:0");
        vm.config.controllers.push_back({controller, ControllerKind::scsi, 0});
        Drive drive{.controller = controller, .image = fmt::format("D:\\VMs\\{0}\\{0}.vhdx", vm.config.name)};
        // Small guests: nobody makes five hundred of them, but each can be made.
        world.images.push_back({.path = drive.image,
                                .spec = fmt::format(R"({{"build":{},"files":20,"size_gib":4}})", vm.guest.build),
                                .parent = {}});
        vm.config.drives.push_back(std::move(drive));
        vm.config.nics.push_back({{}, "Network Adapter", fmt::format("00155D02{:04X}", i & 0xFFFF), "Default Switch"});
        finish_vm(world, vm, now_ms);
        if (i % 7 == 0 && !world.gpus.empty()) {
            GpuAllocation allocation{.id = Guid::from_name(vm.id.str() + ":gpu")};
            allocation.host_resource = gpu_object_path(world, world.gpus[i % world.gpus.size()]);
            vm.config.gpus.push_back(std::move(allocation));
        }
        world.vms.push_back(std::move(vm));
    }
    write_host_registry(world);
    return world;
}

} // namespace exhyperv::sim
