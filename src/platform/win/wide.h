#pragma once

#include "support/utf.h"

#include <string>
#include <string_view>

namespace exhyperv::platform {

inline std::wstring to_wide(std::string_view utf8) {
    const auto text = to_utf16(utf8);
    return {text.begin(), text.end()}; // wchar_t is a UTF-16 unit on Windows
}

inline std::string from_wide(std::wstring_view wide) {
    return to_utf8(std::u16string(wide.begin(), wide.end()));
}

} // namespace exhyperv::platform
