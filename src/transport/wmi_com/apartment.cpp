#include "transport/wmi_com/apartment.h"

#include "transport/wmi_com/com_error.h"

namespace exhyperv::wmi_com {

Result<Apartment> Apartment::enter() {
    CO_MTA_USAGE_COOKIE cookie = nullptr;
    if (const HRESULT result = CoIncrementMTAUsage(&cookie); FAILED(result))
        return fail(com_error(result, "CoIncrementMTAUsage"));
    return Apartment(cookie);
}

Apartment::Apartment(Apartment&& other) noexcept : cookie_(other.cookie_) {
    other.cookie_ = nullptr;
}

Apartment::~Apartment() {
    if (cookie_) CoDecrementMTAUsage(cookie_);
}

} // namespace exhyperv::wmi_com
