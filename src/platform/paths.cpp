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

} // namespace exhyperv::platform
