#include "locator.h"

// The DLL's door: registered under CLSID_WbemLocator in a throw-away Wine prefix (tests/wine/README.md).

extern "C" __declspec(dllexport) HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID class_id, REFIID id, void** out) {
    if (!IsEqualCLSID(class_id, CLSID_WbemLocator)) return CLASS_E_CLASSNOTAVAILABLE;
    return exhyperv::provider::make<exhyperv::provider::LocatorFactory, IClassFactory>()->QueryInterface(id, out);
}

extern "C" __declspec(dllexport) HRESULT STDMETHODCALLTYPE DllCanUnloadNow() {
    return S_FALSE; // calls may be at work on threads of their own
}
