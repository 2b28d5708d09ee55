#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace exhyperv::platform {

/// This machine's name, without a domain. Empty when the system does not tell.
[[nodiscard]] std::string machine_name();
/// The addresses of this machine's network interfaces, loopback included, as text: "192.168.1.5", "fe80::1" (without
/// the scope). Empty when the system does not tell.
[[nodiscard]] std::vector<std::string> own_addresses();

/// Before a listening socket is bound: its address is to be this program's alone, and free again at once when the
/// program ends. (On POSIX that is SO_REUSEADDR; on Windows the same option would let any program take the port away,
/// and another one says "mine".) False when the system refuses.
[[nodiscard]] bool claim_address(std::uintptr_t socket);

} // namespace exhyperv::platform
