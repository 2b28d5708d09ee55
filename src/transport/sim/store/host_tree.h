#pragma once

#include "support/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace exhyperv::sim {

/// The host's drives as a directory tree: C:\Windows is <root>/C/Windows. Names are found without case, as Windows
/// does.
class HostTree {
  public:
    explicit HostTree(std::string root) : root_(std::move(root)) {}

    [[nodiscard]] bool empty() const { return root_.empty(); }
    [[nodiscard]] const std::string& root() const { return root_; }
    /// Where the host path lies or would lie. Only \\.\PhysicalDriveN, and X:\… paths without "." and "..":
    /// `sim.bad_path` otherwise; `host.files_not_local` when this host has no files.
    [[nodiscard]] Result<std::string> local(std::string_view host_path) const;

  private:
    std::string root_;
};

inline constexpr std::string_view kFileRepository = "C:\\Windows\\System32\\DriverStore\\FileRepository";

} // namespace exhyperv::sim
