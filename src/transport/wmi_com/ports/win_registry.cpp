#include "transport/wmi_com/ports/registry.h"

#include "platform/win/wide.h"
#include "support/scope_guard.h"
#include "support/strings.h"

#include <windows.h>

#include <array>
#include <optional>

namespace exhyperv::wmi_com {

namespace {

constexpr DWORD kMostEntries = 65'536;
constexpr std::size_t kLargestValue = 16u << 20;
constexpr int kAttempts = 8;
constexpr std::size_t kNameUnits = 16'384; // the longest value name, with its terminator

tl::unexpected<Error> fail_registry(LSTATUS code, const std::string& key, const char* call) {
    const bool denied = code == ERROR_ACCESS_DENIED || code == ERROR_PRIVILEGE_NOT_HELD;
    Error error{denied ? "registry.access_denied" : "registry.io", {{"key", key}}, {}, {}, call};
    error.with_native(NativeKind::win32, code);
    return fail(std::move(error));
}

bool is_gone(LSTATUS code) {
    return code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND || code == ERROR_KEY_DELETED;
}

/// Nothing when the key does not exist.
Result<std::optional<HKEY>> open(const std::string& path, REGSAM access) {
    HKEY key = nullptr;
    const auto code =
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, platform::to_wide(path).c_str(), 0, access | KEY_WOW64_64KEY, &key);
    if (is_gone(code)) return std::optional<HKEY>{};
    if (code != ERROR_SUCCESS) return fail_registry(code, path, "RegOpenKeyEx");
    return key;
}

/// The value at an index; its data may grow between two calls.
Result<LSTATUS> read_value(HKEY key, DWORD index, std::wstring& name, host::RegistryValue& out,
                           const std::string& path) {
    std::vector<std::byte> data(512);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        DWORD name_size = static_cast<DWORD>(name.size()), type = 0, size = static_cast<DWORD>(data.size());
        const auto code = RegEnumValueW(key, index, name.data(), &name_size, nullptr, &type,
                                        reinterpret_cast<BYTE*>(data.data()), &size);
        if (code == ERROR_SUCCESS) {
            data.resize(size);
            out = {platform::from_wide({name.data(), name_size}), type, std::move(data)};
            return code;
        }
        if (code != ERROR_MORE_DATA) return code;
        if (size > kLargestValue) return fail("registry.too_large", {{"key", path}});
        data.resize(std::max<std::size_t>(size, data.size() * 2));
    }
    return fail("registry.too_large", {{"key", path}});
}

Result<host::RegistryKey> read_key(const std::string& path) {
    host::RegistryKey out;
    out.path = path;
    TRY_ASSIGN(const auto opened, open(path, KEY_READ));
    if (!opened) return out;
    const HKEY key = *opened;
    const ScopeGuard close_it([&] { RegCloseKey(key); });
    out.exists = true;
    std::wstring name(kNameUnits, L'\0');
    for (DWORD index = 0;; ++index) {
        if (index >= kMostEntries) return fail("registry.too_large", {{"key", path}});
        host::RegistryValue value;
        TRY_ASSIGN(const auto code, read_value(key, index, name, value, path));
        if (code == ERROR_NO_MORE_ITEMS) break;
        if (code == ERROR_KEY_DELETED) return host::RegistryKey{path, false, {}, {}};
        if (code != ERROR_SUCCESS) return fail_registry(code, path, "RegEnumValue");
        out.values.push_back(std::move(value));
    }
    for (DWORD index = 0;; ++index) {
        if (index >= kMostEntries) return fail("registry.too_large", {{"key", path}});
        DWORD size = static_cast<DWORD>(name.size());
        const auto code = RegEnumKeyExW(key, index, name.data(), &size, nullptr, nullptr, nullptr, nullptr);
        if (code == ERROR_NO_MORE_ITEMS) break;
        if (code == ERROR_KEY_DELETED) return host::RegistryKey{path, false, {}, {}};
        if (code != ERROR_SUCCESS) return fail_registry(code, path, "RegEnumKeyEx");
        out.subkeys.push_back(platform::from_wide({name.data(), size}));
    }
    return out;
}

class NativeRegistry final : public host::HostRegistry {
  public:
    Result<std::vector<host::RegistryKey>> read(const std::vector<std::string>& paths,
                                                const CallContext& context) override {
        std::vector<host::RegistryKey> out;
        for (const auto& path : paths) {
            TRY(context.check("read the registry"));
            TRY_ASSIGN(auto key, read_key(path));
            out.push_back(std::move(key));
        }
        return out;
    }

    Result<> write(const std::string& path, const host::RegistryValue& value, const CallContext& context) override {
        TRY(context.check("write the registry"));
        if (value.data.size() > kLargestValue) return fail("registry.too_large", {{"key", path}});
        HKEY key = nullptr;
        auto code = RegCreateKeyExW(HKEY_LOCAL_MACHINE, platform::to_wide(path).c_str(), 0, nullptr, 0,
                                    KEY_SET_VALUE | KEY_WOW64_64KEY, nullptr, &key, nullptr);
        if (code != ERROR_SUCCESS) return fail_registry(code, path, "RegCreateKeyEx");
        const ScopeGuard close_it([&] { RegCloseKey(key); });
        code = RegSetValueExW(key, platform::to_wide(value.name).c_str(), 0, value.type,
                              reinterpret_cast<const BYTE*>(value.data.data()), static_cast<DWORD>(value.data.size()));
        if (code != ERROR_SUCCESS) return fail_registry(code, path, "RegSetValueEx");
        return {};
    }

    Result<> erase(const std::string& path, const std::string& value_name, const CallContext& context) override {
        TRY(context.check("write the registry"));
        TRY_ASSIGN(const auto opened, open(path, KEY_SET_VALUE));
        if (!opened) return {};
        const HKEY key = *opened;
        const ScopeGuard close_it([&] { RegCloseKey(key); });
        const auto code = RegDeleteValueW(key, platform::to_wide(value_name).c_str());
        if (code != ERROR_SUCCESS && !is_gone(code)) return fail_registry(code, path, "RegDeleteValue");
        return {};
    }
};

} // namespace

std::unique_ptr<host::HostRegistry> make_registry() {
    return std::make_unique<NativeRegistry>();
}

} // namespace exhyperv::wmi_com
