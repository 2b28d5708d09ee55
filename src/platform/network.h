#pragma once

#include <string>
#include <vector>

namespace exhyperv::platform {

/// This machine's name, without a domain. Empty when the system does not tell.
[[nodiscard]] std::string machine_name();
/// The addresses of this machine's network interfaces, loopback included, as text: "192.168.1.5", "fe80::1" (without
/// the scope). Empty when the system does not tell.
[[nodiscard]] std::vector<std::string> own_addresses();

} // namespace exhyperv::platform
