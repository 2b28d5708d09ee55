#include "guest/ntfs/volume_path.h"

#include "support/strings.h"
#include "support/utf.h"

#include <algorithm>
#include <array>

namespace exhyperv::guest {
namespace {

constexpr std::size_t kMaxComponents = 256, kMaxNameUnits = 255;

tl::unexpected<Error> bad(std::string_view name, std::string reason) {
    return fail("guest.bad_name", {{"path", std::string(name)}, {"reason", std::move(reason)}});
}

} // namespace

Result<std::vector<std::string>> split_volume_path(std::string_view path) {
    if (!is_valid_utf8(path) || path.find('\0') != std::string_view::npos) return bad("", "not UTF-8");
    std::vector<std::string> components;
    for (std::size_t at = 0; at <= path.size();) {
        auto stop = std::min(path.find_first_of("\\/", at), path.size());
        auto part = path.substr(at, stop - at);
        at = stop + 1;
        if (part.empty()) continue;
        if (part == "." || part == "..") return bad(path, "relative");
        if (to_utf16(part).size() > kMaxNameUnits) return bad(path, "too long");
        if (components.size() == kMaxComponents) return bad(path, "too deep");
        components.emplace_back(part);
    }
    return components;
}

Result<> check_new_name(std::string_view name) {
    if (name.empty()) return bad(name, "empty");
    for (char letter : name) {
        auto code = static_cast<unsigned char>(letter);
        if (code < 0x20 || std::string_view("<>:\"|?*\\/").find(letter) != std::string_view::npos)
            return bad(name, "a character Windows does not allow");
    }
    if (name.back() == '.' || name.back() == ' ') return bad(name, "ends with a dot or a space");
    constexpr std::array<std::string_view, 4> kDevices{"CON", "PRN", "AUX", "NUL"};
    auto stem = name.substr(0, name.find('.'));
    bool device = std::any_of(kDevices.begin(), kDevices.end(), [stem](auto each) { return iequals(each, stem); });
    if (stem.size() == 4 && stem[3] >= '1' && stem[3] <= '9')
        device = device || istarts_with(stem, "COM") || istarts_with(stem, "LPT");
    if (device) return bad(name, "a device name");
    return {};
}

std::string path_key(const std::vector<std::string>& components) {
    return ascii_lower(join(components, "\\"));
}

std::vector<std::uint16_t> shim_name(std::string_view name) {
    auto units = to_utf16(name);
    return {units.begin(), units.end()};
}

} // namespace exhyperv::guest
