#pragma once

#include "plan_text.h"

#include "assign/device/transition.h"
#include "assign/operations.h"
#include "host/host.h"
#include "model/pci_device.h"
#include "model/vm.h"
#include "transport/sim/sim_host_impl.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace exhyperv::assign {

/// What a simulated host of these tests is made from. Everything in it is synthesized.
struct WorldSpec {
    bool server = true;
    bool iommu = true;
    std::uint32_t build = 26100;
    std::string answers = "natural"; ///< natural, sync, job
    std::chrono::milliseconds lag{0};
    bool on_disk = false; ///< the state can be seen from other processes and copied
    std::string fault_script;
    std::string devices;                        ///< JSON objects put behind the usual ones, with a leading comma
    std::shared_ptr<const sim::SimClock> clock; ///< null: the system's
};

inline constexpr const char* kGpu = "Quadro RTX 4000";
inline constexpr const char* kAudio = "VEN_10DE&DEV_10F8&SUBSYS_12A010DE&REV_A1\\4&22525BED&0&0118";
inline constexpr const char* kStorage = "VEN_8086&DEV_0A54&SUBSYS_00048086&REV_00\\5&2F1B2A9&0&0010"; ///< data disks
inline constexpr const char* kNic = "VEN_8086&DEV_1572&SUBSYS_00088086&REV_02\\4&98A2C1&0&0008";
inline constexpr const char* kGpuId = "VEN_10DE&DEV_1EB1&SUBSYS_12A010DE&REV_A1\\4&22525BED&0&0018";

/// A host with a card and its audio function, a board management display, a system and a data storage controller, a USB
/// controller with the keyboard, a network card; and the VMs alpha (dynamic memory, saves), beta and busy (running).
class World {
  public:
    explicit World(const WorldSpec& spec = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] sim::SimHost& host();
    [[nodiscard]] Environment environment() { return {host(), state_directory()}; }
    [[nodiscard]] std::string state_directory() const { return directory_ + "/state"; }
    void close() { host_.reset(); } ///< as at the end of a process
    /// Copies another world's directory over this one's (on_disk only).
    void become(const World& other);

    [[nodiscard]] Result<Plan> plan_assign(const std::vector<std::string>& devices, const std::string& vm,
                                           DeviceAssignRequest request = {});
    [[nodiscard]] Result<Plan> plan_return(const std::vector<std::string>& devices, DeviceReturnRequest request = {});
    [[nodiscard]] Result<Plan> plan_recover(DeviceRecoverRequest request = {});
    [[nodiscard]] Result<OperationResult> run(const Result<Plan>& plan);

    [[nodiscard]] model::Vm vm(const std::string& name);
    [[nodiscard]] model::PciDevice device(const std::string& pure_id = kGpuId);
    /// Starts the VM as a person would; empty when it runs, else the provider's text. Turns it off again.
    [[nodiscard]] std::string start(const std::string& vm);
    /// Changes the world behind the provider's back.
    void intervene(const std::function<void(sim::World&)>& change);

  private:
    WorldSpec spec_;
    std::string directory_;
    std::unique_ptr<host::Host> host_;
};

/// "done", or what happened instead, with all errors: for assertions.
[[nodiscard]] std::string outcome_text(const Result<OperationResult>& result);

} // namespace exhyperv::assign
