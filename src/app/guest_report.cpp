#include "app/guest_report.h"

#include "support/strings.h"

namespace exhyperv::app {
namespace {

GuestPartitionReport report_partition(const std::string& image, const guest::PartitionFinding& finding) {
    GuestPartitionReport out{finding, std::nullopt, std::nullopt};
    if ((!finding.windows && !finding.linux_system) || finding.refusal) return out;
    guest::GuestOpenOptions options;
    options.writable = false;
    options.partition = finding.partition.number;
    auto disk = guest::GuestDisk::open(image, options);
    if (!disk) {
        out.manifest_error = std::move(disk).error();
        return out;
    }
    auto manifest = drivers::read_manifest((*disk)->volume());
    if (manifest)
        out.manifest = std::move(*manifest);
    else
        out.manifest_error = std::move(manifest).error();
    return out;
}

} // namespace

Result<GuestReport> report_guest(const std::string& image) {
    TRY_ASSIGN(guest::DiskFindings disk, guest::inspect_disk(image));
    GuestReport report{image, std::move(disk), {}};
    for (const auto& finding : report.disk.partitions)
        report.partitions.push_back(report_partition(image, finding));
    return report;
}

bool looks_like_image_path(std::string_view text) {
    if (text.find_first_of("/\\") != std::string_view::npos) return true;
    const std::string lower = ascii_lower(text);
    for (const std::string_view ending : {".vhdx", ".vhd", ".avhdx", ".avhd", ".img", ".raw"})
        if (lower.ends_with(ending)) return true;
    return false;
}

} // namespace exhyperv::app
