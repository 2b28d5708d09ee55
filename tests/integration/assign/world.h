#pragma once

#include "plan_text.h"

#include "assign/operations.h"
#include "host/host.h"
#include "model/vm.h"

#include <memory>
#include <string>

namespace exhyperv::assign {

/// What a simulated host of the tests is made from. Everything in it is synthesized.
struct WorldSpec {
    bool server = false;
    std::uint32_t build = 26100;
    std::string answers = "natural"; ///< natural, sync, job
    std::string vms;                 ///< JSON list; empty: one VM "target" with a small Windows disk
    std::string devices;             ///< JSON objects put behind the cards, with a leading comma
    std::string disks = "[]";        ///< JSON list: disks of the host
    std::string fault_script;        ///< JSON; empty: none
};

inline constexpr const char* kCard = "RTX 4070";
inline constexpr const char* kCardName = "NVIDIA GeForce RTX 4070";

/// A VM of the scenario, off, with a small dynamic VHDX; `more` is JSON put at the end of the object, with a leading
/// comma.
[[nodiscard]] std::string vm_json(const std::string& name, const std::string& image = R"({"build": 26100})",
                                  const std::string& more = "");

/// One simulated host with real disks and a real driver store, in a fresh directory that goes with the object.
/// The host's state is on disk, so that several processes, and several objects, see the same host.
class World {
  public:
    explicit World(const WorldSpec& spec = {});
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// The same host once more, from nothing but the files: as another process would.
    [[nodiscard]] std::unique_ptr<host::Host> open() const;
    [[nodiscard]] host::Host& host();
    [[nodiscard]] Environment environment() { return {host(), state_directory()}; }
    [[nodiscard]] std::string state_directory() const { return directory_ + "/state"; }
    [[nodiscard]] const std::string& directory() const { return directory_; }
    /// Lets go of the host, as at the end of a process.
    void close() { host_.reset(); }

    [[nodiscard]] Result<Plan> plan_add(GpuAddRequest request = {});
    [[nodiscard]] Result<Plan> plan_remove(GpuRemoveRequest request = {});
    [[nodiscard]] Result<OperationResult> add(GpuAddRequest request = {});
    [[nodiscard]] Result<OperationResult> remove(GpuRemoveRequest request = {});
    [[nodiscard]] model::Vm vm(const std::string& name = "target");
    [[nodiscard]] std::string disk_of(const std::string& name = "target"); ///< local path of its first disk

    /// Copies a world's directory over this one's: the state a fresh world was in.
    void become(const World& other);

  private:
    WorldSpec spec_;
    std::string directory_;
    std::unique_ptr<host::Host> host_;
};

} // namespace exhyperv::assign
