#pragma once

// One way into the WMI headers: windows.h first, without its GDI macro that would rename IWbemServices::GetObject.
#include <windows.h>

#undef GetObject
#include <wbemidl.h>
#include <wrl/client.h>

namespace exhyperv::wmi_com {

using Microsoft::WRL::ComPtr;

/// WBEM_E_NOT_FOUND with the sign of an HRESULT.
inline constexpr HRESULT kNotFound = static_cast<HRESULT>(WBEM_E_NOT_FOUND);

} // namespace exhyperv::wmi_com
