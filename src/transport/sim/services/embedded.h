#pragma once

#include "cim/instance.h"
#include "transport/sim/services/method.h"

namespace exhyperv::sim {

/// Reads an embedded instance parameter as the provider does: CIM-XML of a class and of properties that the host's
/// build has, with their types. Anything else (MOF text too) is refused; the reason is English, for the job's
/// description.
struct Embedded {
    std::optional<cim::Instance> instance;
    std::string reason;
};
[[nodiscard]] Embedded read_embedded(const View& view, const std::string& text, std::string_view base_class);

} // namespace exhyperv::sim
