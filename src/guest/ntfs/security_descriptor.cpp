#include "guest/ntfs/security_descriptor.h"

#include "support/strings.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace exhyperv::guest {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kMaxSddl = 4096, kMaxSubAuthorities = 15;
constexpr std::uint32_t kSelfRelative = 0x8000, kDaclPresent = 0x4, kDaclAutoInherited = 0x400, kDaclProtected = 0x1000,
                        kDaclAutoInheritRequired = 0x100;

void put(Bytes& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

std::optional<Bytes> parse_sid(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames{
        {{"BA", "S-1-5-32-544"},
         {"SY", "S-1-5-18"},
         {"BU", "S-1-5-32-545"},
         {"AU", "S-1-5-11"},
         {"WD", "S-1-1-0"},
         {"CO", "S-1-3-0"},
         {"CG", "S-1-3-1"},
         {"AC", "S-1-15-2-1"},
         {"TI", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"}}};
    for (const auto& [name, sid] : kNames)
        if (text == name) text = sid;
    auto parts = split(text, '-');
    if (parts.size() < 4 || parts.size() > 3 + kMaxSubAuthorities || parts[0] != "S" || parts[1] != "1")
        return std::nullopt;
    auto authority = parse_u64(parts[2]);
    if (!authority || *authority >= 1ull << 48) return std::nullopt;
    Bytes out;
    put(out, 1, 1);
    put(out, parts.size() - 3, 1);
    for (int shift = 40; shift >= 0; shift -= 8)
        put(out, *authority >> shift, 1); // big-endian, unlike everything else
    for (std::size_t i = 3; i < parts.size(); ++i) {
        auto value = parse_u64(parts[i]);
        if (!value || *value > UINT32_MAX) return std::nullopt;
        put(out, *value, 4);
    }
    return out;
}

template <std::size_t N>
std::optional<std::uint32_t> parse_letters(std::string_view text,
                                           const std::array<std::pair<std::string_view, std::uint32_t>, N>& names) {
    std::uint32_t value = 0;
    while (!text.empty()) {
        auto found =
            std::find_if(names.begin(), names.end(), [text](const auto& each) { return text.starts_with(each.first); });
        if (found == names.end()) return std::nullopt;
        value |= found->second;
        text.remove_prefix(found->first.size());
    }
    return value;
}

std::optional<std::uint32_t> parse_rights(std::string_view text) {
    if (text.starts_with("0x")) {
        auto value = parse_u64(text);
        return value && *value <= UINT32_MAX ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
    }
    constexpr std::array<std::pair<std::string_view, std::uint32_t>, 12> kRights{{{"GA", 0x10000000},
                                                                                  {"GX", 0x20000000},
                                                                                  {"GW", 0x40000000},
                                                                                  {"GR", 0x80000000},
                                                                                  {"FA", 0x1f01ff},
                                                                                  {"FR", 0x120089},
                                                                                  {"FW", 0x120116},
                                                                                  {"FX", 0x1200a0},
                                                                                  {"SD", 0x10000},
                                                                                  {"RC", 0x20000},
                                                                                  {"WD", 0x40000},
                                                                                  {"WO", 0x80000}}};
    return parse_letters(text, kRights);
}

/// One "(type;flags;rights;;;sid)".
std::optional<Bytes> parse_ace(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::uint32_t>, 5> kFlags{
        {{"OI", 0x1}, {"CI", 0x2}, {"NP", 0x4}, {"IO", 0x8}, {"ID", 0x10}}};
    auto fields = split(text, ';');
    if (fields.size() != 6 || (fields[0] != "A" && fields[0] != "D") || !fields[3].empty() || !fields[4].empty())
        return std::nullopt;
    auto flags = parse_letters(fields[1], kFlags);
    auto rights = parse_rights(fields[2]);
    auto sid = parse_sid(fields[5]);
    if (!flags || !rights || !sid) return std::nullopt;
    Bytes out;
    put(out, fields[0] == "A" ? 0 : 1, 1);
    put(out, *flags, 1);
    put(out, 8 + sid->size(), 2);
    put(out, *rights, 4);
    out.insert(out.end(), sid->begin(), sid->end());
    return out;
}

struct Dacl {
    std::uint32_t control = kDaclPresent;
    Bytes acl;
};

std::optional<Dacl> parse_dacl(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::uint32_t>, 3> kControl{
        {{"AI", kDaclAutoInherited}, {"AR", kDaclAutoInheritRequired}, {"P", kDaclProtected}}};
    auto open = std::min(text.find('('), text.size());
    auto control = parse_letters(text.substr(0, open), kControl);
    if (!control) return std::nullopt;
    Bytes aces;
    std::size_t count = 0;
    for (text.remove_prefix(open); !text.empty(); ++count) {
        auto close = text.find(')');
        if (text.front() != '(' || close == std::string_view::npos) return std::nullopt;
        auto ace = parse_ace(text.substr(1, close - 1));
        if (!ace) return std::nullopt;
        aces.insert(aces.end(), ace->begin(), ace->end());
        text.remove_prefix(close + 1);
    }
    Dacl out;
    out.control |= *control;
    put(out.acl, 2, 2); // revision, padding
    put(out.acl, 8 + aces.size(), 2);
    put(out.acl, count, 2);
    put(out.acl, 0, 2);
    out.acl.insert(out.acl.end(), aces.begin(), aces.end());
    return out;
}

} // namespace

Result<Bytes> security_descriptor(std::string_view sddl) {
    auto bad = [sddl](std::string reason) {
        return fail("guest.bad_acl", {{"sddl", std::string(sddl.substr(0, kMaxSddl))}, {"reason", std::move(reason)}});
    };
    if (sddl.size() > kMaxSddl) return bad("too long");
    auto group_at = sddl.find("G:"), dacl_at = sddl.find("D:");
    if (!sddl.starts_with("O:") || group_at == std::string_view::npos || dacl_at == std::string_view::npos ||
        dacl_at < group_at)
        return bad("needs O:, G: and D: in this order");
    auto owner = parse_sid(sddl.substr(2, group_at - 2));
    auto group = parse_sid(sddl.substr(group_at + 2, dacl_at - group_at - 2));
    auto dacl = parse_dacl(sddl.substr(dacl_at + 2));
    if (!owner || !group) return bad("owner or group");
    if (!dacl) return bad("access list");

    constexpr std::size_t kHeader = 20;
    Bytes out;
    put(out, 1, 2); // revision, padding
    put(out, kSelfRelative | dacl->control, 2);
    put(out, kHeader + dacl->acl.size(), 4);
    put(out, kHeader + dacl->acl.size() + owner->size(), 4);
    put(out, 0, 4);
    put(out, kHeader, 4);
    for (const auto* part : {&dacl->acl, &*owner, &*group})
        out.insert(out.end(), part->begin(), part->end());
    return out;
}

} // namespace exhyperv::guest
