#include "cli/documents/json.h"

namespace exhyperv::cli {
namespace {

std::string_view table_name(guest::TableKind kind) {
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

std::string_view architecture_name(guest::Architecture architecture) {
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

Json json_of(const guest::WindowsInstall& windows) {
    return {{"product_name", windows.product_name},
            {"edition_id", windows.edition_id},
            {"build", windows.build},
            {"revision", windows.revision},
            {"wddm", model::wddm_of_build(windows.build)},
            {"server", windows.server},
            {"architecture", architecture_name(windows.architecture)},
            {"control_sets", windows.control_sets}};
}

Json json_of(const guest::LinuxInstall& system) {
    constexpr std::string_view kDxgkrnl[] = {"missing", "module", "built_in"};
    Json kernels = Json::array();
    for (const auto& kernel : system.kernels)
        kernels.push_back({{"release", kernel.release}, {"dxgkrnl", kDxgkrnl[static_cast<int>(kernel.dxgkrnl)]}});
    Json out{{"name", system.name},
             {"id", system.id},
             {"version_id", system.version_id},
             {"architecture", architecture_name(system.architecture)},
             {"kernels", std::move(kernels)},
             {"loader_knows_libraries", system.loader_knows},
             {"selinux_enforcing", system.selinux}};
    put(out, "dxgkrnl_source", system.dxgkrnl_source);
    return out;
}

Json json_of(const drivers::Manifest& manifest) {
    Json list = Json::array();
    for (const auto& card : manifest.cards) {
        Json packages = Json::array();
        std::uint64_t files = 0, bytes = 0;
        for (const auto& folder : card.packages) {
            packages.push_back(folder);
            const auto* package = manifest.package(folder);
            if (!package) continue;
            files += package->files.size();
            for (const auto& file : package->files)
                bytes += file.size;
        }
        std::size_t values = 0;
        for (const auto& value : manifest.values)
            for (const auto& owner : value.cards)
                values += owner == card.instance_path ? 1 : 0;
        list.push_back({{"card", card.instance_path},
                        {"name", card.name},
                        {"version", card.driver_version},
                        {"date", card.driver_date},
                        {"since", card.imported_at},
                        {"packages", std::move(packages)},
                        {"files", files},
                        {"bytes", bytes},
                        {"registry_values", values}});
    }
    return list;
}

} // namespace

Document guest_document(const std::vector<app::GuestReport>& reports, text::Language language) {
    Json disks = Json::array();
    for (const auto& report : reports) {
        Json partitions = Json::array();
        for (const auto& [finding, manifest, manifest_error] : report.partitions) {
            Json entry{{"number", finding.partition.number},
                       {"offset", finding.partition.offset},
                       {"size", finding.partition.size},
                       {"file_system", finding.file_system}};
            put(entry, "name", finding.partition.name);
            if (finding.refusal) entry["refusal"] = json_of(*finding.refusal, language);
            if (finding.windows) entry["windows"] = json_of(*finding.windows);
            if (finding.linux_system) entry["linux"] = json_of(*finding.linux_system);
            if (manifest) entry["drivers"] = json_of(*manifest);
            if (manifest_error) entry["drivers_error"] = json_of(*manifest_error, language);
            partitions.push_back(std::move(entry));
        }
        disks.push_back({{"path", report.image},
                         {"format", guest::format_name(report.disk.format)},
                         {"size", report.disk.size},
                         {"table", table_name(report.disk.table)},
                         {"leftover_journal", report.disk.leftover_journal},
                         {"chain", report.disk.chain},
                         {"partitions", std::move(partitions)}});
    }
    return Document(Json{{"disks", std::move(disks)}});
}

} // namespace exhyperv::cli
