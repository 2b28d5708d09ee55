#include "api/dto.h"

#include <nlohmann/json.hpp>

namespace exhyperv::api {
namespace {

const char* table_name(guest::TableKind kind) {
    switch (kind) {
    case guest::TableKind::gpt:
        return "gpt";
    case guest::TableKind::mbr:
        return "mbr";
    case guest::TableKind::none:
        return "none";
    }
    return "none";
}

const char* architecture_name(guest::Architecture architecture) {
    switch (architecture) {
    case guest::Architecture::unknown:
        return "unknown";
    case guest::Architecture::x86:
        return "x86";
    case guest::Architecture::x64:
        return "x64";
    case guest::Architecture::arm64:
        return "arm64";
    }
    return "unknown";
}

nlohmann::json windows_of(const guest::WindowsInstall& windows) {
    return {{"product_name", windows.product_name},
            {"edition_id", windows.edition_id},
            {"build", windows.build},
            {"revision", windows.revision},
            {"server", windows.server},
            {"architecture", architecture_name(windows.architecture)},
            {"control_sets", windows.control_sets}};
}

nlohmann::json linux_of(const guest::LinuxInstall& system) {
    constexpr const char* kDxgkrnl[] = {"missing", "module", "built_in"};
    nlohmann::json kernels = nlohmann::json::array();
    for (const auto& kernel : system.kernels)
        kernels.push_back({{"release", kernel.release}, {"dxgkrnl", kDxgkrnl[static_cast<int>(kernel.dxgkrnl)]}});
    return {{"name", system.name},
            {"architecture", architecture_name(system.architecture)},
            {"kernels", std::move(kernels)},
            {"loader_knows_libraries", system.loader_knows}};
}

} // namespace

nlohmann::json dto(const guest::DiskFindings& findings, const std::string& path) {
    nlohmann::json partitions = nlohmann::json::array();
    for (const auto& finding : findings.partitions) {
        nlohmann::json partition{{"number", finding.partition.number},
                                 {"offset", finding.partition.offset},
                                 {"size", finding.partition.size},
                                 {"file_system", finding.file_system}};
        if (finding.refusal) partition["refusal"] = dto(*finding.refusal);
        if (finding.windows) partition["windows"] = windows_of(*finding.windows);
        if (finding.linux_system) partition["linux"] = linux_of(*finding.linux_system);
        partitions.push_back(std::move(partition));
    }
    return {{"path", path},
            {"format", guest::format_name(findings.format)},
            {"size", findings.size},
            {"table", table_name(findings.table)},
            {"leftover_journal", findings.leftover_journal},
            {"chain", findings.chain},
            {"partitions", std::move(partitions)}};
}

} // namespace exhyperv::api
