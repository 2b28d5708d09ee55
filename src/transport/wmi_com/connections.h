#pragma once

#include "support/deadline.h"
#include "support/strings.h"
#include "transport/wmi_com/apartment.h"
#include "transport/wmi_com/blanket.h"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace exhyperv::wmi_com {

/// The namespaces of one machine, connected when first asked for. Thread-safe; two threads may both connect, one of the
/// connections is then kept.
class Connections {
  public:
    Connections(Apartment apartment, Target target);
    ~Connections(); ///< wipes the password

    /// Errors: those of the HRESULT (cim.invalid_namespace, cim.access_denied, session.lost …). May block inside COM
    /// for as long as COM likes (up to two minutes for a machine that does not answer): call it under bounded().
    Result<ComPtr<IWbemServices>> services(std::string_view name_space);
    /// The connection broke: the next call connects anew.
    void forget(std::string_view name_space);
    [[nodiscard]] const Blanket& blanket() const { return blanket_; }

  private:
    Apartment apartment_; // first in, last out: everything below lives in it
    Target target_;
    Blanket blanket_;
    std::mutex mutex_;
    std::map<std::string, ComPtr<IWbemServices>, ILess> open_;
};

} // namespace exhyperv::wmi_com
