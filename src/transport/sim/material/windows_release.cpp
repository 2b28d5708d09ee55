#include "transport/sim/material/windows_release.h"

namespace exhyperv::sim {

namespace {

struct Version {
    std::uint32_t build;
    const char* display;
    const char* release;
};
constexpr Version kVersions[] = {
    // newest first
    {28000, "26H1", "2009"}, {26200, "25H2", "2009"}, {26100, "24H2", "2009"}, {22631, "23H2", "2009"},
    {22621, "22H2", "2009"}, {22000, "21H2", "2009"}, {20348, "21H2", "2009"}, {19045, "22H2", "2009"},
    {19044, "21H2", "2009"}, {19043, "21H1", "2009"}, {19042, "20H2", "2009"}, {19041, "", "2004"},
    {18363, "", "1909"},     {18362, "", "1903"},     {17763, "", "1809"},     {17134, "", "1803"},
    {16299, "", "1709"},     {15063, "", "1703"},     {14393, "", "1607"},     {10586, "", "1511"},
};

std::string server_name(std::uint32_t build) {
    return build >= 26100 ? "2025" : build >= 20348 ? "2022" : build >= 17763 ? "2019" : "2016";
}

/// The edition as the product name has it: EditionID "Professional" is sold as "Pro".
std::string edition_name(const std::string& id) {
    if (id == "Professional") return "Pro";
    if (id == "Core") return "Home";
    if (id == "ServerDatacenter") return "Datacenter";
    if (id == "ServerStandard") return "Standard";
    return id;
}

} // namespace

WindowsRelease windows_release(const GuestSpec& spec) {
    WindowsRelease release;
    release.edition_id = !spec.edition.empty() ? spec.edition : spec.server ? "ServerDatacenter" : "Professional";
    release.product_name = (spec.server ? "Windows Server " + server_name(spec.build) : "Windows 10") + " " +
                           edition_name(release.edition_id);
    for (const Version& version : kVersions) {
        if (spec.build < version.build) continue;
        release.display_version = version.display;
        release.release_id = version.release;
        break;
    }
    return release;
}

} // namespace exhyperv::sim
