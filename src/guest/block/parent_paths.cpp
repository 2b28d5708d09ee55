#include "guest/block/parent_paths.h"

#include "platform/file.h"
#include "support/strings.h"

#include <vector>

namespace exhyperv::guest {

namespace {

constexpr std::string_view kLongPathPrefix = "\\\\?\\";

bool has_drive(std::string_view path) {
    const auto letter = path.empty() ? '\0' : path.front();
    return path.size() >= 2 && path[1] == ':' && ((letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z'));
}

/// On systems whose separator is '/', a '\' may be part of a name; such names cannot be noted in a Windows path anyway.
std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts;
    for (auto& part : split(replace_all(path, "\\", "/"), '/'))
        if (!part.empty() && part != ".") parts.push_back(std::move(part));
    return parts;
}

} // namespace

std::string relative_windows_path(const std::string& child_path, const std::string& parent_path) {
    auto child = parts_of(child_path), parent = parts_of(parent_path);
    if (child.empty() || parent.empty()) return {};
    child.pop_back(); // the directory counts
    std::size_t common = 0;
    while (common < child.size() && common + 1 < parent.size() && child[common] == parent[common])
        ++common;
    if (common == 0 && has_drive(parent_path)) return {}; // another drive
    std::string text = common == child.size() ? ".\\" : "";
    for (std::size_t i = common; i < child.size(); ++i)
        text += "..\\";
    for (std::size_t i = common; i < parent.size(); ++i)
        text += (i > common ? "\\" : "") + parent[i];
    return text;
}

std::string absolute_windows_path(const std::string& path) {
    auto noted = replace_all(path, "/", "\\");
    return has_drive(noted) ? std::string(kLongPathPrefix) + noted : noted;
}

std::string from_relative_windows_path(const std::string& noted, const std::string& child_path) {
    return platform::directory_of(child_path) + "/" + join(parts_of(noted), "/");
}

std::optional<std::string> from_absolute_windows_path(const std::string& noted) {
    if (noted.empty()) return std::nullopt;
    if (platform::is_absolute(noted)) return noted;
    std::string_view rest = noted;
    if (rest.starts_with(kLongPathPrefix)) rest.remove_prefix(kLongPathPrefix.size());
    auto path = replace_all(std::string(rest), "\\", "/");
    if (!platform::is_absolute(path)) return std::nullopt;
    return path;
}

} // namespace exhyperv::guest
