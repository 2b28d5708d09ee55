#include "transport/sim/material/windows_hives.h"

#include "guest/hive.h"
#include "support/utf.h"
#include "transport/sim/material/hive_logs.h"
#include "transport/sim/material/windows_release.h"

#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

enum : std::uint32_t { kSz = 1, kExpandSz = 2, kBinary = 3, kDword = 4, kMultiSz = 7 };

/// Collects edits of one hive.
class KeyWriter {
  public:
    void key(std::string path) { path_ = std::move(path); }
    void text(std::string name, const std::string& value, std::uint32_t type = kSz) {
        auto data = to_utf16le_bytes(value);
        data.resize(data.size() + 2);
        put(std::move(name), type, std::move(data));
    }
    void number(std::string name, std::uint32_t value) {
        std::vector<std::byte> data;
        for (int i = 0; i < 4; ++i)
            data.push_back(std::byte((value >> (8 * i)) & 0xFF));
        put(std::move(name), kDword, std::move(data));
    }
    void list(std::string name, const std::vector<std::string>& values) {
        std::vector<std::byte> data;
        for (const std::string& value : values) {
            auto bytes = to_utf16le_bytes(value);
            data.insert(data.end(), bytes.begin(), bytes.end());
            data.resize(data.size() + 2);
        }
        data.resize(data.size() + 2);
        put(std::move(name), kMultiSz, std::move(data));
    }
    std::vector<guest::HiveEdit> edits;

  private:
    void put(std::string name, std::uint32_t type, std::vector<std::byte> data) {
        edits.push_back({guest::HiveEdit::Kind::set_value, path_, {std::move(name), type, std::move(data)}});
    }
    std::string path_;
};

struct Service {
    const char* name;
    std::uint32_t type, start;
    const char* image;
    const char* group;
};

// Services every installation has; the rest of the list is made up to a usual length.
constexpr Service kServices[] = {
    {"ACPI", 1, 0, "System32\\drivers\\ACPI.sys", "Core"},
    {"AFD", 1, 1, "\\SystemRoot\\system32\\drivers\\afd.sys", "PNP_TDI"},
    {"BasicDisplay", 1, 1,
     "\\SystemRoot\\System32\\DriverStore\\FileRepository\\basicdisplay.inf_amd64_5cc9e4c7b1a25d3b\\BasicDisplay.sys",
     "Video"},
    {"BasicRender", 1, 1,
     "\\SystemRoot\\System32\\DriverStore\\FileRepository\\basicrender.inf_amd64_1ad04d5b5a2d8a4f\\BasicRender.sys",
     "Video"},
    {"disk", 1, 0, "System32\\drivers\\disk.sys", ""},
    {"Dnscache", 32, 2, "%SystemRoot%\\system32\\svchost.exe -k NetworkService -p", "TDI"},
    {"DXGKrnl", 1, 1, "\\SystemRoot\\System32\\drivers\\dxgkrnl.sys", "Video Init"},
    {"EventLog", 32, 2, "%SystemRoot%\\System32\\svchost.exe -k LocalServiceNetworkRestricted -p", "Event Log"},
    {"HyperVideo", 1, 3, "\\SystemRoot\\System32\\drivers\\HyperVideo.sys", "Video"},
    {"LanmanServer", 32, 2, "%SystemRoot%\\system32\\svchost.exe -k netsvcs -p", ""},
    {"mountmgr", 1, 0, "System32\\drivers\\mountmgr.sys", "Boot Bus Extender"},
    {"NTFS", 2, 3, "", "Filter"},
    {"PlugPlay", 32, 3, "%SystemRoot%\\system32\\svchost.exe -k DcomLaunch -p", "PlugPlay"},
    {"storvsc", 1, 0, "System32\\drivers\\storvsc.sys", "SCSI miniport"},
    {"vmbus", 1, 0, "System32\\drivers\\vmbus.sys", "System Bus Extender"},
    {"vmicheartbeat", 32, 3, "%SystemRoot%\\system32\\svchost.exe -k ICService -p", ""},
    {"volmgr", 1, 0, "System32\\drivers\\volmgr.sys", "System Bus Extender"},
    {"Winmgmt", 32, 2, "%systemroot%\\system32\\svchost.exe -k netsvcs -p", ""},
};
constexpr std::size_t kServiceCount = 220;

void add_services(KeyWriter& out, const std::string& set) {
    for (const Service& service : kServices) {
        out.key(set + "\\Services\\" + service.name);
        out.number("Type", service.type);
        out.number("Start", service.start);
        out.number("ErrorControl", 1);
        if (*service.image) out.text("ImagePath", service.image, kExpandSz);
        if (*service.group) out.text("Group", service.group);
        out.text("DisplayName", service.name);
    }
    for (std::size_t i = std::size(kServices); i < kServiceCount; ++i) {
        std::string name = fmt::format("simsvc{:03}", i);
        out.key(set + "\\Services\\" + name);
        out.number("Type", 32);
        out.number("Start", 3);
        out.number("ErrorControl", 1);
        out.text("ImagePath", fmt::format("%SystemRoot%\\System32\\svchost.exe -k sim{:02}", i % 40), kExpandSz);
        out.text("DisplayName", name);
        if (i % 3 == 0) out.list("DependOnService", {"RpcSs", "EventLog"});
    }
}

const char* processor_name(guest::Architecture architecture) {
    return architecture == guest::Architecture::arm64 ? "ARM64"
           : architecture == guest::Architecture::x86 ? "x86"
                                                      : "AMD64";
}

void add_control_set(KeyWriter& out, const std::string& set, const GuestSpec& spec) {
    out.key(set + "\\Control");
    out.text("CurrentUser", "USERNAME");
    out.number("BootDriverFlags", 28);
    out.text("SystemBootDevice", "multi(0)disk(0)rdisk(0)partition(3)");
    out.key(set + "\\Control\\ComputerName\\ComputerName");
    out.text("ComputerName", spec.server ? "SIM-SERVER" : "SIM-GUEST");
    out.key(set + "\\Control\\ProductOptions");
    out.text("ProductType", spec.server ? "ServerNT" : "WinNT");
    out.key(set + "\\Control\\Session Manager\\Environment");
    out.text("ComSpec", "%SystemRoot%\\system32\\cmd.exe", kExpandSz);
    out.text("NUMBER_OF_PROCESSORS", "4");
    out.text("OS", "Windows_NT");
    out.text("Path", "%SystemRoot%\\system32;%SystemRoot%;%SystemRoot%\\System32\\Wbem", kExpandSz);
    out.text("PROCESSOR_ARCHITECTURE", processor_name(spec.architecture));
    out.text("windir", "%SystemRoot%", kExpandSz);

    std::string display = set + "\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}";
    out.key(display);
    out.text("Class", "Display");
    out.text("", "Display adapters");
    out.key(display + "\\0000"); // the adapter a Hyper-V guest boots with
    out.text("DriverDesc", "Microsoft Hyper-V Video");
    out.text("ProviderName", "Microsoft");
    out.text("InfPath", "wvmbusvideo.inf");
    out.text("InfSection", "HyperVideo");
    out.text("DriverVersion", fmt::format("10.0.{}.1", spec.build));
    out.text("DriverDate", "6-21-2006");
    out.text("MatchingDeviceId", "vmbus\\{da0a7802-e377-4aac-8e77-0558eb1073f8}");
    add_services(out, set);
}

std::vector<guest::HiveEdit> system_edits(const GuestSpec& spec) {
    KeyWriter out;
    out.key("Select");
    out.number("Current", 1);
    out.number("Default", 1);
    out.number("Failed", 0);
    out.number("LastKnownGood", 2);
    add_control_set(out, "ControlSet001", spec);
    add_control_set(out, "ControlSet002", spec);
    out.key("Setup");
    out.number("SystemSetupInProgress", 0);
    out.number("SetupType", 0);
    return std::move(out.edits);
}

std::vector<guest::HiveEdit> software_edits(const GuestSpec& spec) {
    WindowsRelease release = windows_release(spec);
    KeyWriter out;
    out.key("Microsoft\\Windows NT\\CurrentVersion");
    out.text("ProductName", release.product_name);
    out.text("EditionID", release.edition_id);
    out.text("InstallationType", spec.server ? "Server" : "Client");
    out.text("CurrentBuild", std::to_string(spec.build));
    out.text("CurrentBuildNumber", std::to_string(spec.build));
    out.text("CurrentVersion", "6.3");
    out.number("CurrentMajorVersionNumber", 10);
    out.number("CurrentMinorVersionNumber", 0);
    out.number("UBR", spec.revision);
    if (!release.display_version.empty()) out.text("DisplayVersion", release.display_version);
    if (!release.release_id.empty()) out.text("ReleaseId", release.release_id);
    out.text("BuildLabEx", fmt::format("{}.1.{}fre.sim_release.240601-1200", spec.build,
                                       spec.architecture == guest::Architecture::arm64 ? "arm64" : "amd64"));
    out.text("SystemRoot", "C:\\Windows");
    out.text("PathName", "C:\\Windows");
    out.text("RegisteredOwner", "Simulated");
    out.number("InstallDate", 1717200000);
    out.key("Microsoft\\Windows\\CurrentVersion");
    out.text("ProgramFilesDir", "C:\\Program Files");
    out.text("CommonFilesDir", "C:\\Program Files\\Common Files");
    out.key("Policies\\Microsoft\\Windows");
    out.text("", "");
    return std::move(out.edits);
}

Result<HiveFile> make_hive(const char* name, const std::vector<guest::HiveEdit>& edits) {
    TRY_ASSIGN(auto hive, guest::Hive::open(guest::make_empty_hive(name)));
    TRY(hive.apply(edits));
    TRY_ASSIGN(auto content, hive.content());
    return HiveFile{name, std::move(content), {}, {}};
}

/// The first of the two sequence numbers ahead of the second, and a checksum that agrees: a change was begun and not
/// finished.
void make_dirty(std::vector<std::byte>& hive) {
    auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (int i = 3; i >= 0; --i)
            value = value << 8 | std::to_integer<std::uint32_t>(hive[at + i]);
        return value;
    };
    auto put = [&](std::size_t at, std::uint32_t value) {
        for (int i = 0; i < 4; ++i)
            hive[at + i] = std::byte((value >> (8 * i)) & 0xFF);
    };
    put(4, number(8) + 1);
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < 508; at += 4)
        sum ^= number(at);
    put(508, sum == 0 ? 1 : sum == UINT32_MAX ? UINT32_MAX - 1 : sum);
}

/// Two changes of a guest's last minutes, the first in LOG1, the second (larger: the hive grows) in LOG2.
Result<> put_changes_into_logs(HiveFile& file) {
    std::vector<std::vector<std::byte>> states{file.content};
    TRY_ASSIGN(auto hive, guest::Hive::open(file.content));
    for (int change = 0; change < 2; ++change) {
        KeyWriter out;
        out.key(change == 0 ? "ControlSet001\\Control\\Windows" : "ControlSet001\\Services\\simsvc030\\Parameters");
        out.number("ShutdownCount", static_cast<std::uint32_t>(41 + change));
        for (int i = 0; change == 1 && i < 60; ++i)
            out.text(fmt::format("Entry{:02}", i), std::string(100, 'x'));
        TRY(hive.apply(out.edits));
        TRY_ASSIGN(auto content, hive.content());
        states.push_back(std::move(content));
    }
    auto logged = log_changes(states);
    file.content = std::move(logged.hive);
    file.log1 = std::move(logged.log1);
    file.log2 = std::move(logged.log2);
    return {};
}

} // namespace

Result<std::vector<HiveFile>> windows_hives(const GuestSpec& spec) {
    std::vector<HiveFile> hives;
    TRY_ASSIGN(auto system, make_hive("SYSTEM", system_edits(spec)));
    if (spec.conditions.contains(GuestCondition::dirty_hive)) make_dirty(system.content);
    if (spec.conditions.contains(GuestCondition::logged_hive)) TRY(put_changes_into_logs(system));
    hives.push_back(std::move(system));
    TRY_ASSIGN(auto software, make_hive("SOFTWARE", software_edits(spec)));
    hives.push_back(std::move(software));
    for (const char* name : {"DEFAULT", "SAM", "SECURITY"})
        hives.push_back({name, guest::make_empty_hive(name), {}, {}});
    return hives;
}

} // namespace exhyperv::sim
