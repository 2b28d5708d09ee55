#include "platform/language.h"

#include "support/strings.h"

#include <algorithm>

namespace exhyperv::platform {

std::string language_tag(std::string_view locale) {
    locale = locale.substr(0, locale.find_first_of(".@"));
    auto parts = split(ascii_lower(replace_all(std::string(locale), "_", "-")), '-');
    const std::string language = parts.empty() ? std::string() : parts.front();
    const bool letters = std::ranges::all_of(language, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!letters || language.size() < 2 || language.size() > 3) return "en"; // C, POSIX (5 letters), empty, garbage
    if (language != "zh") return language;
    for (const auto& part : parts)
        if (part == "hant" || part == "tw" || part == "hk" || part == "mo") return "zh-Hant";
    return "zh-Hans";
}

} // namespace exhyperv::platform
