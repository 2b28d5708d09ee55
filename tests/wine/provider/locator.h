#pragma once

#include "com_object.h"

namespace exhyperv::provider {

/// Makes locators; what CLSID_WbemLocator leads to where this provider stands in for Windows' own.
class LocatorFactory final : public ComObject<IClassFactory> {
  public:
    HRESULT STDMETHODCALLTYPE CreateInstance(IUnknown* outer, REFIID id, void** out) override;
    HRESULT STDMETHODCALLTYPE LockServer(BOOL) override { return S_OK; }
};

} // namespace exhyperv::provider
