#include "guest/disk/windows_install.h"

#include "guest/hive/hive_log.h"
#include "support/strings.h"
#include "support/utf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kMaxHiveFile = 1ull << 30;
constexpr std::uint32_t kFirstWindows11 = 22000;
constexpr std::uint32_t kMaxControlSet = 999; ///< three digits in the key's name

std::string text_of(const std::optional<HiveValue>& value) {
    if (!value) return {};
    auto text = from_utf16le_bytes(value->data);
    if (!text) return {};
    if (auto end = text->find('\0'); end != std::string::npos) text->resize(end);
    return *text;
}

std::uint32_t number_of(const std::optional<HiveValue>& value) {
    if (!value || value->data.size() < 4) return 0;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number |= std::to_integer<std::uint32_t>(value->data[i]) << (8 * i);
    return number;
}

std::string control_set_key(std::uint32_t number) {
    return fmt::format("ControlSet{:03}", number);
}

/// The machine field of the kernel's PE header: 0x014c, 0x8664, 0xaa64.
Architecture kernel_architecture(GuestVolume& volume) {
    std::vector<std::byte> start;
    // The first piece is enough: the sink ends the reading with an error of its own.
    auto read =
        volume.read_file("Windows\\System32\\ntoskrnl.exe", [&start](std::span<const std::byte> piece) -> Result<> {
            start.assign(piece.begin(),
                         piece.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(piece.size(), 4096)));
            return fail("guest.io", {}, "enough");
        });
    (void)read; // compressed kernels (CompactOS) are refused: unknown then
    if (start.size() < 0x40 || start[0] != std::byte{'M'} || start[1] != std::byte{'Z'}) return Architecture::unknown;
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < 4; ++i)
        at |= std::to_integer<std::uint32_t>(start[0x3c + i]) << (8 * i);
    if (at > start.size() - 6 || std::memcmp(start.data() + at, "PE\0\0", 4) != 0) return Architecture::unknown;
    auto machine = std::to_integer<unsigned>(start[at + 4]) | std::to_integer<unsigned>(start[at + 5]) << 8;
    switch (machine) {
    case 0x014c:
        return Architecture::x86;
    case 0x8664:
        return Architecture::x64;
    case 0xaa64:
        return Architecture::arm64;
    default:
        return Architecture::unknown;
    }
}

Architecture named_architecture(const std::string& name) {
    if (iequals(name, "AMD64")) return Architecture::x64;
    if (iequals(name, "ARM64")) return Architecture::arm64;
    if (iequals(name, "x86")) return Architecture::x86;
    return Architecture::unknown;
}

Result<> read_software(const Hive& hive, WindowsInstall& out) {
    const std::string key = "Microsoft\\Windows NT\\CurrentVersion";
    TRY_ASSIGN(auto build, hive.value(key, "CurrentBuildNumber"));
    if (!build) {
        TRY_ASSIGN(build, hive.value(key, "CurrentBuild"));
    }
    auto number = parse_u64(text_of(build));
    if (!number || *number == 0 || *number > 999'999)
        return fail("hive.corrupt", {{"reason", "no build number"}, {"hive", "SOFTWARE"}});
    out.build = static_cast<std::uint32_t>(*number);
    TRY_ASSIGN(auto revision, hive.value(key, "UBR"));
    TRY_ASSIGN(auto edition, hive.value(key, "EditionID"));
    TRY_ASSIGN(auto product, hive.value(key, "ProductName"));
    TRY_ASSIGN(auto type, hive.value(key, "InstallationType"));
    TRY_ASSIGN(auto root, hive.value(key, "SystemRoot"));
    out.revision = number_of(revision);
    out.edition_id = text_of(edition);
    out.product_name = text_of(product);
    const auto windows = ascii_upper(text_of(root));
    if (windows.size() > 2 && windows[0] >= 'A' && windows[0] <= 'Z' && windows[1] == ':')
        out.system_drive = windows[0];
    out.server = istarts_with(text_of(type), "Server");
    // Windows 11 still calls itself Windows 10 here.
    if (!out.server && out.build >= kFirstWindows11 && istarts_with(out.product_name, "Windows 10"))
        out.product_name.replace(0, 10, "Windows 11");
    return {};
}

Result<> read_system(const Hive& hive, WindowsInstall& out) {
    for (const char* name : {"Current", "Default", "LastKnownGood"}) {
        TRY_ASSIGN(auto value, hive.value("Select", name));
        auto number = number_of(value);
        if (number == 0 || number > kMaxControlSet || !hive.has_key(control_set_key(number))) continue;
        if (std::string_view(name) == "Current") out.current_control_set = number;
        if (std::find(out.control_sets.begin(), out.control_sets.end(), number) == out.control_sets.end())
            out.control_sets.push_back(number);
    }
    if (out.current_control_set == 0)
        return fail("hive.corrupt", {{"reason", "Select names no control set"}, {"hive", "SYSTEM"}});
    TRY_ASSIGN(auto architecture,
               hive.value(control_set_key(out.current_control_set) + "\\Control\\Session Manager\\Environment",
                          "PROCESSOR_ARCHITECTURE"));
    out.architecture = named_architecture(text_of(architecture));
    return {};
}

Result<std::vector<std::byte>> read_log(GuestVolume& volume, const std::string& path) {
    TRY_ASSIGN(const auto info, volume.stat(path));
    if (!info || info->directory) return std::vector<std::byte>();
    return volume.read_file(path, kMaxHiveLog);
}

/// A hive whose last changes are in its logs: they are put in, as Windows would do. In memory; the file becomes clean
/// when somebody writes the hive back.
Result<Hive> open_with_logs(GuestVolume& volume, const std::string& path, std::vector<std::byte> content) {
    TRY_ASSIGN(const auto first, read_log(volume, path + ".LOG1"));
    TRY_ASSIGN(const auto second, read_log(volume, path + ".LOG2"));
    TRY_ASSIGN(auto whole, replay_hive_logs(std::move(content), first, second));
    return Hive::open(std::move(whole));
}

} // namespace

Result<std::string> hive_path(const std::string& name) {
    bool letters = !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
    if (!letters) return fail("guest.unknown_hive", {{"hive", name.substr(0, 64)}});
    return "Windows\\System32\\config\\" + name;
}

Result<Hive> load_hive(GuestVolume& volume, const std::string& name) {
    TRY_ASSIGN(auto path, hive_path(name));
    TRY_ASSIGN(auto content, volume.read_file(path, kMaxHiveFile));
    auto hive = Hive::open(content);
    if (!hive && hive.error().code == "hive.dirty") hive = open_with_logs(volume, path, std::move(content));
    if (!hive) return tl::unexpected(std::move(hive.error().with("hive", name)));
    return hive;
}

Result<bool> has_windows(GuestVolume& volume) {
    for (const char* name : {"SYSTEM", "SOFTWARE"}) {
        TRY_ASSIGN(auto path, hive_path(name));
        TRY_ASSIGN(auto file, volume.stat(path));
        if (!file || file->directory) return false;
    }
    return true;
}

Result<WindowsInstall> read_windows_install(GuestVolume& volume) {
    WindowsInstall out;
    TRY_ASSIGN(auto software, load_hive(volume, "SOFTWARE"));
    TRY(read_software(software, out));
    TRY_ASSIGN(auto system, load_hive(volume, "SYSTEM"));
    TRY(read_system(system, out));
    if (out.architecture == Architecture::unknown) out.architecture = kernel_architecture(volume);
    return out;
}

} // namespace exhyperv::guest
