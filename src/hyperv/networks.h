#pragma once

#include "host/cim_session.h"
#include "support/deadline.h"

#include <optional>
#include <string>
#include <vector>

namespace exhyperv::hyperv {

/// A network adapter of the host, as far as it tells whether somebody would miss it.
struct NetworkAdapter {
    std::string instance_path;     ///< Win32_NetworkAdapter.PNPDeviceID
    std::optional<bool> connected; ///< NetConnectionStatus 2; no value: the host does not tell
    bool has_address = false;      ///< TCP/IP is bound to it (IPEnabled)
    bool has_gateway = false;      ///< the host's way to other networks leads over it
};

/// Win32_NetworkAdapter joined with Win32_NetworkAdapterConfiguration by InterfaceIndex: two queries. A connected
/// adapter without an address is bound to something else, on these hosts a virtual switch.
[[nodiscard]] Result<std::vector<NetworkAdapter>> list_network_adapters(host::CimSession& session,
                                                                        const CallContext& context);

} // namespace exhyperv::hyperv
