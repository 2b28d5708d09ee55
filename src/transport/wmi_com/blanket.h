#pragma once

#include "support/result.h"
#include "transport/wmi_com/credentials.h"
#include "transport/wmi_com/wbem_headers.h"

#include <string>

namespace exhyperv::wmi_com {

/// The security blanket WMI wants on every proxy it hands out: services, enumerators, call results. On this machine
/// authentication per call is enough; to another one packets are encrypted (DCOM hardening asks for integrity at
/// least). Outlives the proxies it was put on.
class Blanket {
  public:
    explicit Blanket(const Target& target);
    Blanket(const Blanket&) = delete;
    Blanket& operator=(const Blanket&) = delete;
    ~Blanket(); ///< wipes the password

    /// Error: that of CoSetProxyBlanket.
    [[nodiscard]] Result<> cover(IUnknown& proxy, const std::string& what) const;

  private:
    std::wstring user_, domain_, password_;
    mutable COAUTHIDENTITY identity_{};
    bool explicit_, remote_;
};

} // namespace exhyperv::wmi_com
