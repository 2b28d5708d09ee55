#pragma once

#include "cim/value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace exhyperv::cim {

/// Windows builds a member exists in, both ends included. Source: the build ranges of the schema facts.
struct BuildRange {
    std::uint32_t first;
    std::uint32_t last;
    [[nodiscard]] bool contains(std::uint32_t build) const { return build >= first && build <= last; }
};

struct PropertyInfo {
    std::string_view name;
    CimType type;
    bool array;
    bool key;
    bool writable;
    BuildRange builds;
    std::string_view reference_class; ///< for references and embedded objects; else empty
};

enum class Direction : std::uint8_t { in, out, in_out };

struct ParameterInfo {
    std::string_view name;
    CimType type;
    bool array;
    Direction direction;
    BuildRange builds;
    std::string_view reference_class; ///< for references and embedded objects; else empty
};

struct MethodInfo {
    std::string_view name;
    std::span<const ParameterInfo> parameters;
    BuildRange builds;
};

/// One class with the members it declares itself; inherited ones are found through `base`.
struct ClassInfo {
    std::string_view name_space; ///< "root\virtualization\v2"
    std::string_view name;
    std::string_view super; ///< empty at the top
    bool association;
    BuildRange builds;
    std::span<const PropertyInfo> properties;
    std::span<const MethodInfo> methods;
    const ClassInfo* base = nullptr; ///< the superclass; nullptr at the top
};

/// The class tables: generated from schema/cim/*.classes, read only, the same for every host, usable from any thread.
/// Names of classes, members and namespaces are found without regard to case; namespaces take `\\` or `/`.
namespace class_table {
[[nodiscard]] const ClassInfo* find(std::string_view name_space, std::string_view class_name); ///< nullptr: unknown
[[nodiscard]] const ClassInfo* find(std::string_view name_space, std::string_view class_name, std::uint32_t build);
[[nodiscard]] std::span<const ClassInfo> all();
[[nodiscard]] bool derives_from(const ClassInfo& derived, std::string_view base); ///< true for the class itself too
/// All properties of that build, inherited first; one that is declared again stands at its first place, in its last
/// form.
[[nodiscard]] std::vector<const PropertyInfo*> properties(const ClassInfo& info, std::uint32_t build);
[[nodiscard]] const PropertyInfo* property(const ClassInfo& info, std::string_view name, std::uint32_t build);
[[nodiscard]] const MethodInfo* method(const ClassInfo& info, std::string_view name, std::uint32_t build);
/// Does the table know the namespace at all?
[[nodiscard]] bool knows_namespace(std::string_view name_space);
} // namespace class_table

} // namespace exhyperv::cim
