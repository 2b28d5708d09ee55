#pragma once

#include "drivers/package.h"
#include "drivers/vendor_table.h"

namespace exhyperv::drivers {

/// Finds the vendor table's names in the packages and appends them to drivers.promotions; targets that are there
/// already (from the registry's lists) stay as they are. A name that no file or several files have becomes a warning.
void add_table_promotions(const VendorEntry& vendor, ResolvedDrivers& drivers);

} // namespace exhyperv::drivers
