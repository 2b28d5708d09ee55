#pragma once

#include "platform/win/wide.h"
#include "transport/wmi_com/wbem_headers.h"

#include <string>
#include <string_view>
#include <utility>

namespace exhyperv::wmi_com {

/// A BSTR that is freed with its owner. Made from UTF-8.
class Bstr {
  public:
    Bstr() = default;
    explicit Bstr(std::string_view utf8) {
        const auto wide = platform::to_wide(utf8);
        text_ = SysAllocStringLen(wide.data(), static_cast<UINT>(wide.size()));
    }
    Bstr(const Bstr&) = delete;
    Bstr& operator=(const Bstr&) = delete;
    ~Bstr() { SysFreeString(text_); }

    [[nodiscard]] BSTR get() const { return text_; }
    [[nodiscard]] BSTR* put() { return &text_; } ///< for a callee to fill; only while empty
    [[nodiscard]] BSTR release() { return std::exchange(text_, nullptr); }

  private:
    BSTR text_ = nullptr;
};

/// A null BSTR is the empty text. A BSTR may hold NULs; its own length counts.
[[nodiscard]] inline std::string from_bstr(BSTR text) {
    return text ? platform::from_wide({text, SysStringLen(text)}) : std::string();
}

} // namespace exhyperv::wmi_com
