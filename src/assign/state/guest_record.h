#pragma once

#include "support/guid.h"
#include "support/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace exhyperv::assign {

/// One system of a VM: a disk may have several.
struct GuestPlace {
    std::string disk; ///< as the VM's settings name it
    std::uint32_t partition = 0;
    [[nodiscard]] bool is(const GuestPlace& other) const;
};

/// Into which system of a VM a card's driver was put.
struct GuestRecord {
    std::string card; ///< instance path
    GuestPlace place;
    std::string driver_version;
};

/// <state>/guests/<VM GUID>.json. Empty when nothing was imported. Errors: `state.corrupt` {path}, file.*.
[[nodiscard]] Result<std::vector<GuestRecord>> guest_records(const std::string& state_directory, const Guid& vm);
/// Adds the record, or replaces that of the same card in the same system.
[[nodiscard]] Result<> remember_guest(const std::string& state_directory, const Guid& vm, const GuestRecord& record);
[[nodiscard]] Result<> forget_guest(const std::string& state_directory, const Guid& vm, const std::string& card,
                                    const GuestPlace& place);

/// The host's copy of the manifest of one system of a VM (drivers::read_manifest_copy).
[[nodiscard]] std::string manifest_copy_path(const std::string& state_directory, const Guid& vm,
                                             const GuestPlace& place);

} // namespace exhyperv::assign
