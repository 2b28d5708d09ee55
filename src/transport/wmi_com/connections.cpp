#include "transport/wmi_com/connections.h"

#include "transport/wmi_com/bstr.h"
#include "transport/wmi_com/com_error.h"

namespace exhyperv::wmi_com {

Connections::Connections(Apartment apartment, Target target)
    : apartment_(std::move(apartment)), target_(std::move(target)), blanket_(target_) {}

Connections::~Connections() {
    SecureZeroMemory(target_.password.data(), target_.password.size());
}

Result<ComPtr<IWbemServices>> Connections::services(std::string_view name_space) {
    auto space = replace_all(std::string(name_space), "/", "\\");
    {
        const std::lock_guard lock(mutex_);
        if (const auto open = open_.find(space); open != open_.end()) return open->second;
    }
    clear_error_object();
    ComPtr<IWbemLocator> locator;
    if (const HRESULT result =
            CoCreateInstance(CLSID_WbemLocator, nullptr, CLSCTX_INPROC_SERVER, IID_PPV_ARGS(locator.GetAddressOf()));
        FAILED(result))
        return fail(com_error(result, "WbemLocator"));

    const Bstr place(target_.remote() ? "\\\\" + target_.computer + "\\" + space : space);
    const Bstr user(target_.user), password(target_.password);
    const bool named = target_.remote() && !target_.user.empty(); // WMI refuses credentials for the machine itself
    ComPtr<IWbemServices> services;
    const HRESULT result =
        locator->ConnectServer(place.get(), named ? user.get() : nullptr, named ? password.get() : nullptr, nullptr,
                               WBEM_FLAG_CONNECT_USE_MAX_WAIT, nullptr, nullptr, services.GetAddressOf());
    if (FAILED(result)) return fail(com_error(result, space));
    TRY(blanket_.cover(*services.Get(), space));

    const std::lock_guard lock(mutex_);
    return open_.try_emplace(std::move(space), std::move(services)).first->second;
}

void Connections::forget(std::string_view name_space) {
    const std::lock_guard lock(mutex_);
    open_.erase(replace_all(std::string(name_space), "/", "\\"));
}

} // namespace exhyperv::wmi_com
