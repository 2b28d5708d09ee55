#pragma once

#include "cim/instance.h"
#include "cim/wql.h"
#include "support/deadline.h"
#include "support/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::host {

inline constexpr std::string_view kVirtualization = "root\\virtualization\\v2";
inline constexpr std::string_view kCimv2 = "root\\cimv2";
inline constexpr std::string_view kDeviceGuard = "root\\Microsoft\\Windows\\DeviceGuard";

/// What a method gave back. `values` holds the OUT parameters that were not NULL.
struct MethodResult {
    std::uint32_t return_value = 0; ///< 0 done, 4096 job started (OUT Job), else a failure code: wmi-facts 1.2
    cim::Instance out{"__PARAMETERS"};
};

/// The one way to a host's CIM provider. Implementations: transport/sim, later transport/wmi_com and transport/wsman.
///
/// Each call is one round trip, ends by the deadline of its context, and can be cancelled. Calls may come from several
/// threads. Nothing is cached. Errors common to all calls:
///   cim.invalid_namespace 0x8004100E, cim.invalid_class 0x80041010, cim.not_found 0x80041002,
///   cim.bad_query and cim.unknown_property 0x80041017, cim.access_denied 0x80041003, cim.invalid_parameter 0x80041008,
///   cim.type_mismatch 0x80041005, cim.read_only 0x80041028, cim.invalid_method 0x80041055,
///   cim.provider_failure 0x80041004, session.lost 0x800706BA, call.timeout, call.cancelled
/// with the native HRESULT and the provider's text in the Error: make them with wbem_error() (host/wbem_error.h), which
/// gives each the argument `what` its text needs.
class CimSession {
  public:
    virtual ~CimSession() = default;

    /// SELECT, ASSOCIATORS OF or REFERENCES OF. Instances carry their object path. A SELECT of named properties returns
    /// those (plus nothing else); the path stays known.
    virtual Result<std::vector<cim::Instance>> query(std::string_view name_space, const cim::wql::Query& query,
                                                     const CallContext& context) = 0;
    virtual Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context) = 0;
    /// Writes the writable properties of an instance that has a path (PutInstance). One that differs from the host's
    /// and may not be written is refused, cim.read_only or cim.invalid_parameter as the provider has it, and nothing is
    /// changed.
    virtual Result<> put(const cim::Instance& instance, const CallContext& context) = 0;
    /// Calls a method with its IN parameters by name. A non-zero return value is not an Error here: hyperv/ judges it.
    virtual Result<MethodResult> invoke(const cim::ObjectPath& object, std::string_view method,
                                        const std::vector<cim::Property>& parameters, const CallContext& context) = 0;
    /// The computer's name as it stands in object paths.
    [[nodiscard]] virtual std::string host_name() const = 0;
};

} // namespace exhyperv::host
