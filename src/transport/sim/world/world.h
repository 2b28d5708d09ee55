#pragma once

#include "transport/sim/world/hardware.h"
#include "transport/sim/world/vm.h"

#include <string_view>

namespace exhyperv::sim {

/// The host itself.
struct HostState {
    std::string name = "HOST";
    std::uint32_t build = 26100;
    std::string os_name;
    std::uint32_t product_type = 1; ///< 1 workstation, 2 domain controller, 3 server
    std::uint32_t sku = 48;
    std::string language = "en-US"; ///< "zh-CN": localized captions, descriptions and job texts
    std::string processor_name;
    std::uint32_t processors = 16;
    std::uint64_t memory_mib = 65536;
    std::uint32_t physical_address_bits = 46;
    bool hyperv_installed = true; ///< the namespace root\virtualization\v2 exists
    bool service_running = true;
    bool elevated = true;
    bool can_read = true;    ///< false: neither administrator nor Hyper-V administrator: empty enumerations
    bool iov_support = true; ///< IOMMU usable by Hyper-V
    std::vector<std::string> iov_reasons;
    bool dma_protection = true;
    bool refuses_assignment =
        false; ///< adding a PCI Express port to a VM is refused outright (seen on client editions)
    std::string vm_root = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V";
    std::optional<std::uint64_t> free_bytes; ///< what free_space answers; unset: the real file system's
    template <class A>
    void fields(A& a) {
        a(name, build, os_name, product_type, sku, language, processor_name, processors, memory_mib,
          physical_address_bits, hyperv_installed, service_running, elevated, can_read, iov_support, iov_reasons,
          dma_protection, refuses_assignment, vm_root, free_bytes);
    }
    [[nodiscard]] bool server() const { return product_type != 1; }
    [[nodiscard]] bool chinese() const { return language.starts_with("zh"); }
};

struct StoredRegistryValue {
    std::string name;
    std::uint32_t type = 0;
    std::string data; ///< raw bytes
    template <class A>
    void fields(A& a) {
        a(name, type, data);
    }
};
struct StoredRegistryKey {
    std::string path; ///< below HKEY_LOCAL_MACHINE
    std::vector<StoredRegistryValue> values;
    template <class A>
    void fields(A& a) {
        a(path, values);
    }
};

/// A published driver package: what SetupGetInfDriverStoreLocation knows.
struct DriverPackage {
    std::string inf;       ///< oem12.inf
    std::string directory; ///< nv_dispi.inf_amd64_…, below DriverStore\FileRepository
    std::string spec;      ///< PackageSpec as JSON (material/spec_json.h), to make it when it is first needed
    bool made = false;
    template <class A>
    void fields(A& a) {
        a(inf, directory, spec, made);
    }
};

/// A guest disk of the scenario that is made when it is first needed.
struct DiskArtifact {
    std::string path;   ///< host path
    std::string spec;   ///< GuestSpec as JSON (material/spec_json.h)
    std::string parent; ///< host path of the parent image, for a checkpoint's leaf
    bool made = false;  ///< once made, a missing file is a missing file
    template <class A>
    void fields(A& a) {
        a(path, spec, parent, made);
    }
};

/// One method call, as a job holds it until it is due.
struct Request {
    std::string object, method;
    std::vector<std::pair<std::string, StoredValue>> parameters;
    template <class A>
    void fields(A& a) {
        a(object, method, parameters);
    }
};

struct Job {
    Guid id;
    std::uint16_t type = 0;
    bool storage = false; ///< Msvm_StorageJob
    std::optional<Guid> vm;
    std::int64_t submitted_ms = 0, due_ms = 0, finished_ms = 0; ///< finished 0: still running
    std::uint16_t state = 4;                                    ///< final state once finished
    std::uint16_t error_code = 0;
    std::string error_description, error_summary;
    std::uint16_t stops_at_percent = 100;
    std::vector<std::string> affected; ///< object paths
    std::optional<Request> request;    ///< what is done when it is due
    template <class A>
    void fields(A& a) {
        a(id, type, storage, vm, submitted_ms, due_ms, finished_ms, state, error_code, error_description, error_summary,
          stops_at_percent, affected, request);
    }
};

struct Mount {
    std::string path;
    bool read_only = false;
    std::uint8_t port = 0, path_id = 0, target = 0, lun = 0;
    template <class A>
    void fields(A& a) {
        a(path, read_only, port, path_id, target, lun);
    }
};

struct Tuning {
    std::uint8_t answers = 0; ///< sim::Answers
    std::uint32_t job_ms = 40, lag_ms = 0, latency_ms = 0;
    std::uint32_t job_keep_ms = 300'000;
    template <class A>
    void fields(A& a) {
        a(answers, job_ms, lag_ms, latency_ms, job_keep_ms);
    }
};

/// Everything the simulated host is. CIM instances are projections of it.
struct World {
    HostState host;
    Tuning tuning;
    std::vector<Vm> vms;
    std::vector<PciFunction> functions;
    std::vector<OtherNode> nodes;
    std::vector<HostDisk> disks;
    std::vector<Gpu> gpus;
    std::vector<StoredRegistryKey> registry;
    std::vector<DriverPackage> packages;
    std::vector<DiskArtifact> images;
    std::vector<Job> jobs;
    std::vector<Mount> mounts;
    std::string faults;                    ///< the scenario's fault script (schema/fault-script.schema.json), or empty
    std::vector<std::uint32_t> fault_seen; ///< how often its rules have matched
    std::uint32_t next_process_id = 4000;
    template <class A>
    void fields(A& a) {
        a(host, tuning, vms, functions, nodes, disks, gpus, registry, packages, images, jobs, mounts, faults,
          fault_seen, next_process_id);
    }
};

// Lookups. Null when there is no such thing; names and paths compare without case, as Windows does.
[[nodiscard]] Vm* find_vm(World& world, const Guid& id);
[[nodiscard]] const Vm* find_vm(const World& world, const Guid& id);
/// DeviceID of the Msvm_DiskDrive of a host disk.
[[nodiscard]] std::string disk_device_id(const HostDisk& disk);
/// The host disk that this drive passes through; null: it is another kind of drive, or names none.
[[nodiscard]] const HostDisk* passed_through(const World& world, const Drive& drive);
/// By PCI\… or PCIP\… instance path, or pure id.
[[nodiscard]] PciFunction* find_function(World& world, std::string_view path);
[[nodiscard]] const PciFunction* find_function(const World& world, std::string_view path);
[[nodiscard]] PciFunction* find_function_at(World& world, std::string_view location_path);
[[nodiscard]] const Gpu* find_gpu(const World& world, std::string_view interface_path);
/// Is the GPU's row in Msvm_PartitionableGpu: its function is on the host, enabled and works.
[[nodiscard]] bool gpu_listed(const World& world, const Gpu& gpu);
/// The VM whose settings hold the function, if any.
[[nodiscard]] const Vm* owner_of(const World& world, const PciFunction& function);
[[nodiscard]] const StoredRegistryKey* find_key(const World& world, std::string_view path);
[[nodiscard]] std::optional<std::uint32_t> registry_number(const World& world, std::string_view path,
                                                           std::string_view name);

} // namespace exhyperv::sim
