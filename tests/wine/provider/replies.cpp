#include "replies.h"

#include "answer.h"
#include "class_object.h"

#include <algorithm>

namespace exhyperv::provider {

Enumerator::Enumerator(std::shared_ptr<Simulation> simulation, std::function<Result<Rows>(const CallContext&)> call)
    : simulation_(std::move(simulation)), work_(std::move(call)) {}

HRESULT Enumerator::Next(LONG timeout, ULONG count, IWbemClassObject** objects, ULONG* returned) {
    if (!covered()) return E_ACCESSDENIED;
    if (!objects || !returned) return WBEM_E_INVALID_PARAMETER;
    *returned = 0;
    auto* answer = work_.wait(timeout);
    if (!answer) return WBEM_S_TIMEDOUT;
    if (!*answer) return refuse(answer->error(), "ExecQuery");
    const Rows& rows = **answer;
    for (; *returned < count && next_ < rows.size(); ++next_)
        objects[(*returned)++] = make<ClassObject, IWbemClassObject>(rows[next_], simulation_->name()).Detach();
    return *returned == count ? S_OK : S_FALSE;
}

HRESULT CallResult::GetResultObject(LONG timeout, IWbemClassObject** object) {
    if (!covered()) return E_ACCESSDENIED;
    if (!object) return WBEM_E_INVALID_PARAMETER;
    *object = nullptr;
    auto* answer = work_.wait(timeout);
    if (!answer) return WBEM_S_TIMEDOUT;
    if (!*answer) return refuse(answer->error(), operation_);
    if (**answer) (*answer)->CopyTo(object);
    return WBEM_S_NO_ERROR;
}

HRESULT CallResult::GetCallStatus(LONG timeout, LONG* status) {
    if (!covered()) return E_ACCESSDENIED;
    if (!status) return WBEM_E_INVALID_PARAMETER;
    auto* answer = work_.wait(timeout);
    if (!answer) return WBEM_S_TIMEDOUT;
    *status = *answer ? S_OK : refuse(answer->error(), operation_);
    return WBEM_S_NO_ERROR;
}

} // namespace exhyperv::provider
