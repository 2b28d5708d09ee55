#include "transport/wmi_com/ports/long_path.h"

#include <algorithm>

namespace exhyperv::wmi_com {

std::string long_path(std::string_view path) {
    std::string out(path);
    std::replace(out.begin(), out.end(), '/', '\\');
    if (out.starts_with("\\\\?\\") || out.starts_with("\\\\.\\")) return out;
    while (out.size() > 3 && out.back() == '\\')
        out.pop_back();
    if (out.size() >= 3 && out[1] == ':' && out[2] == '\\') return "\\\\?\\" + out;
    if (out.starts_with("\\\\")) return "\\\\?\\UNC\\" + out.substr(2);
    return out;
}

std::string parent_of(std::string_view path) {
    const auto at = path.find_last_of("\\/");
    return at == std::string_view::npos ? std::string() : std::string(path.substr(0, at));
}

} // namespace exhyperv::wmi_com
