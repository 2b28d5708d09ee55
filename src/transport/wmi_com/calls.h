#pragma once

#include "host/cim_session.h"
#include "host/wbem_error.h"
#include "transport/wmi_com/com_error.h"
#include "transport/wmi_com/connections.h"

#include <string>
#include <string_view>
#include <vector>

namespace exhyperv::wmi_com {

/// The calls of a session as they run on their own thread (session.cpp sees to that). Thread-safe.
class Calls {
  public:
    Calls(Apartment apartment, Target target) : connections_(std::move(apartment), std::move(target)) {}

    Result<std::vector<cim::Instance>> query(const std::string& name_space, const cim::wql::Query& query,
                                             const CallContext& context);
    Result<cim::Instance> get(const cim::ObjectPath& path, const CallContext& context);
    Result<> put(const cim::Instance& instance, const CallContext& context);
    Result<host::MethodResult> invoke(const cim::ObjectPath& object, const std::string& method,
                                      const std::vector<cim::Property>& parameters, const CallContext& context);
    /// The machine's name as the provider writes it into paths.
    Result<std::string> server_name(const CallContext& context);

  private:
    /// Runs the call; when the connection broke in it, the next one connects anew.
    template <class Call>
    auto connected(const std::string& name_space, Call&& call) -> decltype(call(std::declval<IWbemServices&>())) {
        auto services = connections_.services(name_space);
        if (!services) return tl::unexpected(std::move(services).error());
        clear_error_object();
        auto answer = call(*services->Get());
        if (!answer && host::connection_lost(answer.error())) connections_.forget(name_space);
        return answer;
    }

    Result<ComPtr<IWbemClassObject>> fetch(IWbemServices& services, const std::string& relative,
                                           const CallContext& context);
    /// An object, or a class for an empty key list. cim.invalid_class when the class is what is missing.
    Result<ComPtr<IWbemClassObject>> object(IWbemServices& services, const cim::ObjectPath& path,
                                            const CallContext& context);
    Result<ComPtr<IWbemClassObject>> class_of(IWbemServices& services, const std::string& name,
                                              const CallContext& context);
    Result<ComPtr<IWbemClassObject>> in_parameters(IWbemServices& services, const cim::ObjectPath& object,
                                                   const std::string& method,
                                                   const std::vector<cim::Property>& parameters,
                                                   const CallContext& context);
    /// A new object with the instance's class and values, for parameters that take whole objects.
    Result<ComPtr<IWbemClassObject>> made(IWbemServices& services, const cim::Instance& instance,
                                          const CallContext& context);

    Connections connections_;
};

/// Where an object lives whose path does not say it.
[[nodiscard]] inline std::string space_of(const cim::ObjectPath& path) {
    return path.name_space.empty() ? std::string(host::kVirtualization) : path.name_space;
}

} // namespace exhyperv::wmi_com
