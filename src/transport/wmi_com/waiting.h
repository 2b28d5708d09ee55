#pragma once

#include "support/deadline.h"
#include "transport/wmi_com/blanket.h"
#include "transport/wmi_com/wbem_headers.h"

#include <functional>
#include <string>

namespace exhyperv::wmi_com {

// Semi-synchronous calls: WMI works on its own, we ask in slices, so that a deadline or a cancellation is seen within
// one.

/// The object a call ends with; null when it has none. Errors: call.timeout, call.cancelled, and the call's own.
[[nodiscard]] Result<ComPtr<IWbemClassObject>> wait_for_object(IWbemCallResult& call, const Blanket& blanket,
                                                               const CallContext& context, const std::string& what);
/// The end of a call that has no object.
[[nodiscard]] Result<> wait_for_end(IWbemCallResult& call, const Blanket& blanket, const CallContext& context,
                                    const std::string& what);
/// Hands out each object of an enumeration, fetched in batches. Bounded: 1,000,000 objects (cim.provider_failure).
[[nodiscard]] Result<> for_each_object(IEnumWbemClassObject& objects, const Blanket& blanket,
                                       const CallContext& context, const std::string& what,
                                       const std::function<Result<>(IWbemClassObject&)>& take);

} // namespace exhyperv::wmi_com
