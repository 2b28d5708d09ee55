#include "transport/sim/scenario/load.h"

#include "support/strings.h"

namespace exhyperv::sim {

namespace {

enum class Interrupts { msi, line, both, none };
enum class Place { enabled, disabled, dismounted, gone };

void load_memory(Reader& device, PciFunction& function, Loading& loading) {
    device.list("memory", [&](Reader& r) {
        std::uint64_t kib = 0, mib = 0;
        bool high = false;
        r.number("kib", kib, 1, 1ull << 30);
        r.number("mib", mib, 1, 1ull << 24);
        r.flag("high", high);
        auto size = kib * 1024 + mib * 1048576;
        if (size == 0) return r.wrong(r.at(), "–", "\"mib\": … | \"kib\": …");
        loading.memory.add(function, size, high);
    });
}

void load_survey(Reader& r, PciFunction& f) {
    auto optional_number = [&](const char* name, std::optional<std::uint32_t>& out, std::uint32_t usual,
                               std::uint64_t high) {
        out = usual;
        if (const auto* raw = r.raw(name); raw && r.has(name)) {
            std::uint32_t value = usual;
            r.number(name, value, 0, high);
            out = value;
        }
    };
    optional_number("device_type", f.device_type, 2, 14);
    optional_number("acs", f.acs_compatible, 3, 4);
    optional_number("base_class", f.base_class, f.base_class.value_or(0), 255);
    optional_number("sub_class", f.sub_class, f.sub_class.value_or(0), 255);
    f.acs_support = 0;
    f.sriov_support = 1;
    f.reserved_memory = false;
    r.flag("reserved_memory", f.reserved_memory);
    bool unknown = false;
    r.flag("survey_unknown", unknown);
    if (unknown)
        f.device_type = f.acs_compatible = f.acs_support = f.sriov_support = std::nullopt, f.reserved_memory.reset();
    auto interrupts = Interrupts::msi;
    r.choice<Interrupts>(
        "interrupts", interrupts,
        {{"msi", Interrupts::msi}, {"line", Interrupts::line}, {"both", Interrupts::both}, {"none", Interrupts::none}});
    const auto msi = interrupts == Interrupts::msi || interrupts == Interrupts::both,
               line = interrupts == Interrupts::line || interrupts == Interrupts::both;
    f.interrupt_support = (msi ? 6u : 0u) | (line ? 1u : 0u);
    f.interrupt_messages = msi ? 8 : 0;
    if (msi) f.interrupts.push_back(-5);
    if (line) f.interrupts.push_back(16);
    r.flag("can_disable", f.can_disable);
    r.flag("mitigations", f.has_mitigations);
    r.flag("pcie_control", f.os_controls_pcie);
    r.flag("isolated", f.isolated);
    r.flag("returns_disabled", f.mount_returns_disabled);
    if (!f.os_controls_pcie && f.device_type) f.device_type = 5;
}

void load_children(Reader& device, const std::string& parent, Loading& loading) {
    device.list("children", [&](Reader& r) {
        OtherNode node;
        r.required("path");
        r.text("path", node.instance_path);
        r.text("name", node.name);
        r.text("manufacturer", node.manufacturer);
        r.text("class", node.device_class);
        r.text("service", node.service);
        r.flag("present", node.present);
        r.number("problem", node.problem, 0, 60);
        node.class_guid = class_guid(node.device_class);
        node.parent = parent;
        const auto path = node.instance_path;
        loading.world.nodes.push_back(std::move(node));
        load_children(r, path, loading);
    });
}

void load_gpu(Reader& device, const PciFunction& function, Loading& loading) {
    device.object("gpu", [&](Reader& r) {
        bool sriov = false;
        r.flag("sriov", sriov);
        auto gpu = usual_gpu(function, sriov);
        r.numbers("counts", gpu.valid_counts, 1024);
        if (!gpu.valid_counts.empty() && r.has("counts")) gpu.partition_count = gpu.valid_counts.front();
        r.number("count", gpu.partition_count, 0, 1024);
        r.flag("encode_all_ones", gpu.encode_all_ones);
        r.flag("live_migration", gpu.live_migration);
        loading.world.gpus.push_back(std::move(gpu));
    });
}

void load_device(Reader& r, Loading& loading) {
    PciFunction f;
    std::string id, pci, instance, driver;
    for (const char* name : {"id", "pci", "instance", "name", "class", "location"})
        r.required(name);
    r.text("id", id);
    r.text("pci", pci);
    r.text("instance", instance);
    r.text("name", f.name);
    r.text("manufacturer", f.manufacturer);
    r.text("class", f.device_class);
    r.text("service", f.service);
    r.text("parent", f.parent);
    r.text("location", f.location_path);
    r.text("acpi", f.acpi_path);
    if (!r.failed() && !istarts_with(f.location_path, "PCIROOT("))
        return r.wrong(r.field("location"), f.location_path, "PCIROOT(…)#PCI(…)");
    if (!r.failed() && !istarts_with(pci, "VEN_")) return r.wrong(r.field("pci"), pci, "VEN_xxxx&DEV_xxxx&…");
    std::uint32_t bus = 0;
    r.number("bus", bus, 0, 255);
    f.pure_id = pci + "\\" + instance;
    f.class_guid = class_guid(f.device_class);
    set_class_codes(f);
    set_address(f, bus);
    load_survey(r, f);
    load_memory(r, f, loading);
    r.number("vram_mib", f.vram_bytes, 1, 1ull << 24);
    f.vram_bytes *= 1048576;
    r.choice<NetworkUse>("network", f.network,
                         {{"unplugged", NetworkUse::unplugged},
                          {"address", NetworkUse::address},
                          {"gateway", NetworkUse::gateway},
                          {"switch", NetworkUse::virtual_switch}});
    auto place = Place::enabled;
    r.choice<Place>("state", place,
                    {{"enabled", Place::enabled},
                     {"disabled", Place::disabled},
                     {"dismounted", Place::dismounted},
                     {"gone", Place::gone}});
    if (place == Place::disabled) f.problem = problem::disabled;
    if (place == Place::dismounted) make_dismounted(f, loading.now_ms);
    if (place == Place::gone) f.gone = true;
    r.number("problem", f.problem, 0, 60);
    bool ghost = false; // a PCIP\ node remembered from an earlier assignment
    r.flag("was_dismounted", ghost);
    if (ghost && f.twin == Twin::never) f.twin = Twin::phantom;
    r.text("driver", driver);
    if (r.failed()) return;
    if (!driver.empty()) {
        auto package = loading.drivers.find(driver);
        if (package == loading.drivers.end()) return r.wrong(r.field("driver"), driver, "drivers/…/id");
        install_driver(loading.world, f, package->second);
    }
    if (!loading.functions.emplace(id, f.pure_id).second) return r.wrong(r.field("id"), id, "≠ " + id);
    if (find_function(loading.world, f.pure_id)) return r.wrong(r.field("instance"), f.pure_id, "≠ " + f.pure_id);
    load_gpu(r, f, loading);
    load_children(r, f.instance_path(), loading);
    loading.world.functions.push_back(std::move(f));
}

} // namespace

void load_devices(Reader& document, Loading& loading) {
    document.list("devices", [&](Reader& r) { load_device(r, loading); });
    document.list("disks", [&](Reader& r) {
        HostDisk disk;
        std::string controller;
        std::uint64_t size_gib = 512;
        r.required("number");
        r.number("number", disk.number, 0, 255);
        r.text("name", disk.name);
        r.text("controller", controller);
        r.number("size_gib", size_gib, 1, 1 << 20);
        r.flag("system", disk.system);
        r.flag("boot", disk.boot);
        r.flag("paging", disk.paging);
        r.flag("online", disk.online);
        disk.size = size_gib << 30;
        auto function = loading.functions.find(controller);
        if (!r.failed() && function == loading.functions.end())
            return r.wrong(r.field("controller"), controller, "devices/…/id");
        if (!r.failed()) disk.parent = "PCI\\" + function->second;
        loading.world.disks.push_back(std::move(disk));
    });
}

} // namespace exhyperv::sim
