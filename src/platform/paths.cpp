#include "platform/file.h"

namespace exhyperv::platform {

namespace {

#ifdef _WIN32
constexpr std::string_view kSeparators = "/\\";
#else
constexpr std::string_view kSeparators = "/";
#endif

} // namespace

std::string directory_of(const std::string& path) {
    const auto last = path.find_last_of(kSeparators);
    if (last == std::string::npos) return ".";
    const auto end = path.find_last_not_of(kSeparators, last); // "a//b" -> "a", "/b" -> "/"
    return end == std::string::npos ? path.substr(0, 1) : path.substr(0, end + 1);
}

std::string file_name_of(const std::string& path) {
    const auto last = path.find_last_of(kSeparators);
    return last == std::string::npos ? path : path.substr(last + 1);
}

std::string file_address(const std::string& path) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out = "file://";
    std::string rest = absolute_path(path).value_or(path);
#ifdef _WIN32
    for (char& c : rest)
        if (c == '\\') c = '/';
    if (rest.starts_with("//"))
        rest.erase(0, 2); // a server's name stands where others have none
    else
        out += '/';
#endif
    for (const char c : rest) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= '0' && byte <= '9') || std::string_view("/:-_.~").find(c) != std::string_view::npos;
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

} // namespace exhyperv::platform
