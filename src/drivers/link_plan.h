#pragma once

#include "drivers/guest_state.h"
#include "drivers/import.h"

#include <string_view>

namespace exhyperv::drivers {

/// Is the table's or registry list's entry for guests like this one?
[[nodiscard]] bool promotion_fits(const Promotion& promotion, guest::Architecture guest);

/// Works out plan.links (and new directories, warnings) from plan.drivers.promotions against the guest's volume.
[[nodiscard]] Result<> plan_links(GuestState& guest, const guest::WindowsInstall& windows, ImportPlan& plan);

/// Appends the missing directories of `path`, itself included, to plan.new_directories.
[[nodiscard]] Result<> plan_directories(GuestState& guest, const std::string& path, ImportPlan& plan);

} // namespace exhyperv::drivers
