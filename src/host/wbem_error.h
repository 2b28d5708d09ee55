#pragma once

#include "support/error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace exhyperv::host {

/// An HRESULT of the WMI services and the error code it is called by in this program (host/cim_session.h).
struct WbemCode {
    std::string_view code;
    std::uint32_t hresult;
    std::string_view text; ///< what Windows says, in English
};

[[nodiscard]] std::span<const WbemCode> wbem_codes();
[[nodiscard]] const WbemCode* find_wbem_code(std::string_view code); ///< nullptr: not one of them

/// The Error of an HRESULT that a CIM call gave; `what` names the object, class or member the call was about (argument
/// `what` of the text). HRESULTs of a broken connection become session.lost; unknown ones cim.provider_failure.
[[nodiscard]] Error wbem_error(std::uint32_t hresult, std::string what, std::string provider_text = {});
/// The same by code, with the code's own HRESULT and text, as a provider would have refused it.
[[nodiscard]] Error wbem_error(std::string_view code, std::string what);

/// Did the call fail because the connection to the host broke (so that trying again may help)?
[[nodiscard]] bool connection_lost(const Error& error);

} // namespace exhyperv::host
