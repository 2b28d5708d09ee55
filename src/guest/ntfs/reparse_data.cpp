#include "guest/ntfs/reparse_data.h"

#include "support/strings.h"
#include "support/utf.h"

namespace exhyperv::guest {
namespace {

constexpr std::size_t kHeader = 8; ///< tag, data length, reserved
constexpr std::uint32_t kRelative = 1;

void put(std::vector<std::byte>& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

std::uint32_t get(std::span<const std::byte> data, std::size_t at, int bytes) {
    std::uint32_t value = 0;
    for (int i = bytes - 1; i >= 0; --i)
        value = value << 8 | std::to_integer<std::uint32_t>(data[at + static_cast<std::size_t>(i)]);
    return value;
}

/// Names in the order substitute, print; junctions have them with terminators, links without.
std::vector<std::byte> link_data(std::uint32_t tag, const std::string& substitute, const std::string& print,
                                 bool relative) {
    bool link = tag == kTagSymlink;
    auto first = to_utf16le_bytes(substitute);
    auto second = to_utf16le_bytes(print);
    auto gap = link ? std::size_t{0} : std::size_t{2};
    auto length = (link ? 12u : 8u) + first.size() + second.size() + 2 * gap;
    std::vector<std::byte> out;
    put(out, tag, 4);
    put(out, static_cast<std::uint32_t>(length), 2);
    put(out, 0, 2);
    put(out, 0, 2);
    put(out, static_cast<std::uint32_t>(first.size()), 2);
    put(out, static_cast<std::uint32_t>(first.size() + gap), 2);
    put(out, static_cast<std::uint32_t>(second.size()), 2);
    if (link) put(out, relative ? kRelative : 0, 4);
    out.insert(out.end(), first.begin(), first.end());
    out.resize(out.size() + gap);
    out.insert(out.end(), second.begin(), second.end());
    out.resize(out.size() + gap);
    return out;
}

} // namespace

bool is_absolute_target(std::string_view target) {
    if (target.starts_with('\\') || target.starts_with('/')) return true;
    return target.size() >= 2 && target[1] == ':';
}

std::vector<std::byte> symlink_data(std::string_view given) {
    auto target = replace_all(std::string(given), "/", "\\");
    bool drive = target.size() >= 2 && target[1] == ':';
    // "\Windows\…" is rooted, not absolute: Windows marks it relative as well, and it stays on the link's volume.
    if (!drive && !target.starts_with("\\\\")) return link_data(kTagSymlink, target, target, true);
    auto substitute = drive ? "\\??\\" + target : "\\??\\UNC\\" + target.substr(2);
    return link_data(kTagSymlink, substitute, target, false);
}

std::vector<std::byte> junction_data(std::string_view given) {
    auto target = replace_all(std::string(given), "/", "\\");
    return link_data(kTagJunction, "\\??\\" + target, target, false);
}

std::string link_target_of(std::span<const std::byte> data) {
    if (data.size() < kHeader + 8) return {};
    auto tag = get(data, 0, 4);
    if (tag != kTagSymlink && tag != kTagJunction) return {};
    std::size_t names = kHeader + (tag == kTagSymlink ? 12 : 8);
    std::size_t offset = get(data, kHeader, 2), length = get(data, kHeader + 2, 2);
    if (names > data.size() || offset > data.size() - names || length > data.size() - names - offset) return {};
    auto text = from_utf16le_bytes(data.subspan(names + offset, length));
    return text ? *text : std::string{};
}

} // namespace exhyperv::guest
