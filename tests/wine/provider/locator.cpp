#include "locator.h"

#include "answer.h"
#include "host/wbem_error.h"
#include "services.h"
#include "simulation.h"
#include "support/strings.h"
#include "transport/wmi_com/bstr.h"

namespace exhyperv::provider {
namespace {

class Locator final : public ComObject<IWbemLocator> {
  public:
    HRESULT STDMETHODCALLTYPE ConnectServer(const BSTR resource, const BSTR user, const BSTR password, const BSTR, LONG,
                                            const BSTR, IWbemContext*, IWbemServices** services) override {
        if (!services) return WBEM_E_INVALID_PARAMETER;
        *services = nullptr;
        const auto simulation = current_simulation();
        if (!simulation) return refuse(simulation.error(), "ConnectServer");
        auto name_space = replace_all(wmi_com::from_bstr(resource), "/", "\\");
        (*simulation)->note("ConnectServer " + name_space);
        (*simulation)->connected_as(wmi_com::from_bstr(user));
        if (name_space.starts_with("\\\\")) {
            const auto end = name_space.find('\\', 2);
            const auto machine = name_space.substr(2, end == std::string::npos ? end : end - 2);
            if (!iequals(machine, (*simulation)->name()) && machine != ".")
                return HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
            if (!(*simulation)->lets_in(wmi_com::from_bstr(user), wmi_com::from_bstr(password))) return E_ACCESSDENIED;
            name_space = end == std::string::npos ? std::string() : name_space.substr(end + 1);
        } else if (user || password) {
            return WBEM_E_LOCAL_CREDENTIALS;
        }
        if (!(*simulation)->has_namespace(name_space))
            return refuse(host::wbem_error("cim.invalid_namespace", name_space), "ConnectServer");
        *services = make<Services, IWbemServices>(*simulation, std::move(name_space)).Detach();
        return WBEM_S_NO_ERROR;
    }
};

} // namespace

HRESULT LocatorFactory::CreateInstance(IUnknown* outer, REFIID id, void** out) {
    if (outer) return CLASS_E_NOAGGREGATION;
    return make<Locator, IWbemLocator>()->QueryInterface(id, out);
}

} // namespace exhyperv::provider
