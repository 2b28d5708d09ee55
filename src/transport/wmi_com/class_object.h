#pragma once

#include "cim/instance.h"
#include "support/result.h"
#include "transport/wmi_com/variant.h"
#include "transport/wmi_com/wbem_headers.h"

#include <string>

namespace exhyperv::wmi_com {

/// A WMI object by value: class, path (when it has one) and all its own properties in the object's order, embedded
/// objects too. Bounded: 4,096 properties, 16 objects deep (cim.provider_failure). Errors: cim.type_mismatch,
/// cim.bad_path, and those of the HRESULTs.
[[nodiscard]] Result<cim::Instance> read_object(IWbemClassObject& object);

/// One property, NULL included. Error: cim.not_found when the object has no such property.
[[nodiscard]] Result<cim::Value> read_property(IWbemClassObject& object, std::string_view name);

/// Writes a property as the object's own type wants it. Errors: cim.invalid_parameter when the object has no such
/// property, cim.type_mismatch; `what` names it.
[[nodiscard]] Result<> write_property(IWbemClassObject& object, std::string_view name, const cim::Value& value,
                                      const MakeObject& make_object, const std::string& what);

} // namespace exhyperv::wmi_com
