#include "platform/network.h"

#include "support/scope_guard.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace exhyperv::platform {

std::string machine_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return {};
    const std::string whole = name.data();
    return whole.substr(0, whole.find('.'));
}

std::vector<std::string> own_addresses() {
    std::vector<std::string> out;
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return out;
    const ScopeGuard free_it([&] { ::freeifaddrs(first); });
    for (const ifaddrs* entry = first; entry; entry = entry->ifa_next) {
        if (!entry->ifa_addr) continue;
        std::array<char, INET6_ADDRSTRLEN> text{};
        const void* address = nullptr;
        const int family = entry->ifa_addr->sa_family;
        if (family == AF_INET) address = &reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr;
        if (family == AF_INET6) address = &reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr)->sin6_addr;
        if (address && ::inet_ntop(family, address, text.data(), text.size()) &&
            std::find(out.begin(), out.end(), text.data()) == out.end())
            out.emplace_back(text.data());
    }
    return out;
}

bool claim_address(std::uintptr_t socket) {
    const int on = 1;
    return ::setsockopt(static_cast<int>(socket), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
}

} // namespace exhyperv::platform
