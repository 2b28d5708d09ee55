#include "transport/sim/material/windows_tree.h"

#include "guest/ntfs/security_descriptor.h"
#include "transport/sim/material/pe_file.h"
#include "transport/sim/material/random_stream.h"
#include "transport/sim/material/windows_hives.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace exhyperv::sim {

namespace {

using guest::Architecture;

Result<> write_bytes(guest::NtfsVolume& volume, const std::string& path, std::span<const std::byte> content,
                     std::uint32_t attributes = guest::kArchive) {
    std::size_t done = 0;
    auto source = [&](std::span<std::byte> out) -> Result<std::size_t> {
        std::size_t n = std::min(out.size(), content.size() - done);
        std::copy_n(content.begin() + std::ptrdiff_t(done), n, out.begin());
        done += n;
        return n;
    };
    return volume.write_new(path, {content.size(), attributes, kFileTime}, source);
}

Result<> write_text(guest::NtfsVolume& volume, const std::string& path, std::string_view text) {
    return write_bytes(volume, path, std::as_bytes(std::span(text.data(), text.size())));
}

/// As Setup leaves the system's own files: only the installer may change them.
constexpr std::string_view kSystemFileSddl =
    "O:TIG:TID:PAI(A;;FA;;;TI)(A;;0x1200a9;;;BA)(A;;0x1200a9;;;SY)(A;;0x1200a9;;;BU)(A;;0x1200a9;;;AC)";

PeMachine machine_of(Architecture architecture) {
    return architecture == Architecture::arm64 ? PeMachine::arm64
           : architecture == Architecture::x86 ? PeMachine::x86
                                               : PeMachine::x64;
}

/// A file with a PE header of the system's version, or of random bytes.
Result<> write_random(guest::NtfsVolume& volume, const std::string& path, std::uint64_t size, const GuestSpec& spec,
                      bool pe, PeMachine machine) {
    std::vector<std::byte> content(size);
    RandomStream(derive_seed(spec.seed, path)).fill(content);
    if (pe) {
        PeSpec header;
        header.machine = machine;
        header.kind = path.ends_with(".sys")   ? PeKind::driver
                      : path.ends_with(".exe") ? PeKind::program
                                               : PeKind::library;
        header.version = {10, 0, std::uint16_t(spec.build), std::uint16_t(spec.revision)};
        header.file_name = path.substr(path.rfind('\\') + 1);
        header.company = "Microsoft Corporation";
        header.product = "Microsoft Windows Operating System";
        header.timestamp = 1717200000;
        auto prefix = pe_prefix(header, size);
        std::copy_n(prefix.begin(), std::min(prefix.size(), content.size()), content.begin());
    }
    return write_bytes(volume, path, content);
}

Result<> make_directories(guest::NtfsVolume& volume, const GuestSpec& spec) {
    using guest::kSystemRootSddl, guest::kWindowsDirectorySddl;
    TRY(volume.set_security("", kSystemRootSddl));
    bool wide = spec.architecture != Architecture::x86;
    // These carry the installer's descriptor themselves; what is made below them inherits from it.
    std::vector<std::string> owned{"Windows",
                                   "Windows\\System32",
                                   "Windows\\System32\\drivers",
                                   "Windows\\System32\\DriverStore",
                                   "Windows\\System32\\DriverStore\\FileRepository",
                                   "Windows\\WinSxS",
                                   "Program Files"};
    if (wide) owned.insert(owned.end(), {"Windows\\SysWOW64", "Program Files (x86)"});
    if (spec.architecture == Architecture::arm64) owned.emplace_back("Windows\\SyChpe32");
    for (const std::string& path : owned) {
        TRY(volume.make_directories(path));
        TRY(volume.set_security(path, kWindowsDirectorySddl));
    }
    for (const char* path :
         {"Windows\\Boot", "Windows\\Fonts", "Windows\\INF", "Windows\\Logs", "Windows\\servicing", "Windows\\Temp",
          "Windows\\System32\\CatRoot\\{F750E6C3-38EE-11D1-85E5-00C04FC295EE}", "Windows\\System32\\config\\RegBack",
          "Windows\\System32\\drivers\\etc", "Windows\\System32\\en-US", "Windows\\System32\\Tasks",
          "Windows\\System32\\wbem", "Windows\\System32\\winevt\\Logs", "Program Files\\Common Files",
          "ProgramData\\Microsoft\\Windows", "Users\\Public\\Documents", "Users\\User\\AppData\\Local",
          "Users\\User\\Desktop"}) {
        TRY(volume.make_directories(path));
    }
    return {};
}

Result<> write_fixed_files(guest::NtfsVolume& volume, const GuestSpec& spec) {
    struct Fixed {
        const char* path;
        std::uint64_t size;
    };
    constexpr Fixed kSystem[] = {{"Windows\\System32\\ntoskrnl.exe", 98'304},
                                 {"Windows\\System32\\hal.dll", 12'288},
                                 {"Windows\\System32\\ntdll.dll", 65'536},
                                 {"Windows\\System32\\kernel32.dll", 49'152},
                                 {"Windows\\System32\\cmd.exe", 16'384},
                                 {"Windows\\System32\\d3d12.dll", 24'576},
                                 {"Windows\\System32\\drivers\\dxgkrnl.sys", 61'440},
                                 {"Windows\\System32\\drivers\\dxgmms2.sys", 32'768},
                                 {"Windows\\explorer.exe", 40'960}};
    for (const Fixed& file : kSystem) {
        TRY(write_random(volume, file.path, file.size, spec, true, machine_of(spec.architecture)));
        TRY(volume.set_security(file.path, kSystemFileSddl));
    }
    if (spec.architecture != Architecture::x86)
        TRY(write_random(volume, "Windows\\SysWOW64\\kernel32.dll", 40'960, spec, true, PeMachine::x86));
    TRY(write_text(volume, "Windows\\System32\\drivers\\etc\\hosts",
                   "# Synthesized for the simulated host.\r\n127.0.0.1 localhost\r\n"));
    TRY(write_text(
        volume, "Users\\User\\Desktop\\readme.txt",
        "This disk belongs to ExHyperV's simulated host. Nothing on it was taken from a real installation.\r\n"));
    return {};
}

Result<> write_small_files(guest::NtfsVolume& volume, const GuestSpec& spec) {
    struct Place {
        const char* pattern;
        bool pe;
    };
    constexpr Place kPlaces[] = {
        {"Windows\\System32\\sys{:05}.dll", true},           {"Windows\\System32\\en-US\\sys{:05}.dll.mui", false},
        {"Windows\\System32\\drivers\\drv{:05}.sys", true},  {"Windows\\INF\\inf{:05}.inf", false},
        {"Windows\\WinSxS\\component{:05}.manifest", false}, {"Windows\\Fonts\\font{:05}.ttf", false},
        {"Windows\\servicing\\package{:05}.mum", false},     {"Windows\\System32\\wbem\\class{:05}.mof", false}};
    RandomStream random(derive_seed(spec.seed, "small files"));
    for (std::uint32_t i = 0; i < spec.files; ++i) {
        const Place& place = kPlaces[i % std::size(kPlaces)];
        std::uint64_t size = place.pe ? kPeMinimumSize + 512 * random.below(16) : 200 + random.below(6'000);
        TRY(write_random(volume, fmt::format(fmt::runtime(place.pattern), i), size, spec, place.pe,
                         machine_of(spec.architecture)));
    }
    return {};
}

Result<> write_hives(guest::NtfsVolume& volume, const GuestSpec& spec) {
    TRY_ASSIGN(auto hives, windows_hives(spec));
    for (const HiveFile& hive : hives) {
        std::string path = "Windows\\System32\\config\\" + hive.name;
        TRY(write_bytes(volume, path, hive.content));
        constexpr auto kLogAttributes = guest::kArchive | guest::kHidden | guest::kSystem;
        TRY(write_bytes(volume, path + ".LOG1", hive.log1, kLogAttributes));
        TRY(write_bytes(volume, path + ".LOG2", hive.log2, kLogAttributes));
    }
    return {};
}

Result<> write_hibernation(guest::NtfsVolume& volume, const GuestSpec& spec) {
    if (!spec.conditions.contains(GuestCondition::hibernated)) return {};
    std::vector<std::byte> image(256 * 1024);
    RandomStream(derive_seed(spec.seed, "hiberfil.sys")).fill(image);
    std::memcpy(image.data(), "hibr", 4);
    return write_bytes(volume, "hiberfil.sys", image, guest::kHidden | guest::kSystem | guest::kArchive);
}

} // namespace

Result<> fill_with_windows(guest::NtfsVolume& volume, const GuestSpec& spec) {
    TRY(make_directories(volume, spec));
    TRY(write_fixed_files(volume, spec));
    TRY(write_hives(volume, spec));
    TRY(write_small_files(volume, spec));
    return write_hibernation(volume, spec);
}

Result<> fill_with_data(guest::NtfsVolume& volume, const GuestSpec& spec) {
    TRY(volume.make_directories("Backup\\2024"));
    TRY(write_text(volume, "readme.txt", "A data disk of ExHyperV's simulated host.\r\n"));
    return write_random(volume, "Backup\\2024\\archive.bin", 200'000, spec, false, PeMachine::x64);
}

} // namespace exhyperv::sim
