#include "hyperv/networks.h"

#include <map>

namespace exhyperv::hyperv {

Result<std::vector<NetworkAdapter>> list_network_adapters(host::CimSession& session, const CallContext& context) {
    constexpr std::uint64_t kConnected = 2;
    TRY_ASSIGN(const auto adapters,
               session.query(host::kCimv2,
                             cim::wql::Query(cim::wql::Select{
                                 {"PNPDeviceID", "NetConnectionStatus", "InterfaceIndex"}, "Win32_NetworkAdapter", {}}),
                             context));
    TRY_ASSIGN(const auto configurations,
               session.query(host::kCimv2,
                             cim::wql::Query(cim::wql::Select{{"InterfaceIndex", "IPEnabled", "DefaultIPGateway"},
                                                              "Win32_NetworkAdapterConfiguration",
                                                              {}}),
                             context));
    std::map<std::uint64_t, const cim::Instance*> by_index;
    for (const cim::Instance& row : configurations)
        if (const auto index = row.uint("InterfaceIndex")) by_index.emplace(*index, &row);
    std::vector<NetworkAdapter> result;
    for (const cim::Instance& row : adapters) {
        NetworkAdapter adapter;
        adapter.instance_path = row.text_or("PNPDeviceID", "");
        if (adapter.instance_path.empty()) continue; // WAN miniports and the like
        if (const auto status = row.uint("NetConnectionStatus")) adapter.connected = *status == kConnected;
        const auto index = row.uint("InterfaceIndex");
        if (const auto found = index ? by_index.find(*index) : by_index.end(); found != by_index.end()) {
            adapter.has_address = found->second->boolean("IPEnabled").value_or(false);
            adapter.has_gateway = !found->second->strings("DefaultIPGateway").empty();
        }
        result.push_back(std::move(adapter));
    }
    return result;
}

} // namespace exhyperv::hyperv
