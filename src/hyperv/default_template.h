#pragma once

#include "host/cim_session.h"
#include "support/deadline.h"

#include <cstdint>
#include <optional>
#include <string>

namespace exhyperv::hyperv {

/// The default instance of a settings class, which an added resource must start from: a bare instance is refused with
/// 32773 (wmi-facts 1.8, 1.9). By the way of the associations (primordial pool of `resource_type` → capabilities →
/// template); on hosts whose associations do not lead there, the enumerable template whose InstanceID ends with
/// \Default. No value: there is neither.
[[nodiscard]] Result<std::optional<cim::Instance>> default_template(host::CimSession& session,
                                                                    std::uint64_t resource_type,
                                                                    const std::string& settings_class,
                                                                    const CallContext& context);

} // namespace exhyperv::hyperv
