#pragma once

#include "transport/wmi_com/wbem_headers.h"

#include <atomic>

namespace exhyperv::provider {

using wmi_com::ComPtr;

// COM interfaces have no virtual destructors; objects are deleted by their own class only, in Release().
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#endif

/// A COM object with the given interfaces and one count of references. It begins with one reference, the maker's.
template <class First, class... Others>
class ComObject : public First, public Others... {
  public:
    ComObject() = default;
    ComObject(const ComObject&) = delete;
    ComObject& operator=(const ComObject&) = delete;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** out) override {
        if (!out) return E_POINTER;
        *out = nullptr;
        if (IsEqualIID(id, __uuidof(IUnknown))) *out = static_cast<IUnknown*>(static_cast<First*>(this));
        if (IsEqualIID(id, __uuidof(First))) *out = static_cast<First*>(this);
        ((IsEqualIID(id, __uuidof(Others)) ? void(*out = static_cast<Others*>(this)) : void()), ...);
        if (!*out) return E_NOINTERFACE;
        AddRef();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return ++references_; }
    ULONG STDMETHODCALLTYPE Release() override {
        const ULONG left = --references_;
        if (left == 0) delete this;
        return left;
    }

  protected:
    virtual ~ComObject() = default;

  private:
    std::atomic<ULONG> references_ = 1;
};

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/// A new object as one of its interfaces.
template <class Object, class Interface, class... Arguments>
ComPtr<Interface> make(Arguments&&... arguments) {
    ComPtr<Interface> out;
    out.Attach(new Object(std::forward<Arguments>(arguments)...));
    return out;
}

} // namespace exhyperv::provider
