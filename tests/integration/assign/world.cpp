#include "world.h"

#include "hyperv/lookup.h"
#include "hyperv/vms.h"
#include "transport/sim/sim_host.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <stdexcept>

namespace exhyperv::assign {

namespace {

namespace fs = std::filesystem;

std::string scenario_of(const WorldSpec& spec) {
    const std::string vms = spec.vms.empty() ? "[" + vm_json("target") + "]" : spec.vms;
    return R"({"title": "test", "host": {"name": "TESTHOST", "build": )" + std::to_string(spec.build) +
           (spec.server ? R"(, "os": "Microsoft Windows Server", "product": "server", "sku": 8)"
                        : R"(, "os": "Microsoft Windows 11 Pro", "product": "workstation", "sku": 48)") +
           R"(, "memory_mib": 65536, "address_bits": 46},
 "tuning": {"answers": ")" +
           spec.answers + R"J(", "job_ms": 0, "lag_ms": 0},
 "drivers": [{"id": "nvidia", "package": {"vendor": "nvidia", "inf": "nv_dispi.inf", "version": "32.0.15.6094",
   "hardware_id": "PCI\\VEN_10DE&DEV_2786&SUBSYS_40E51458", "device_name": "NVIDIA GeForce RTX 4070",
   "vram_bytes": 12884901888}}],
 "devices": [
  {"id": "rtx4070", "pci": "VEN_10DE&DEV_2786&SUBSYS_40E51458&REV_A1", "instance": "4&1C5D7D4&0&0008",
   "name": "NVIDIA GeForce RTX 4070", "manufacturer": "NVIDIA", "class": "Display", "service": "nvlddmkm",
   "location": "PCIROOT(0)#PCI(0100)#PCI(0000)", "bus": 1, "driver": "nvidia",
   "memory": [{"mib": 16}, {"mib": 16384, "high": true}], "gpu": {}})J" +
           spec.devices + R"(],
 "disks": )" +
           spec.disks + R"(,
 "vms": )" +
           vms + "}";
}

Error or_throw(const Error& error) {
    throw std::runtime_error(describe(error));
}

} // namespace

std::string vm_json(const std::string& name, const std::string& image, const std::string& more) {
    std::string one = R"({"name": ")" + name + R"(", "state": "off", "memory_mib": 4096)";
    if (!image.empty()) {
        std::string spec = image;
        spec.insert(1, spec.find("size_gib") == std::string::npos ? R"("size_gib": 4, "files": 20, )"
                                                                  : R"("files": 20, )");
        one += R"(, "disks": [{"path": "D:\\VMs\\)" + name + R"(.vhdx", "image": )" + spec + "}]";
    }
    return one + more + "}";
}

World::World(const WorldSpec& spec) : spec_(spec) {
    std::random_device random;
    do
        directory_ = (fs::temp_directory_path() / ("exhyperv-world-" + std::to_string(random()))).string();
    while (!fs::create_directory(directory_));
    if (!spec.fault_script.empty()) {
        std::FILE* file = std::fopen((directory_ + "/faults.json").c_str(), "wb");
        std::fwrite(spec.fault_script.data(), 1, spec.fault_script.size(), file);
        std::fclose(file);
    }
}

World::~World() {
    host_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

std::unique_ptr<host::Host> World::open() const {
    sim::SimOptions options;
    options.scenario = "test";
    options.scenario_text = scenario_of(spec_);
    options.data_directory = directory_ + "/data";
    options.uri = "sim:test";
    if (!spec_.fault_script.empty()) options.fault_script = directory_ + "/faults.json";
    auto host = sim::make_host(options);
    if (!host) or_throw(host.error());
    return std::move(*host);
}

host::Host& World::host() {
    if (!host_) host_ = open();
    return *host_;
}

Result<Plan> World::plan_add(GpuAddRequest request) {
    if (request.gpu.empty()) request.gpu = kCard;
    if (request.vm.empty()) request.vm = "target";
    return plan_gpu_add(environment(), request, in_time());
}

Result<Plan> World::plan_remove(GpuRemoveRequest request) {
    if (request.vm.empty()) request.vm = "target";
    return plan_gpu_remove(environment(), request, in_time());
}

Result<OperationResult> World::add(GpuAddRequest request) {
    TRY_ASSIGN(const auto plan, plan_add(std::move(request)));
    return execute(environment(), plan, {}, in_time());
}

Result<OperationResult> World::remove(GpuRemoveRequest request) {
    TRY_ASSIGN(const auto plan, plan_remove(std::move(request)));
    return execute(environment(), plan, {}, in_time());
}

model::Vm World::vm(const std::string& name) {
    auto vms = hyperv::list_vms(host().cim(), in_time());
    if (!vms) or_throw(vms.error());
    auto vm = hyperv::find_vm(*vms, name);
    if (!vm) or_throw(vm.error());
    return *vm;
}

std::string World::disk_of(const std::string& name) {
    auto local = host().files().local_path(vm(name).disks.at(0).path);
    if (!local) or_throw(local.error());
    return *local;
}

void World::become(const World& other) {
    host_.reset();
    fs::remove_all(directory_);
    fs::copy(other.directory_, directory_, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    // Times belong to the driver store: a package whose files are newer is another package.
    for (const auto& entry : fs::recursive_directory_iterator(other.directory_))
        if (entry.is_regular_file())
            fs::last_write_time(directory_ / fs::relative(entry.path(), other.directory_), entry.last_write_time());
}

} // namespace exhyperv::assign
