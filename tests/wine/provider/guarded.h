#pragma once

#include "com_object.h"

#include <atomic>

namespace exhyperv::provider {

/// What the proxies of WMI are to a client: they answer to IClientSecurity, and refuse every call until a blanket was
/// put on them that lets the service act in the caller's name.
template <class Interface>
class Guarded : public ComObject<Interface, IClientSecurity> {
  public:
    HRESULT STDMETHODCALLTYPE SetBlanket(IUnknown*, DWORD, DWORD, OLECHAR*, DWORD authentication, DWORD impersonation,
                                         void*, DWORD) override {
        covered_ = authentication >= RPC_C_AUTHN_LEVEL_CALL && impersonation >= RPC_C_IMP_LEVEL_IMPERSONATE;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE QueryBlanket(IUnknown*, DWORD*, DWORD*, OLECHAR**, DWORD*, DWORD*, void**,
                                           DWORD*) override {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE CopyProxy(IUnknown* proxy, IUnknown** copy) override {
        if (!proxy || !copy) return E_POINTER;
        proxy->AddRef();
        *copy = proxy;
        return S_OK;
    }

  protected:
    [[nodiscard]] bool covered() const { return covered_; }

  private:
    std::atomic<bool> covered_ = false;
};

} // namespace exhyperv::provider
