#pragma once

#include "support/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::wmi_com {

/// What only an open disk or volume tells. Errors: file.* with the path that was opened.
class DiskAccess {
  public:
    struct State {
        std::uint32_t number = 0; ///< of \\.\PhysicalDriveN
        bool online = true;
    };
    virtual ~DiskAccess() = default;
    virtual Result<State> look(const std::string& interface_path) = 0;
    virtual Result<> set_online(std::uint32_t number, bool online) = 0;
    /// Numbers of the disks a volume lies on; the path without a separator at its end ("\\.\C:",
    /// "\\?\GLOBALROOT\Device\HarddiskVolume1").
    virtual Result<std::vector<std::uint32_t>> disks_of_volume(const std::string& volume_path) = 0;
    /// "C:\Windows", also in a terminal session.
    virtual Result<std::string> windows_directory() = 0;
};

} // namespace exhyperv::wmi_com
