#pragma once

#include "drivers/inf.h"
#include "host/registry.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::drivers {

/// Where a package would be installed.
struct InfPlace {
    std::string folder;    ///< of the driver store: "nv_dispi.inf_amd64_8f2a…"
    std::string class_key; ///< "{4d36e968-…}\0001"
};

/// The name of the device's function driver: the AddService line flagged as such (0x2), else the only one.
/// Empty: the INF installs none.
[[nodiscard]] std::string service_of_inf(const Inf& inf, const InfModel& model, std::string_view architecture);

/// What installing the model would write, as far as its directives say: AddReg lines of the install section below HKR
/// (the class key and its subkeys) and the services' Type, Start, ErrorControl, Group, ImagePath, DisplayName. Paths
/// below HKEY_LOCAL_MACHINE. Directory numbers 1, 10, 11, 12 and 13 are put in; values with others, of unknown types,
/// or past 10,000 are left out. Include and Needs are not followed.
[[nodiscard]] std::vector<host::RegistryKey> registry_of_inf(const Inf& inf, const InfModel& model,
                                                             std::string_view architecture, const InfPlace& place);

} // namespace exhyperv::drivers
