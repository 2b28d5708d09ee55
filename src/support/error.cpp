#include "support/error.h"

#include <fmt/format.h>

namespace exhyperv {

const std::string* Error::arg(std::string_view name) const {
    for (const auto& [key, value] : args)
        if (key == name) return &value;
    return nullptr;
}

Error& Error::with(std::string name, std::string value) {
    args.emplace_back(std::move(name), std::move(value));
    return *this;
}

Error& Error::with_native(NativeKind kind, std::int64_t value) {
    native = {kind, value};
    return *this;
}

std::string format_native(const NativeCode& code) {
    switch (code.kind) {
    case NativeKind::none:
        return {};
    case NativeKind::hresult:
        return fmt::format("0x{:08X}", static_cast<std::uint32_t>(code.value));
    case NativeKind::cim_return:
        return fmt::format("return value {}", code.value);
    case NativeKind::job:
        return fmt::format("job error {}", code.value);
    case NativeKind::win32:
        return fmt::format("Windows error {}", code.value);
    case NativeKind::posix:
        return fmt::format("errno {}", code.value);
    case NativeKind::http:
        return fmt::format("HTTP {}", code.value);
    }
    return {};
}

std::string describe(const Error& error) {
    std::string line = error.code;
    for (const auto& [key, value] : error.args)
        line += fmt::format(" {}={}", key, value);
    if (auto native = format_native(error.native); !native.empty()) line += " [" + native + "]";
    if (!error.detail.empty()) line += ": " + error.detail;
    if (!error.provider_text.empty()) line += " | " + error.provider_text;
    return line;
}

} // namespace exhyperv
