#include "guest/disk/linux_install.h"

#include "support/strings.h"
#include "support/utf.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>

namespace exhyperv::guest {
namespace {

constexpr std::uint64_t kMaxText = 16u << 20; ///< modules.dep of a distribution's kernel has 1 MiB
constexpr std::size_t kMaxKernels = 64;
constexpr std::string_view kLoaderPath = "/usr/lib/wsl/lib/";

/// Directories that a distribution with a merged /usr has below usr, with a link in the root.
constexpr std::string_view kModules[] = {"usr/lib/modules", "lib/modules"};
constexpr std::string_view kRelease[] = {"usr/lib/os-release", "etc/os-release"};

bool is_file(const std::optional<FileInfo>& info) {
    return info && !info->directory && info->reparse_tag == 0;
}

/// A file's text; empty when there is none, when it is too long, or no plain file.
Result<std::string> text_of(GuestVolume& volume, const std::string& path) {
    TRY_ASSIGN(const auto info, volume.stat(path));
    if (!is_file(info) || info->size > kMaxText) return std::string();
    TRY_ASSIGN(const auto bytes, volume.read_file(path, kMaxText));
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// KEY=value or KEY="value" of os-release and files like it; what is not UTF-8 is no answer.
std::string setting(std::string_view text, std::string_view key) {
    for (const auto& line : split(text, '\n')) {
        if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != '=') continue;
        auto value = std::string(trim(std::string_view(line).substr(key.size() + 1)));
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        if (value.size() <= 200 && is_valid_utf8(value)) return value;
    }
    return {};
}

/// Is there a line of a module list that names dxgkrnl.ko, packed or not? ("kernel/drivers/hv/dxgkrnl/dxgkrnl.ko.zst:
/// …")
bool lists_dxgkrnl(std::string_view text) {
    for (auto at = text.find("/dxgkrnl.ko"); at != std::string_view::npos; at = text.find("/dxgkrnl.ko", at + 1)) {
        const auto before = text.substr(0, at);
        const auto line = before.substr(before.rfind('\n') + 1);   // npos + 1: the first line
        if (line.find(':') == std::string_view::npos) return true; // the module itself, not one that depends on it
    }
    return false;
}

Result<LinuxKernel::Dxgkrnl> dxgkrnl_of(GuestVolume& volume, const std::string& modules, const std::string& release) {
    using enum LinuxKernel::Dxgkrnl;
    TRY_ASSIGN(const auto built_in_list, text_of(volume, modules + "/modules.builtin"));
    if (lists_dxgkrnl(built_in_list)) return built_in;
    TRY_ASSIGN(const auto list, text_of(volume, modules + "/modules.dep"));
    if (lists_dxgkrnl(list)) return module;
    for (const auto& path : {"boot/config-" + release, modules + "/config"}) {
        TRY_ASSIGN(const auto config, text_of(volume, path));
        if (setting(config, "CONFIG_DXGKRNL") == "y") return built_in;
        // "=m" without the module in modules.dep: configured, but not installed
    }
    return missing;
}

/// "6.8.0-45-generic" → 6, 8, 0, 45: newer kernels have the larger numbers.
std::vector<std::uint64_t> numbers_of(const std::string& release) {
    std::vector<std::uint64_t> out;
    std::uint64_t number = 0;
    bool inside = false;
    for (const char c : release + ".") {
        if (c >= '0' && c <= '9') {
            number = std::min<std::uint64_t>(number * 10 + static_cast<std::uint64_t>(c - '0'), 1'000'000'000);
            inside = true;
        } else {
            if (inside) out.push_back(number);
            number = 0;
            inside = false;
        }
    }
    return out;
}

Result<> read_kernels(GuestVolume& volume, LinuxInstall& out) {
    for (const auto directory : kModules) {
        const std::string root(directory);
        TRY_ASSIGN(const auto there, volume.stat(root));
        if (!there || !there->directory) continue;
        TRY_ASSIGN(const auto entries, volume.list(root));
        for (const auto& entry : entries) {
            if (!entry.directory || out.kernels.size() == kMaxKernels || !is_valid_utf8(entry.name)) continue;
            const auto modules = root + "/" + entry.name;
            // What a removed kernel leaves behind has no list of modules.
            TRY_ASSIGN(const auto list, volume.stat(modules + "/modules.dep"));
            if (!is_file(list)) continue;
            TRY_ASSIGN(const auto dxgkrnl, dxgkrnl_of(volume, modules, entry.name));
            out.kernels.push_back({entry.name, dxgkrnl});
        }
        break;
    }
    std::ranges::sort(out.kernels, [](const auto& a, const auto& b) {
        return std::tuple(numbers_of(a.release), a.release) < std::tuple(numbers_of(b.release), b.release);
    });
    return {};
}

/// DKMS keeps sources as usr/src/<name>-<version>.
Result<> read_dkms(GuestVolume& volume, LinuxInstall& out) {
    TRY_ASSIGN(const auto there, volume.stat("usr/src"));
    if (!there || !there->directory) return {};
    TRY_ASSIGN(const auto entries, volume.list("usr/src"));
    for (const auto& entry : entries)
        if (entry.directory && entry.name.starts_with("dxgkrnl-") && is_valid_utf8(entry.name))
            out.dxgkrnl_source = entry.name.substr(8);
    return {};
}

/// The loader of programs has the architecture in its name.
Result<Architecture> architecture_of(GuestVolume& volume) {
    struct Loader {
        const char* path;
        Architecture architecture;
    };
    for (const Loader loader :
         {Loader{"usr/lib64/ld-linux-x86-64.so.2", Architecture::x64},
          Loader{"lib64/ld-linux-x86-64.so.2", Architecture::x64},
          Loader{"usr/lib/ld-linux-x86-64.so.2", Architecture::x64},
          Loader{"usr/lib/ld-musl-x86_64.so.1", Architecture::x64},
          Loader{"lib/ld-musl-x86_64.so.1", Architecture::x64},
          Loader{"usr/lib/ld-linux-aarch64.so.1", Architecture::arm64},
          Loader{"lib/ld-linux-aarch64.so.1", Architecture::arm64}, Loader{"usr/lib/ld-linux.so.2", Architecture::x86},
          Loader{"lib/ld-linux.so.2", Architecture::x86}}) {
        TRY_ASSIGN(const auto there, volume.stat(loader.path));
        if (there) return loader.architecture;
    }
    return Architecture::unknown;
}

} // namespace

Result<bool> has_linux(GuestVolume& volume) {
    for (const auto path : kRelease) {
        TRY_ASSIGN(const auto there, volume.stat(std::string(path)));
        if (is_file(there)) return true;
    }
    return false;
}

Result<LinuxInstall> read_linux_install(GuestVolume& volume) {
    LinuxInstall out;
    for (const auto path : kRelease) {
        TRY_ASSIGN(const auto release, text_of(volume, std::string(path)));
        if (release.empty()) continue;
        out.name = setting(release, "PRETTY_NAME");
        out.id = setting(release, "ID");
        out.version_id = setting(release, "VERSION_ID");
        if (out.name.empty()) out.name = setting(release, "NAME");
        break;
    }
    if (out.name.empty()) out.name = out.id.empty() ? "Linux" : out.id;
    TRY_ASSIGN(out.architecture, architecture_of(volume));
    TRY(read_kernels(volume, out));
    TRY(read_dkms(volume, out));
    TRY_ASSIGN(const auto cache, text_of(volume, "etc/ld.so.cache"));
    out.loader_knows = cache.find(kLoaderPath) != std::string::npos;
    TRY_ASSIGN(const auto selinux, text_of(volume, "etc/selinux/config"));
    out.selinux = setting(selinux, "SELINUX") == "enforcing";
    return out;
}

} // namespace exhyperv::guest
