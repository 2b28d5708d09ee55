#include "cim/class_table.h"

#include "support/strings.h"

#include <algorithm>

namespace exhyperv::cim::class_table {

// Defined by the generated class_table_data.cpp, sorted by name without case, then namespace.
extern const ClassInfo kClasses[];
extern const std::size_t kClassCount;

namespace {

bool same_namespace(std::string_view a, std::string_view b) {
    const auto fold = [](char c) { return c == '/' ? '\\' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return fold(x) == fold(y); });
}

template <class Member>
const Member* own_member(std::span<const Member> members, std::string_view name, std::uint32_t build) {
    for (const Member& member : members)
        if (iequals(member.name, name)) return member.builds.contains(build) ? &member : nullptr;
    return nullptr;
}

} // namespace

std::span<const ClassInfo> all() {
    return {kClasses, kClassCount};
}

bool knows_namespace(std::string_view name_space) {
    return std::ranges::any_of(all(),
                               [&](const ClassInfo& info) { return same_namespace(info.name_space, name_space); });
}

const ClassInfo* find(std::string_view name_space, std::string_view class_name) {
    const auto classes = all();
    auto at = std::ranges::lower_bound(classes, class_name, ILess{}, &ClassInfo::name);
    for (; at != classes.end() && iequals(at->name, class_name); ++at)
        if (same_namespace(at->name_space, name_space)) return &*at;
    return nullptr;
}

const ClassInfo* find(std::string_view name_space, std::string_view class_name, std::uint32_t build) {
    const ClassInfo* info = find(name_space, class_name);
    return info && info->builds.contains(build) ? info : nullptr;
}

bool derives_from(const ClassInfo& derived, std::string_view base) {
    for (const ClassInfo* info = &derived; info; info = info->base)
        if (iequals(info->name, base)) return true;
    return false;
}

std::vector<const PropertyInfo*> properties(const ClassInfo& info, std::uint32_t build) {
    std::vector<const ClassInfo*> chain;
    for (const ClassInfo* at = &info; at; at = at->base)
        chain.push_back(at);
    std::vector<const PropertyInfo*> out;
    for (auto level = chain.rbegin(); level != chain.rend(); ++level) {
        for (const PropertyInfo& own : (*level)->properties) {
            if (!own.builds.contains(build)) continue;
            const auto earlier = std::ranges::find_if(out, [&](const auto* p) { return iequals(p->name, own.name); });
            if (earlier != out.end())
                *earlier = &own;
            else
                out.push_back(&own);
        }
    }
    return out;
}

const PropertyInfo* property(const ClassInfo& info, std::string_view name, std::uint32_t build) {
    for (const ClassInfo* at = &info; at; at = at->base)
        if (const auto* found = own_member(at->properties, name, build)) return found;
    return nullptr;
}

const MethodInfo* method(const ClassInfo& info, std::string_view name, std::uint32_t build) {
    for (const ClassInfo* at = &info; at; at = at->base)
        if (const auto* found = own_member(at->methods, name, build)) return found;
    return nullptr;
}

} // namespace exhyperv::cim::class_table
