#include "assign/device/pci_constants.h"

#include <array>

namespace exhyperv::assign::pci {

std::string_view device_type_name(std::uint32_t type) {
    static constexpr std::array<std::string_view, 15> kNames{
        "PciConventional",
        "PciX",
        "PciExpressEndpoint",
        "PciExpressLegacyEndpoint",
        "PciExpressRootComplexIntegratedEndpoint",
        "PciExpressTreatedAsPci",
        "BridgePciConventional",
        "BridgePciX",
        "BridgePciExpressRootPort",
        "BridgePciExpressUpstreamSwitchPort",
        "BridgePciExpressDownstreamSwitchPort",
        "BridgePciExpressToPciX",
        "BridgePciXToExpress",
        "BridgePciExpressTreatedAsPci",
        "BridgePciExpressEventCollector",
    };
    return type < kNames.size() ? kNames.at(type) : std::string_view{};
}

std::string_view acs_name(std::uint32_t value) {
    static constexpr std::array<std::string_view, 5> kNames{"NotSupported", "SingleFunctionSupported", "NoP2PSupported",
                                                            "Supported", "Enhanced"};
    return value < kNames.size() ? kNames.at(value) : std::string_view{};
}

} // namespace exhyperv::assign::pci
