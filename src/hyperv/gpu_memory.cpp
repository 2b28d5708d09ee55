#include "hyperv/gpu_memory.h"

#include <string>

namespace exhyperv::hyperv {

namespace {

std::optional<std::uint64_t> memory_of(const host::RegistryKey& key, model::GpuVendor vendor) {
    for (const std::string_view name : {"HardwareInformation.qwMemorySize", "HardwareInformation.MemorySize"}) {
        const host::RegistryValue* value = key.value(name);
        std::uint64_t size = value ? value->as_number(0) : 0;
        if (size == 0) continue;
        // Moore Threads writes MiB here; whoever has less than a mebibyte of memory means that.
        if (vendor == model::GpuVendor::moore_threads && size < (1u << 20)) size <<= 20;
        return size;
    }
    return std::nullopt;
}

} // namespace

Result<> add_video_memory(host::HostRegistry& registry, std::vector<model::Gpu>& gpus, const CallContext& context) {
    std::vector<std::string> paths;
    for (const model::Gpu& gpu : gpus)
        paths.push_back("SYSTEM\\CurrentControlSet\\Enum\\" + gpu.instance_path);
    if (paths.empty()) return {};
    TRY_ASSIGN(const auto nodes, registry.read(paths, context));

    std::vector<std::string> class_paths;
    std::vector<model::Gpu*> owners;
    for (std::size_t i = 0; i < nodes.size() && i < gpus.size(); ++i) {
        const host::RegistryValue* driver = nodes[i].value("Driver");
        if (!driver || driver->as_text().empty() || gpus[i].instance_path.empty()) continue;
        class_paths.push_back("SYSTEM\\CurrentControlSet\\Control\\Class\\" + driver->as_text());
        owners.push_back(&gpus[i]);
    }
    if (class_paths.empty()) return {};
    TRY_ASSIGN(const auto keys, registry.read(class_paths, context));
    for (std::size_t i = 0; i < keys.size() && i < owners.size(); ++i) {
        owners[i]->vram_bytes = memory_of(keys[i], owners[i]->vendor);
        if (owners[i]->driver_version.empty())
            if (const auto* value = keys[i].value("DriverVersion")) owners[i]->driver_version = value->as_text();
        if (owners[i]->driver_date.empty())
            if (const auto* value = keys[i].value("DriverDate")) owners[i]->driver_date = value->as_text();
    }
    return {};
}

} // namespace exhyperv::hyperv
