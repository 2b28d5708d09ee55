#include "model/gpu.h"
#include "model/host_facts.h"
#include "model/pci_device.h"
#include "model/vm.h"
#include "support/strings.h"

#include <array>

namespace exhyperv::model {

std::string_view vm_state_name(VmState state) {
    static constexpr std::array<std::string_view, 7> names = {"off",      "running",  "paused", "saved",
                                                              "changing", "critical", "unknown"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view gpu_vendor_name(GpuVendor vendor) {
    static constexpr std::array<std::string_view, 7> names = {"unknown",  "NVIDIA",        "Intel",    "AMD",
                                                              "Qualcomm", "Moore Threads", "Microsoft"};
    return names[static_cast<std::size_t>(vendor)];
}

GpuVendor gpu_vendor_of(std::string_view device_id) {
    struct Row {
        std::string_view id;
        GpuVendor vendor;
    };
    static constexpr std::array<Row, 8> rows = {{{"VEN_10DE", GpuVendor::nvidia},
                                                 {"VEN_8086", GpuVendor::intel},
                                                 {"VEN_1002", GpuVendor::amd},
                                                 {"VEN_1022", GpuVendor::amd},
                                                 {"VEN_17CB", GpuVendor::qualcomm},
                                                 {"VEN_QCOM", GpuVendor::qualcomm},
                                                 {"VEN_1ED5", GpuVendor::moore_threads},
                                                 {"VEN_1414", GpuVendor::microsoft}}};
    for (const Row& row : rows)
        if (icontains(device_id, row.id)) return row.vendor;
    return GpuVendor::unknown;
}

std::string instance_path_of_interface(std::string_view interface_path) {
    constexpr std::string_view prefix = R"(\\?\)";
    const auto guid = interface_path.find("#{");
    if (!interface_path.starts_with(prefix) || guid == std::string_view::npos || guid < prefix.size()) return {};
    return replace_all(std::string(interface_path.substr(prefix.size(), guid - prefix.size())), "#", "\\");
}

std::string_view place_kind_name(PlaceKind kind) {
    static constexpr std::array<std::string_view, 5> names = {"host", "host-disabled", "dismounted", "vm", "stale"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view wddm_of_build(std::uint32_t build) {
    struct Row {
        std::uint32_t first_build;
        std::string_view wddm;
    };
    static constexpr std::array<Row, 8> rows = {{{26100, "3.2"},
                                                 {22621, "3.1"},
                                                 {22000, "3.0"},
                                                 {20348, "2.9"},
                                                 {19041, "2.7"},
                                                 {18362, "2.6"},
                                                 {17763, "2.5"},
                                                 {17134, "2.4"}}};
    for (const Row& row : rows)
        if (build >= row.first_build) return row.wddm;
    return {};
}

} // namespace exhyperv::model
