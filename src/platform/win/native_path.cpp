#include "platform/win/native_path.h"

#include "platform/win/wide.h"

#include <algorithm>
#include <string_view>
#include <windows.h>

namespace exhyperv::platform {

namespace {

/// A directory must leave room for a name of the form 8.3 below it: 248 is the limit for directories.
constexpr std::size_t kPlainLimit = 247;

} // namespace

std::wstring native_path(const std::string& utf8) {
    std::wstring path = to_wide(utf8);
    if (path.size() <= kPlainLimit || path.starts_with(LR"(\\?\)") || path.starts_with(LR"(\\.\)")) return path;
    std::wstring full(path.size() + MAX_PATH, L'\0');
    const DWORD length = GetFullPathNameW(path.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr);
    if (length == 0 || length >= full.size()) return path; // the call that gets it reports why
    full.resize(length);
    if (full.starts_with(LR"(\\)")) return LR"(\\?\UNC\)" + full.substr(2);
    return LR"(\\?\)" + full;
}

} // namespace exhyperv::platform
