#include "transport/sim/scenario/scenario.h"

#include <array>

namespace exhyperv::sim {

// Generated from data/scenarios by tools/embed_text.py.
extern const std::string_view kWorkstationScenario, kServer2025Scenario, kChineseScenario, kLaptopScenario;

std::span<const BuiltIn> built_in_scenarios() {
    static const std::array all = {
        BuiltIn{"workstation", "Windows 11 Pro with an NVIDIA and an Intel card; VMs for every refusal", "",
                kWorkstationScenario},
        BuiltIn{"server2025", "Windows Server 2025: DDA in all its states, no policy values for GPU partitions", "",
                kServer2025Scenario},
        BuiltIn{"chinese", "Windows Server 2025 in Chinese: localized texts, names and job errors", "",
                kChineseScenario},
        BuiltIn{"laptop", "Windows 10 client of build 19045 without IOMMU; partitions cannot choose their card", "",
                kLaptopScenario},
        BuiltIn{"large", "A server with many VMs and PCI functions", "vms=500&devices=200", {}},
    };
    return all;
}

} // namespace exhyperv::sim
