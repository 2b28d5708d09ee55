#pragma once

#include "support/result.h"
#include "transport/wmi_com/wbem_headers.h"

namespace exhyperv::wmi_com {

/// Keeps the process's multithreaded apartment alive: every thread that entered no apartment of its own works in it, so
/// that the proxies of a session can be used from all of them. Movable.
class Apartment {
  public:
    /// Error: cim.provider_failure with the HRESULT of COM.
    static Result<Apartment> enter();
    Apartment(Apartment&& other) noexcept;
    Apartment(const Apartment&) = delete;
    Apartment& operator=(const Apartment&) = delete;
    ~Apartment();

  private:
    explicit Apartment(CO_MTA_USAGE_COOKIE cookie) : cookie_(cookie) {}
    CO_MTA_USAGE_COOKIE cookie_;
};

} // namespace exhyperv::wmi_com
