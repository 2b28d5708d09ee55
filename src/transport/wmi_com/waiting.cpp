#include "transport/wmi_com/waiting.h"

#include "host/wbem_error.h"
#include "transport/wmi_com/com_error.h"

#include <algorithm>
#include <array>

namespace exhyperv::wmi_com {
namespace {

constexpr std::chrono::milliseconds kSlice{50};
constexpr std::size_t kMostObjects = 1'000'000;
constexpr ULONG kBatch = 256;

LONG slice(const CallContext& context) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(context.deadline.left());
    return static_cast<LONG>(std::min(left, kSlice).count());
}

} // namespace

Result<ComPtr<IWbemClassObject>> wait_for_object(IWbemCallResult& call, const Blanket& blanket,
                                                 const CallContext& context, const std::string& what) {
    TRY(blanket.cover(call, what));
    for (;;) {
        TRY(context.check(what));
        ComPtr<IWbemClassObject> object;
        const HRESULT result = call.GetResultObject(slice(context), object.GetAddressOf());
        if (result == WBEM_S_TIMEDOUT) continue;
        if (FAILED(result)) return fail(com_error(result, what));
        return object;
    }
}

Result<> wait_for_end(IWbemCallResult& call, const Blanket& blanket, const CallContext& context,
                      const std::string& what) {
    TRY(blanket.cover(call, what));
    for (;;) {
        TRY(context.check(what));
        LONG status = 0;
        const HRESULT result = call.GetCallStatus(slice(context), &status);
        if (result == WBEM_S_TIMEDOUT) continue;
        if (FAILED(result)) return fail(com_error(result, what));
        if (FAILED(status)) return fail(com_error(static_cast<HRESULT>(status), what));
        return {};
    }
}

Result<> for_each_object(IEnumWbemClassObject& objects, const Blanket& blanket, const CallContext& context,
                         const std::string& what, const std::function<Result<>(IWbemClassObject&)>& take) {
    TRY(blanket.cover(objects, what));
    std::size_t count = 0;
    for (;;) {
        TRY(context.check(what));
        std::array<IWbemClassObject*, kBatch> batch{};
        ULONG returned = 0;
        const HRESULT result = objects.Next(slice(context), kBatch, batch.data(), &returned);
        std::array<ComPtr<IWbemClassObject>, kBatch> owned;
        for (ULONG i = 0; i < std::min(returned, kBatch); ++i)
            owned[i].Attach(batch[i]);
        if (FAILED(result)) return fail(com_error(result, what));
        for (ULONG i = 0; i < std::min(returned, kBatch); ++i) {
            if (++count > kMostObjects) {
                auto error = host::wbem_error("cim.provider_failure", what);
                error.detail = "too many objects";
                return fail(std::move(error));
            }
            TRY(take(*owned[i].Get()));
        }
        // WBEM_S_FALSE: fewer than asked for, no more will come. WBEM_S_TIMEDOUT: ask again.
        if (result == WBEM_S_FALSE) return {};
        if (result == WBEM_S_NO_ERROR && returned == 0) return {};
    }
}

} // namespace exhyperv::wmi_com
