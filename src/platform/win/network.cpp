#include "platform/network.h"

#include <winsock2.h>

#include <ws2tcpip.h>

#include <iphlpapi.h>

#include <algorithm>
#include <array>
#include <string>

namespace exhyperv::platform {

std::string machine_name() {
    std::array<char, 256> name{};
    DWORD size = static_cast<DWORD>(name.size());
    return ::GetComputerNameExA(ComputerNameDnsHostname, name.data(), &size) ? std::string(name.data(), size) : "";
}

std::vector<std::string> own_addresses() {
    std::vector<std::string> out;
    ULONG size = 64 * 1024;
    std::vector<unsigned char> buffer(size);
    auto* first = reinterpret_cast<IP_ADAPTER_ADDRESSES*>(buffer.data());
    constexpr ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
    if (::GetAdaptersAddresses(AF_UNSPEC, flags, nullptr, first, &size) != NO_ERROR) return out;
    for (const auto* adapter = first; adapter; adapter = adapter->Next)
        for (const auto* entry = adapter->FirstUnicastAddress; entry; entry = entry->Next) {
            std::array<char, 64> text{};
            if (::getnameinfo(entry->Address.lpSockaddr, entry->Address.iSockaddrLength, text.data(), text.size(),
                              nullptr, 0, NI_NUMERICHOST) != 0)
                continue;
            std::string address = text.data();
            address.resize(std::min(address.find('%'), address.size()));
            if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(std::move(address));
        }
    return out;
}

bool claim_address(std::uintptr_t socket) {
    const BOOL on = TRUE;
    return ::setsockopt(static_cast<SOCKET>(socket), SOL_SOCKET, SO_EXCLUSIVEADDRUSE,
                        reinterpret_cast<const char*>(&on), sizeof on) == 0;
}

} // namespace exhyperv::platform
