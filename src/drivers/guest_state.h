#pragma once

#include "guest/volume.h"
#include "support/deadline.h"
#include "support/strings.h"

#include <map>
#include <set>
#include <string>

namespace exhyperv::drivers {

/// A directory of the guest and everything below it, by path relative to it. Reparse points are listed, not entered.
using GuestTree = std::map<std::string, guest::FileInfo, ILess>;

/// Looks at a guest's volume for the planner, remembering what it saw.
class GuestState {
  public:
    GuestState(guest::GuestVolume& volume, const CallContext& context) : volume_(volume), context_(context) {}

    /// Empty when the directory does not exist. Errors: drivers.unsafe_guest_path, and the volume's.
    [[nodiscard]] Result<GuestTree> tree(const std::string& directory);
    /// Fails with drivers.unsafe_guest_path when the path or one above it exists and is no plain directory.
    [[nodiscard]] Result<> require_plain_directory(const std::string& directory);
    [[nodiscard]] Result<bool> exists(const std::string& path);
    [[nodiscard]] Result<std::optional<guest::FileInfo>> stat(const std::string& path) { return volume_.stat(path); }
    /// A name beside `path` that nothing has: "<leaf>.exhyperv-backup", "….exhyperv-backup-2", …
    [[nodiscard]] Result<std::string> free_backup_name(const std::string& path);
    /// True the first time a directory is asked about.
    [[nodiscard]] bool plan_directory(const std::string& directory) { return planned_.insert(directory).second; }
    [[nodiscard]] guest::GuestVolume& volume() { return volume_; }

  private:
    guest::GuestVolume& volume_;
    const CallContext& context_;
    std::set<std::string, ILess> plain_, missing_, planned_;
};

} // namespace exhyperv::drivers
