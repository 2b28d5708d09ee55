#pragma once

#include <string>
#include <string_view>

namespace exhyperv::platform {

/// "zh_CN.UTF-8", "zh-CN", "de_DE@euro" as a language tag: "zh-Hans", "zh-Hans", "de"; "en" for "C", "POSIX" and
/// nonsense.
[[nodiscard]] std::string language_tag(std::string_view locale);

} // namespace exhyperv::platform
