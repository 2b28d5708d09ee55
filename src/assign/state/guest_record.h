#pragma once

#include "support/guid.h"
#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// Into which disk of a VM a card's driver was put.
struct GuestRecord {
    std::string card; ///< instance path
    std::string disk; ///< image path on the host
    std::uint32_t partition = 0;
    std::string driver_version;
};

/// <state>/guests/<VM GUID>.json. Empty when nothing was imported. Errors: `state.corrupt` {path}, file.*.
[[nodiscard]] Result<std::vector<GuestRecord>> guest_records(const std::string& state_directory, const Guid& vm);
/// Adds the record, or replaces that of the same card.
[[nodiscard]] Result<> remember_guest(const std::string& state_directory, const Guid& vm, const GuestRecord& record);
[[nodiscard]] Result<> forget_guest(const std::string& state_directory, const Guid& vm, const std::string& card);

/// The host's copy of the manifest of one disk of a VM (drivers::read_manifest_copy).
[[nodiscard]] std::string manifest_copy_path(const std::string& state_directory, const Guid& vm,
                                             const std::string& disk);

} // namespace exhyperv::assign
