#pragma once

#include "support/result.h"
#include "transport/wmi_com/wbem_headers.h"

namespace exhyperv::provider {

/// The HRESULT of a refused call, and the error object WMI leaves on the thread with it: an __ExtendedStatus with the
/// provider's text.
[[nodiscard]] HRESULT refuse(const Error& error, const char* operation);
/// The same without an object, for what WMI itself refuses.
[[nodiscard]] HRESULT number_of(const Error& error);

} // namespace exhyperv::provider
