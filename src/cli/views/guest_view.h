#pragma once

#include "app/guest_report.h"
#include "cli/ui.h"

#include <string>

namespace exhyperv::cli {

/// What lies in a guest's disk: partitions, Windows, drivers this program brought, and what forbids writing.
[[nodiscard]] std::string guest_text(const app::GuestReport& report, const Ui& ui);

} // namespace exhyperv::cli
