#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exhyperv {

/// Named values of a message: {"vm", "win11"}. Values are shown to people as they are; numbers are formatted by the
/// caller.
using MessageArgs = std::vector<std::pair<std::string, std::string>>;
using ErrorArgs = MessageArgs;

/// A text by key: the catalogue in i18n/ holds its wording in each language, `args` fill its {placeholders}.
struct Message {
    std::string key;
    MessageArgs args;
    bool operator==(const Message&) const = default;
};

/// Whose number a native code is.
enum class NativeKind : std::uint8_t { none, hresult, cim_return, job, win32, posix, http };

struct NativeCode {
    NativeKind kind = NativeKind::none;
    std::int64_t value = 0;
    bool operator==(const NativeCode&) const = default;
};

/// What went wrong, as a value. The text is rendered by the front end from `error.<code>.title|cause|remedy`.
struct Error {
    std::string code;          ///< stable id, e.g. "guest.bitlocker"; part of the public interface (JSON output, API)
    ErrorArgs args;            ///< what it speaks of
    NativeCode native;         ///< the number the system gave, if any
    std::string provider_text; ///< the provider's own text, whole and untranslated, if any
    std::string detail; ///< English, for the log and for "technical details"; never needed to understand the error

    [[nodiscard]] const std::string* arg(std::string_view name) const;
    Error& with(std::string name, std::string value);
    Error& with_native(NativeKind kind, std::int64_t value);
};

/// "0x80041003", "32773", "errno 28": how a native code is written for people. Empty for NativeKind::none.
[[nodiscard]] std::string format_native(const NativeCode& code);

/// One English line for logs and test failures: code, arguments, native code, detail.
[[nodiscard]] std::string describe(const Error& error);

} // namespace exhyperv
