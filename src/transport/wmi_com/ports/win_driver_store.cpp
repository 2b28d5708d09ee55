#include "transport/wmi_com/ports/win_driver_store.h"

#include "platform/file.h"
#include "platform/win/wide.h"
#include "support/log.h"
#include "support/strings.h"
#include "transport/wmi_com/ports/long_path.h"

#include <windows.h>

#include <array>
#include <optional>

namespace exhyperv::wmi_com {

namespace {

constexpr std::uint64_t kLargestInf = 32u << 20;
constexpr std::size_t kMostPackages = 65'536;

using GetLocation = BOOL(WINAPI*)(const wchar_t* inf, void* platform, const wchar_t* locale, wchar_t* buffer,
                                  DWORD units, DWORD* needed);

/// setupapi.dll is not linked: only this one function of it is used, and old or foreign systems may lack it.
GetLocation location_function() {
    static const HMODULE library = LoadLibraryExW(L"setupapi.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (!library) return nullptr;
    return reinterpret_cast<GetLocation>(
        reinterpret_cast<void*>(GetProcAddress(library, "SetupGetInfDriverStoreLocationW")));
}

std::optional<std::string> ask_windows(const std::string& inf_name) {
    const auto function = location_function();
    if (!function) return std::nullopt;
    std::wstring buffer(MAX_PATH, L'\0');
    for (int attempt = 0; attempt < 3; ++attempt) {
        DWORD needed = 0;
        if (function(platform::to_wide(inf_name).c_str(), nullptr, nullptr, buffer.data(),
                     static_cast<DWORD>(buffer.size()), &needed)) {
            const std::wstring path(buffer.c_str());
            const auto directory = parent_of(platform::from_wide(path));
            if (!directory.empty()) return directory;
            return std::nullopt;
        }
        const DWORD code = GetLastError();
        if (code != ERROR_INSUFFICIENT_BUFFER || needed > 32'768) {
            log(LogLevel::info, "SetupGetInfDriverStoreLocation " + inf_name + ": " + std::to_string(code));
            return std::nullopt;
        }
        buffer.assign(needed + 1u, L'\0');
    }
    return std::nullopt;
}

std::string windows_directory() {
    std::array<wchar_t, MAX_PATH + 1> name{};
    const UINT length = GetSystemWindowsDirectoryW(name.data(), static_cast<UINT>(name.size()));
    return length == 0 || length >= name.size() ? "C:\\Windows" : platform::from_wide({name.data(), length});
}

/// "nv_dispi.inf_amd64_0123456789abcdef" → "nv_dispi.inf"; empty for other directories.
std::string inf_of_package(const std::string& directory) {
    const auto at = ascii_lower(directory).find(".inf_");
    return at == std::string::npos ? std::string() : directory.substr(0, at + 4);
}

} // namespace

Result<std::string> find_driver_package(host::HostFiles& files, const std::string& inf_name,
                                        const CallContext& context) {
    if (inf_name.empty() || inf_name.find_first_of("\\/:") != std::string::npos)
        return fail("host.inf_not_found", {{"inf", inf_name}});
    if (auto known = ask_windows(inf_name)) return *known;

    const std::string windows = windows_directory();
    const std::string published = windows + "\\INF\\" + inf_name;
    const std::string repository = windows + "\\System32\\DriverStore\\FileRepository";
    const auto wanted = platform::read_text_file(long_path(published), kLargestInf);
    if (!wanted) return fail("host.inf_not_found", {{"inf", inf_name}}, describe(wanted.error()));
    TRY_ASSIGN(const auto packages, files.list(repository, kMostPackages, context));
    for (const auto& package : packages) {
        TRY(context.check("look up a driver package"));
        const auto inf = inf_of_package(package.path);
        if (!package.directory || inf.empty()) continue;
        const auto content =
            platform::read_text_file(long_path(repository + "\\" + package.path + "\\" + inf), kLargestInf);
        if (content && *content == *wanted) return repository + "\\" + package.path;
    }
    return fail("host.inf_not_found", {{"inf", inf_name}});
}

} // namespace exhyperv::wmi_com
