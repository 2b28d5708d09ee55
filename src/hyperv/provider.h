#pragma once

#include "cim/wql.h"
#include "host/cim_session.h"
#include "support/deadline.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::hyperv {

/// SELECT over a class of the virtualization namespace, named columns first: with hundreds of VMs whole instances are
/// most of the cost. A host whose build does not know one of the columns gets SELECT * instead (one more round trip,
/// still constant).
[[nodiscard]] Result<std::vector<cim::Instance>> read_class(host::CimSession& session, std::string_view class_name,
                                                            std::vector<std::string> columns,
                                                            std::optional<cim::wql::Condition> condition,
                                                            const CallContext& context);

/// The same of a class that some builds do not have: no rows there.
[[nodiscard]] Result<std::vector<cim::Instance>> read_optional_class(host::CimSession& session,
                                                                     std::string_view class_name,
                                                                     std::vector<std::string> columns,
                                                                     const CallContext& context);

/// The path of a service of which there is one on each host (Msvm_VirtualSystemManagementService, …).
[[nodiscard]] Result<cim::ObjectPath> service_path(host::CimSession& session, std::string_view class_name,
                                                   const CallContext& context);

} // namespace exhyperv::hyperv
