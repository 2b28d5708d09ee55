#include "drivers/guest_paths.h"

#include "support/strings.h"
#include "support/utf.h"

#include <algorithm>
#include <vector>

namespace exhyperv::drivers {

bool is_safe_name(std::string_view name) {
    if (name.empty() || name.size() > 255 || name.back() == '.' || name.back() == ' ') return false;
    for (unsigned char c : name)
        if (c < 0x20 || c == 0x7F ||
            std::string_view("<>:\"/\\|?*").find(static_cast<char>(c)) != std::string_view::npos)
            return false;
    return is_valid_utf8(name); // "." and ".." end with a dot
}

bool is_safe_path(std::string_view path) {
    if (path.empty() || path.size() > 1024) return false;
    const auto names = split(path, '\\');
    return names.size() <= 64 && std::ranges::all_of(names, [](const auto& name) { return is_safe_name(name); });
}

std::string backslashes(std::string_view path) {
    std::string out(path);
    std::ranges::replace(out, '/', '\\');
    return out;
}

std::string join_path(std::string_view directory, std::string_view name) {
    if (directory.empty()) return std::string(name);
    std::string out(directory);
    if (out.back() != '\\') out += '\\';
    return out.append(name);
}

std::string_view parent_path(std::string_view path) {
    const auto cut = path.rfind('\\');
    return cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
}

std::string_view leaf_name(std::string_view path) {
    const auto cut = path.rfind('\\');
    return cut == std::string_view::npos ? path : path.substr(cut + 1);
}

bool is_inside(std::string_view path, std::string_view directory) {
    return path.size() > directory.size() + 1 && istarts_with(path, directory) && path[directory.size()] == '\\';
}

std::string package_root(std::string_view folder) {
    return join_path(kFileRepository, folder);
}

std::string relative_link(std::string_view link, std::string_view target) {
    const auto from = split(parent_path(link), '\\'), to = split(target, '\\');
    std::size_t shared = 0;
    while (shared < from.size() && shared + 1 < to.size() && iequals(from[shared], to[shared]))
        ++shared;
    std::string out;
    for (auto i = shared; i < from.size(); ++i)
        out += "..\\";
    return out + join({to.begin() + static_cast<std::ptrdiff_t>(shared), to.end()}, "\\");
}

std::string plain_target(std::string_view target) {
    auto text = backslashes(target);
    for (std::string_view prefix : {"\\??\\", "\\\\?\\"})
        if (text.starts_with(prefix)) text.erase(0, prefix.size());
    return text;
}

bool leads_into_host_driver_store(std::string_view link, std::string_view target) {
    return leads_below(kHostDriverStore, link, target);
}

bool leads_below(std::string_view directory, std::string_view link, std::string_view target) {
    auto text = plain_target(target);
    std::vector<std::string> place;
    if (text.size() > 2 && text[1] == ':' && text[2] == '\\') {
        text.erase(0, 3);
    } else if (text.starts_with("\\")) {
        text.erase(0, 1);
    } else {
        place = split(parent_path(link), '\\');
    }
    for (auto& name : split(text, '\\')) {
        if (name.empty() || name == ".") continue;
        if (name != "..") {
            place.push_back(std::move(name));
        } else if (place.empty()) {
            return false;
        } else {
            place.pop_back();
        }
    }
    return is_inside(join(place, "\\"), directory);
}

} // namespace exhyperv::drivers
