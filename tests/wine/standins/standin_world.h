#pragma once

#include "host/host.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::standins {

/// The simulated host the environment names, with device nodes as of the last listing. A node's number is its place in
/// the list, from 1; it stays the same while the process lives, as a DEVINST does.
class World {
  public:
    static World& instance();

    /// Reads all nodes anew. 0, or the CONFIGRET the failure stands for.
    std::uint32_t refresh();
    [[nodiscard]] std::vector<std::string> paths();
    [[nodiscard]] std::uint32_t number_of(const std::string& instance_path, bool phantoms); ///< 0: none
    [[nodiscard]] std::optional<host::DeviceRecord> record(std::uint32_t number);
    std::uint32_t set_enabled(std::uint32_t number, bool enabled);

    /// Disks; their own nodes are known to number_of() and record() too, but stand in no list.
    std::uint32_t refresh_disks();
    [[nodiscard]] std::vector<host::HostDevices::Disk> disks();
    std::uint32_t set_disk_online(std::uint32_t disk, bool online);

    [[nodiscard]] host::Host& host() { return *host_; }

  private:
    World();
    std::uint32_t add(host::DeviceRecord record);

    std::unique_ptr<host::Host> host_;
    std::mutex mutex_;
    std::vector<host::DeviceRecord> known_; ///< number - 1
    std::vector<std::string> listed_;
    std::vector<host::HostDevices::Disk> disks_;
};

[[nodiscard]] std::string disk_interface(std::uint32_t disk);
[[nodiscard]] std::string disk_instance(std::uint32_t disk);

} // namespace exhyperv::standins
