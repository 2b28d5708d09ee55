#pragma once

#include "background.h"
#include "cim/instance.h"
#include "guarded.h"
#include "simulation.h"

#include <memory>
#include <optional>
#include <vector>

namespace exhyperv::provider {

using Rows = std::vector<cim::Instance>;
using Reply = ComPtr<IWbemClassObject>; ///< null: a call without an object

/// The rows of a query, as they become known.
class Enumerator final : public Guarded<IEnumWbemClassObject> {
  public:
    Enumerator(std::shared_ptr<Simulation> simulation, std::function<Result<Rows>(const CallContext&)> call);
    HRESULT STDMETHODCALLTYPE Next(LONG timeout, ULONG count, IWbemClassObject** objects, ULONG* returned) override;
    HRESULT STDMETHODCALLTYPE Reset() override { return WBEM_E_INVALID_OPERATION; } // forward-only
    HRESULT STDMETHODCALLTYPE NextAsync(ULONG, IWbemObjectSink*) override { return WBEM_E_NOT_SUPPORTED; }
    HRESULT STDMETHODCALLTYPE Clone(IEnumWbemClassObject**) override { return WBEM_E_INVALID_OPERATION; }
    HRESULT STDMETHODCALLTYPE Skip(LONG, ULONG) override { return WBEM_E_NOT_SUPPORTED; }

  private:
    std::shared_ptr<Simulation> simulation_;
    std::size_t next_ = 0;
    Background<Rows> work_; // last: its thread uses the others
};

/// The outcome of GetObject, PutInstance or ExecMethod.
class CallResult final : public Guarded<IWbemCallResult> {
  public:
    CallResult(std::function<Result<Reply>(const CallContext&)> call, const char* operation)
        : operation_(operation), work_(std::move(call)) {}
    HRESULT STDMETHODCALLTYPE GetResultObject(LONG timeout, IWbemClassObject** object) override;
    HRESULT STDMETHODCALLTYPE GetResultString(LONG, BSTR*) override { return WBEM_E_NOT_SUPPORTED; }
    HRESULT STDMETHODCALLTYPE GetResultServices(LONG, IWbemServices**) override { return WBEM_E_NOT_SUPPORTED; }
    HRESULT STDMETHODCALLTYPE GetCallStatus(LONG timeout, LONG* status) override;

  private:
    const char* operation_;
    Background<Reply> work_;
};

} // namespace exhyperv::provider
