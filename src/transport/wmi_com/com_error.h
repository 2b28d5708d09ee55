#pragma once

#include "support/error.h"
#include "transport/wmi_com/wbem_headers.h"

#include <string>

namespace exhyperv::wmi_com {

/// The Error of a failed COM call: the code by its HRESULT (host/wbem_error.h), with the provider's own text out of the
/// error object of this thread (__ExtendedStatus or another class, else IErrorInfo), which is taken away by this.
[[nodiscard]] Error com_error(HRESULT result, std::string what);

/// Forgets an error object left by an earlier call, so that it is not taken for the next one's.
void clear_error_object();

} // namespace exhyperv::wmi_com
